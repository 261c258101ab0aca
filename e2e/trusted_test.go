package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

const listDatastores = `query List($first: Int) { datastores(first: $first) { nodes { id } } }`

// hashOf is the id that Apollo's and GraphQL Code Generator's manifests give a document.
func hashOf(document string) string {
	sum := sha256.Sum256([]byte(document))
	return hex.EncodeToString(sum[:])
}

// trust sets the trusted documents of a workspace.
func (w *world) trust(workspace string, documents ...string) {
	w.t.Helper()
	manifest := map[string]any{}
	for _, document := range documents {
		manifest[hashOf(document)] = document
	}
	a := w.do(w.user(workspace, authz.Admin), `mutation($manifest: JSONObject!) {
		setTrustedDocuments(input: {manifest: $manifest}) { trustedDocuments { documentCount documents } } }`,
		map[string]any{"manifest": manifest})
	got := a.at("data", "setTrustedDocuments", "trustedDocuments", "documentCount")
	if got != float64(len(documents)) {
		w.t.Fatal(a.body)
	}
}

// heldKey makes an API key that may send trusted documents only.
func (w *world) heldKey(workspace string) credential {
	w.t.Helper()
	a := w.do(w.user(workspace, authz.Admin), `mutation { createAPIKey(input: {name: "held", trustedDocumentsOnly: true,
		scopes: [DATASTORES_WRITE]}) { token apiKey { trustedDocumentsOnly } } }`, nil)
	if a.at("data", "createAPIKey", "apiKey", "trustedDocumentsOnly") != true {
		w.t.Fatal(a.body)
	}
	w.canaries.note(a.text("data", "createAPIKey", "token"))
	return credential{"X-API-Key", a.text("data", "createAPIKey", "token")}
}

// post sends a body as it stands.
func (w *world) postBody(who credential, body map[string]any) answer {
	w.t.Helper()
	text, err := json.Marshal(body)
	testkit.Must(w.t, err)
	a, err := w.send(who, text)
	testkit.Must(w.t, err)
	return a
}

func TestTrusted_IDAlone_RunsTheDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.trust("acme", listDatastores)
	id, variables := hashOf(listDatastores), map[string]any{"first": 5}
	apollo := map[string]any{"persistedQuery": map[string]any{"version": 1, "sha256Hash": id}}
	for _, who := range []credential{w.user("acme", authz.Viewer), w.apiKey("acme", authz.DatastoresRead), w.heldKey("acme")} {
		for name, body := range map[string]map[string]any{
			"documentId":           {"documentId": id},
			"documentId, prefixed": {"documentId": "sha256:" + id},
			"Apollo's extension":   {"extensions": apollo},
			"the text itself":      {"query": listDatastores},
		} {
			body["variables"] = variables
			if a := w.postBody(who, body); a.code() != "" || a.at("data", "datastores", "nodes") == nil {
				t.Errorf("%s: %s", name, a.body)
			}
		}
		a := w.get(who, url.Values{"documentId": {id}, "variables": {`{"first": 5}`}})
		if a.status != http.StatusOK || a.at("data", "datastores", "nodes") == nil {
			t.Errorf("GET: %d %v", a.status, a.tree)
		}
	}
	if a := w.postBody(w.user("acme", authz.Viewer), map[string]any{"documentId": id, "variables": map[string]any{"first": 101}}); a.code() != "BAD_USER_INPUT" {
		t.Errorf("variables of a trusted document are checked like others: %s", a.body)
	}
}

func TestTrusted_KeyOnASocketOrStream_IsHeldToTheListAsItIsNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.trust("acme", listDatastores)
	held := w.heldKey("acme")
	s := w.open(w.address, held)
	byID := func() answer {
		s.send(map[string]any{
			"type":    "subscribe",
			"id":      "one",
			"payload": map[string]any{"documentId": hashOf(listDatastores)},
		})
		return s.receive()
	}
	if a := byID(); a.text("type") != "next" || a.at("payload", "data", "datastores", "nodes") == nil {
		t.Errorf("by id: %s", a.body)
	}
	if a := s.receive(); a.text("type") != "complete" {
		t.Errorf("then: %s", a.body)
	}
	if a := s.do("{ regions }", nil); a.code() != "DOCUMENT_NOT_TRUSTED" {
		t.Errorf("another text: %s", a.body)
	}
	if text := w.stream(t.Context(), w.address, held, "{ regions }", nil).text(t); !strings.Contains(text, "DOCUMENT_NOT_TRUSTED") {
		t.Errorf("on a stream: %s", text)
	}
	w.trust("acme")
	if a := byID(); a.text("type") != "error" || !strings.Contains(string(a.body), "PERSISTED_QUERY_NOT_FOUND") {
		t.Errorf("once it is listed no more: %s", a.body)
	}
}

func TestTrusted_WhatNoListHas_IsRefusedByItsCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.trust("acme", listDatastores)
	held, other := w.heldKey("acme"), w.heldKey("globex")
	for name, c := range map[string]struct {
		who  credential
		body map[string]any
		code string
	}{
		"an unknown id":          {held, map[string]any{"documentId": hashOf("{ regions }")}, "PERSISTED_QUERY_NOT_FOUND"},
		"an unknown text":        {held, map[string]any{"query": "{ regions }"}, "DOCUMENT_NOT_TRUSTED"},
		"another workspace's id": {other, map[string]any{"documentId": hashOf(listDatastores)}, "PERSISTED_QUERY_NOT_FOUND"},
		"another workspace's":    {other, map[string]any{"query": listDatastores}, "DOCUMENT_NOT_TRUSTED"},
		"a text and a known id":  {held, map[string]any{"query": "{ regions }", "documentId": hashOf(listDatastores)}, "DOCUMENT_NOT_TRUSTED"},
		"nothing":                {held, map[string]any{"extensions": map[string]any{}}, "BAD_REQUEST"},
		"an empty id":            {held, map[string]any{"documentId": ""}, "BAD_REQUEST"},
		"no string":              {held, map[string]any{"documentId": 7}, "BAD_REQUEST"},
	} {
		if a := w.postBody(c.who, c.body); a.code() != c.code || a.tree["data"] != nil {
			t.Errorf("%s: want %s, got %s", name, c.code, a.body)
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+w.address+"/datastores", http.NoBody)
	testkit.Must(t, err)
	r.Header.Set(held.header, held.value)
	response, err := client.Do(r)
	testkit.Must(t, err)
	defer response.Body.Close()
	var problem map[string]any
	testkit.Must(t, json.NewDecoder(response.Body).Decode(&problem))
	if response.StatusCode != http.StatusForbidden || problem["code"] != "DOCUMENT_NOT_TRUSTED" {
		t.Errorf("REST: %d %v", response.StatusCode, problem)
	}
	w.trust("acme")
	if a := w.postBody(held, map[string]any{"documentId": hashOf(listDatastores)}); a.code() != "PERSISTED_QUERY_NOT_FOUND" {
		t.Errorf("a document that is listed no more: %s", a.body)
	}
}
