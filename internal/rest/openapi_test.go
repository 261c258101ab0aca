package rest

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "rewrite the description that is compared with")

const golden = "testdata/openapi.golden.json"

func newAPI(t *testing.T, o Options) *API {
	t.Helper()
	a, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestOpenAPI_IsTheGoldenOne(t *testing.T) {
	t.Parallel()
	got := slices.Concat(newAPI(t, Options{}).openAPI, []byte{'\n'})
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("the description has changed: run make update-golden, and read the difference")
	}
}

// TestOpenAPI_IsValid holds the description against the specification's own schema, and each of its schemas against
// JSON Schema's.
//
// Source: https://spec.openapis.org/oas/3.1/schema/2022-10-07, which testdata has a copy of.
func TestOpenAPI_IsValid(t *testing.T) {
	t.Parallel()
	compiler := jsonschema.NewCompiler()
	for name, text := range map[string][]byte{"oas.json": specification(t), "api.json": newAPI(t, Options{}).openAPI} {
		document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(name, document); err != nil {
			t.Fatal(err)
		}
	}
	meta, err := compiler.Compile("oas.json")
	if err != nil {
		t.Fatal(err)
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(newAPI(t, Options{}).openAPI))
	if err != nil {
		t.Fatal(err)
	}
	if err := meta.Validate(document); err != nil {
		t.Error(err)
	}
	if err := meta.Validate(map[string]any{"openapi": "3.1.0", "info": map[string]any{}}); err == nil {
		t.Error("what is no description is valid too")
	}
	for _, name := range []string{"Datastore", "DatastorePage", "File", "FilePage", "Grant", "Link", "Problem",
		"Revelation", "Rotation", "Secret", "SecretPage", "StepOutput"} {
		if _, err := compiler.Compile("api.json#/components/schemas/" + name); err != nil {
			t.Error(err)
		}
	}
}

func specification(t *testing.T) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/oas-3.1-schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestOpenAPI_HasEveryRoute_AndNothingElse goes from the table to the description, and back.
func TestOpenAPI_HasEveryRoute_AndNothingElse(t *testing.T) {
	t.Parallel()
	a := newAPI(t, Options{})
	var described struct {
		Paths map[string]map[string]struct{ OperationID string }
	}
	if err := json.Unmarshal(a.openAPI, &described); err != nil {
		t.Fatal(err)
	}
	count := 0
	for path, methods := range described.Paths {
		for method, operation := range methods {
			count++
			at := slices.IndexFunc(a.routes, func(r *route) bool {
				return r.method == strings.ToUpper(method) && strings.ReplaceAll(r.path, "+}", "}") == path &&
					r.name == operation.OperationID
			})
			if at < 0 {
				t.Errorf("%s %s is no route", method, path)
			}
		}
	}
	if count != len(a.routes) || count != len(table()) || count < 18 {
		t.Errorf("%d operations are described of %d routes", count, len(a.routes))
	}
}

// TestOpenAPI_DocumentedRoutes_AreThere names those of the product's documentation, by hand.
func TestOpenAPI_DocumentedRoutes_AreThere(t *testing.T) {
	t.Parallel()
	a := newAPI(t, Options{})
	for _, documented := range []string{
		"POST /datastores", "GET /datastores", "GET /datastores/{id}", "DELETE /datastores/{id}",
		"POST /datastores/{id}/upload-url", "POST /datastores/{id}/download-url",
		"GET /datastores/{id}/objects", "GET /datastores/{id}/objects/{key+}", "HEAD /datastores/{id}/objects/{key+}",
		"DELETE /datastores/{id}/objects/{key+}",
		"POST /secrets", "GET /secrets", "GET /secrets/{id}", "POST /secrets/{id}/rotate", "POST /secrets/{id}/reveal",
		"DELETE /secrets/{id}",
		"POST /runs/{runId}/steps/{stepId}/storage",
	} {
		method, path, _ := strings.Cut(documented, " ")
		if !slices.ContainsFunc(a.routes, func(r *route) bool { return r.method == method && r.path == path }) {
			t.Errorf("there is no %s", documented)
		}
	}
	for _, r := range a.routes {
		if r.public != (r.path == "/openapi.json") ||
			r.streams != (r.method == http.MethodGet && strings.HasSuffix(r.path, "{key+}")) {
			t.Errorf("%s is public: %v, streams: %v", r.name, r.public, r.streams)
		}
	}
}
