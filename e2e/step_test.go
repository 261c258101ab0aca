package e2e

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	api "github.com/provenanceone/data-api/client"
	keys "github.com/provenanceone/data-api/client/runtime"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestSteps_ByTheRuntimeClient_PassFilesFromRunToRun is the product's own example: a file is uploaded by URL, a step
// gives its text to an agent's context, and what the run puts out is what a later run reads.
func TestSteps_ByTheRuntimeClient_PassFilesFromRunToRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor, key := w.user("acme", authz.Editor), w.apiKey("acme", authz.RunsExecute)
	store := w.do(editor, `mutation { createDatastore(input: {name: "reports", keepVersions: 2}) { datastore { id } } }`, nil).text("data", "createDatastore", "datastore", "id")
	grant := w.do(editor, `mutation($d: ID!) { createUploadURL(input: {datastoreId: $d, key: "reports/2026-05-01.csv", contentType: "text/csv", maxBytes: "24"}) { url } }`, map[string]any{"d": store})
	w.put(grant.text("data", "createUploadURL", "url"), "text/csv", 24, strings.NewReader("day,amount\n2026-05-01,12"),
		http.StatusOK)

	c, err := keys.New(keys.Options{Endpoint: "http://" + w.address + "/graphql", APIKey: key.value, HTTP: client})
	w.must(err)
	first, later := keys.Run{ID: "run-1", StepID: "read"}, keys.Run{ID: "run-2", StepID: "read"}
	report, output := keys.Place{DatastoreID: store, Key: "reports/2026-05-01.csv"}, keys.Place{
		DatastoreID: store,
		Key:         "out/summary.txt",
	}
	file, err := c.Get(t.Context(), first, report)
	w.must(err)
	agent := map[string]any{"context": map[string]any{"fileContent": string(file.Content)}}
	if got := (answer{tree: agent}).text("context", "fileContent"); got != "day,amount\n2026-05-01,12" ||
		file.ContentType != "text/csv" || file.Number != 1 || file.SizeBytes != 24 {
		t.Errorf("the agent is given %q, of %+v", got, file.Version)
	}

	put, err := c.Put(t.Context(), first, output, keys.Output{
		Content:        []byte("in all 12"),
		ContentType:    "text/plain",
		IdempotencyKey: "k",
	})
	w.must(err)
	again, err := c.Put(t.Context(), first, output, keys.Output{
		Content:        []byte("in all 12"),
		ContentType:    "text/plain",
		IdempotencyKey: "k",
	})
	w.must(err)
	read, err := c.Get(t.Context(), later, output)
	w.must(err)
	if again != put || read.Version != put || string(read.Content) != "in all 12" {
		t.Errorf("it put %+v, then %+v, and read %+v with %q", put, again, read.Version, read.Content)
	}
	next, err := c.Put(t.Context(), later, output, keys.Output{IfVersion: &put.Number})
	w.must(err)
	if old, err := c.GetVersion(t.Context(), later, output, put.Number); err != nil ||
		string(old.Content) != "in all 12" || next.Number != 2 || next.SizeBytes != 0 {
		t.Errorf("after %+v, version %d is %q: %v", next, put.Number, old.Content, err)
	}

	if _, err := c.Put(t.Context(), later, output, keys.Output{IfVersion: &put.Number}); api.Code(err) != "CONFLICT" {
		t.Errorf("putting onto another version: %v", err)
	}
	if _, err := c.Get(t.Context(), later,
		keys.Place{DatastoreID: store, Key: "/reports/2026-05-01.csv"}); api.Code(err) != "NOT_FOUND" {
		t.Errorf("another key: %v", err)
	}
	page, err := c.List(t.Context(), later, store, "out/", "")
	w.must(err)
	if len(page.Objects) != 1 || page.Objects[0].Key != "out/summary.txt" || page.Objects[0].Current != next ||
		page.Next != "" {
		t.Errorf("the list is %+v", page)
	}
	w.must(c.Delete(t.Context(), later, output, &next.Number, "gone"))
	w.must(c.Delete(t.Context(), later, output, &next.Number, "gone"))
	if n := w.recorded("datastore.step_executed"); n != 7 {
		t.Errorf("%d steps are on record", n)
	}
}

// TestStep_OfALargeObject_GivesAURL is at the limit of what a step gives and takes inline, over the wire.
func TestStep_OfALargeObject_GivesAURL(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	key := w.apiKey("acme", authz.RunsExecute)
	store := w.do(key, `mutation { createDatastore(input: {name: "large"}) { datastore { id } } }`, nil).
		text("data", "createDatastore", "datastore", "id")
	c, err := keys.New(keys.Options{Endpoint: "http://" + w.address + "/graphql", APIKey: key.value, HTTP: client})
	w.must(err)
	run, at := keys.Run{ID: "r", StepID: "s"}, keys.Place{DatastoreID: store, Key: "k"}
	most := bytes.Repeat([]byte{0xff}, keys.MaxContent)
	_, err = c.Put(t.Context(), run, at, keys.Output{Content: most})
	w.must(err)
	if got, err := c.Get(t.Context(), run, at); err != nil || !bytes.Equal(got.Content, most) || got.URL != "" {
		t.Errorf("of as much as it may be %d bytes come back: %v", len(got.Content), err)
	}
	if _, err := c.Put(t.Context(), run, at, keys.Output{Content: append(most, 1)}); api.Code(err) != "BAD_USER_INPUT" {
		t.Errorf("one byte more: %v", err)
	}
	grant := w.do(key, `mutation($d: ID!) { createUploadURL(input: {datastoreId: $d, key: "k", contentType: "text/csv", maxBytes: "262145", run: {runId: "r", stepId: "s"}}) { url } }`, map[string]any{"d": store})
	w.put(grant.text("data", "createUploadURL", "url"), "text/csv", 262145, bytes.NewReader(append(most, 1)),
		http.StatusOK)
	got, err := c.Get(t.Context(), run, at)
	w.must(err)
	if got.Content != nil || got.SizeBytes != keys.MaxContent+1 || got.URL == "" {
		t.Fatalf("of one byte more it gives %d bytes and the URL %q", len(got.Content), got.URL)
	}
	res, err := client.Get(got.URL)
	w.must(err)
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK || res.ContentLength != keys.MaxContent+1 {
		t.Errorf("the URL answers %d with %d bytes", res.StatusCode, res.ContentLength)
	}
}

func (w *world) must(err error) {
	w.t.Helper()
	testkit.Must(w.t, err)
}
