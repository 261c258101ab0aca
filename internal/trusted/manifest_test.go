package trusted_test

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/trusted"
)

func decode(t testing.TB, text string) (manifest map[string]any) {
	t.Helper()
	testkit.Must(t, json.Unmarshal([]byte(text), &manifest))
	return manifest
}

func TestParse_EachToolsManifest_HasTheSameDocuments(t *testing.T) {
	t.Parallel()
	for tool, text := range map[string]string{
		"Relay and GraphQL Code Generator": `{"a1": "{ viewer { role } }", "b2": "{ regions }"}`,
		"Apollo": `{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [
			{"id": "a1", "name": "V", "type": "query", "body": "{ viewer { role } }"},
			{"id": "b2", "name": "R", "type": "query", "body": "{ regions }"}]}`,
	} {
		got, err := trusted.Parse(decode(t, text))
		if want := (trusted.Documents{"a1": "{ viewer { role } }", "b2": "{ regions }"}); err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: got %v, %v", tool, got, err)
		}
	}
}

func TestParse_WhatIsNoManifest_IsRefusedByName(t *testing.T) {
	t.Parallel()
	many := map[string]any{}
	for n := range trusted.MaxDocuments + 1 {
		many[strconv.Itoa(n)] = "{ regions }"
	}
	const apollo = `{"format": "apollo-persisted-query-manifest"`
	for name, c := range map[string]struct {
		manifest map[string]any
		says     string
	}{
		"a number":      {decode(t, `{"a": 1}`), `no text for the document "a"`},
		"an empty text": {decode(t, `{"a": ""}`), `no text for the document "a"`},
		"no id":         {decode(t, `{"": "{ regions }"}`), "1 to 200 bytes"},
		"a long id":     {map[string]any{strings.Repeat("x", 201): "{ regions }"}, "1 to 200 bytes"},
		"too many":      {many, "at most 1000 documents"},
		"no operations": {decode(t, apollo+`}`), "no list of operations"},
		"no object":     {decode(t, apollo+`, "operations": [7]}`), "Operation 1"},
		"twice": {decode(t, apollo+`, "operations": [{"id": "a", "body": "{ regions }"}, {"id": "a", "body": "{ a }"}]}`),
			`the id "a" twice`},
	} {
		_, err := trusted.Parse(c.manifest)
		if f := testkit.Refused(t, err, fault.Invalid, "manifest"); !strings.Contains(f.Say, c.says) {
			t.Errorf("%s: got %v", name, f)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{"a": "{ b }"}`)
	f.Add(`{"format": "apollo-persisted-query-manifest", "operations": [{"id": "a", "body": "{ b }"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var manifest map[string]any
		if json.Unmarshal([]byte(text), &manifest) != nil {
			return
		}
		documents, err := trusted.Parse(manifest)
		if err == nil && len(documents) > trusted.MaxDocuments {
			t.Fatalf("%d documents", len(documents))
		}
		for id, text := range documents {
			if err == nil && (id == "" || len(id) > trusted.MaxIDBytes || text == "") {
				t.Fatalf("%q has %q", id, text)
			}
		}
	})
}
