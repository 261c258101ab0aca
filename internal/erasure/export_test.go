package erasure_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestDelete_IntoTheExportOfAnother_IsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := r.delete(t.Context(), &crash{}); err != nil {
		t.Fatal(err)
	}
	r.acme = r.Workspace(t, "globex")
	if _, err := r.delete(t.Context(), &crash{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
	text, err := os.ReadFile(filepath.Join(r.dir, "member.jsonl"))
	if err != nil || !strings.Contains(string(text), "admin@acme.example") {
		t.Errorf("the first export has %s: %v", text, err)
	}
	if n := r.Count(t, `SELECT count(*) FROM member`); n != 1 {
		t.Error("access has ended all the same")
	}
}

// killed ends among the files of those who are let in.
type killed struct{ database }

func (killed) EndAccess(_ context.Context, _ authz.WorkspaceID, to erasure.Sink) error {
	return errors.Join(to.Row("api_key", nil), errCrash)
}

func TestDelete_KilledBeforeTheMembersAreWritten_GoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.deleter(&crash{})
	d.Database = killed{database{r.owner, &crash{}}}
	if _, err := d.Delete(t.Context(), r.order()); !errors.Is(err, errCrash) {
		t.Fatal(err)
	}
	if again, err := r.delete(t.Context(), &crash{}); err != nil || again.EndedAt == nil {
		t.Errorf("again: %+v, %v", again, err)
	}
	r.wantGone(t, 0)
}

// wantRefused deletes with an export that lacks something, and says what is missing.
func (r *rig) wantRefused(t *testing.T, missing string) {
	t.Helper()
	if _, err := r.delete(t.Context(), &crash{}); !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), missing) {
		t.Errorf("without %s: %v", missing, err)
	}
	_, found, err := r.vault.Find(t.Context(), secret.Place{Region: "eu", ID: r.secret})
	if err != nil || !found || r.Count(t, `SELECT count(*) FROM secret`) != 1 {
		t.Errorf("without %s, the secret is there: %t, %v", missing, found, err)
	}
}

func TestDelete_WithoutTheMembersThatItHasDropped_IsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := r.delete(t.Context(), &crash{at: 3}); !errors.Is(err, errCrash) { // Begin, EndAccess, Export
		t.Fatal(err)
	}
	testkit.Must(t, os.Remove(filepath.Join(r.dir, "member.jsonl")))
	r.wantRefused(t, "member.jsonl")
	testkit.Must(t, os.RemoveAll(r.dir))
	r.wantRefused(t, r.dir)
}

func TestDelete_AfterTheExport_WantsItWhole(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	order := r.order()
	order.KeepData = true
	kept, err := r.deleter(&crash{}).Delete(t.Context(), order)
	if err != nil || kept.ExportedAt == nil || kept.EndedAt != nil {
		t.Fatalf("%+v, %v", kept, err)
	}
	path := filepath.Join(r.dir, "secret.jsonl")
	before, err := os.ReadFile(path)
	testkit.Must(t, err)
	testkit.Must(t, os.WriteFile(path, []byte("{}\n"), 0o600))
	r.wantRefused(t, "secret.jsonl")
	testkit.Must(t, os.WriteFile(path, before, 0o600))
	list := filepath.Join(r.dir, erasure.BlobList)
	testkit.Must(t, os.Rename(list, list+"-"))
	r.wantRefused(t, erasure.BlobList)
	testkit.Must(t, os.Rename(list+"-", list))
	if again, err := r.delete(t.Context(), &crash{}); err != nil || again.EndedAt == nil {
		t.Errorf("with all of it: %+v, %v", again, err)
	}
}

func TestDelete_Manifest_HasEveryFile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := r.delete(t.Context(), &crash{}); err != nil {
		t.Fatal(err)
	}
	var m struct{ Files []struct{ Name string } }
	text, err := os.ReadFile(filepath.Join(r.dir, erasure.Manifest))
	testkit.Must(t, err)
	testkit.Must(t, json.Unmarshal(text, &m))
	there, err := os.ReadDir(r.dir)
	testkit.Must(t, err)
	for _, file := range there {
		named := slices.ContainsFunc(m.Files, func(f struct{ Name string }) bool { return f.Name == file.Name() })
		if own := file.Name() == erasure.Manifest || file.Name() == erasure.Marker; named == own {
			t.Errorf("the manifest names %s: %t", file.Name(), named)
		}
	}
}

// keep uploads an object, and leaves an upload open.
func (r *rig) keep(t *testing.T) object.Object {
	t.Helper()
	log, keys := slog.New(slog.DiscardHandler), [][]byte{make([]byte, 32)}
	reaper := object.NewReaper(r.DB.Objects(), r.storage.Store, log)
	uploads := upload.NewService(r.DB.Uploads(), r.storage.Store, reaper,
		upload.Options{Keys: keys, MaxBytes: 1 << 20, Now: time.Now, Log: log})
	in, err := datastore.NewService(r.DB.Datastores(), uploads, nil, time.Now).Create(t.Context(), r.acme,
		datastore.CreateRequest{Name: "reports"})
	testkit.Must(t, err)
	begin := upload.BeginRequest{DatastoreID: in.ID, Key: "a.txt", ContentType: "text/plain", TTL: time.Hour}
	grant, err := uploads.Begin(t.Context(), r.acme, begin)
	testkit.Must(t, err)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, grant.Put.URL, strings.NewReader("content"))
	testkit.Must(t, err)
	for _, h := range grant.Put.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	res, err := r.storage.HTTP.Do(req)
	testkit.Must(t, err)
	testkit.Must(t, res.Body.Close())
	o, err := object.NewService(r.DB.Objects(), r.storage.Store, uploads, reaper,
		idempotency.NewService(r.DB.Idempotency(), keys), time.Now, log).Find(t.Context(), r.acme, in.ID, begin.Key)
	testkit.Must(t, err)
	begin.Key = "open.txt"
	_, err = uploads.Begin(t.Context(), r.acme, begin)
	testkit.Must(t, err)
	return o
}

// TestDelete_BlobList_IsWhatVersionsHave has a version, a blob that nothing refers to, and an open upload: gcloud stops
// at the first line that is not in the bucket.
func TestDelete_BlobList_IsWhatVersionsHave(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	kept := object.BlobPlace("eu", r.keep(t).Current.BlobID)
	order := r.order()
	order.KeepData = true
	_, err := r.deleter(&crash{}).Delete(t.Context(), order)
	testkit.Must(t, err)
	text, err := os.ReadFile(filepath.Join(r.dir, erasure.BlobList))
	testkit.Must(t, err)
	if !strings.Contains(string(text), "gs://b/"+kept.Name+"\n") {
		t.Errorf("%s lacks %s", text, kept.Name)
	}
	for line := range strings.Lines(string(text)) {
		name := strings.TrimSpace(strings.TrimPrefix(line, "gs://b/"))
		_, found, err := r.storage.Find(t.Context(), object.Place{Region: "eu", Name: name})
		if err != nil || !found {
			t.Errorf("%s is in the list, and in the bucket: %t, %v", name, found, err)
		}
	}
	_, err = r.delete(t.Context(), &crash{})
	testkit.Must(t, err)
	if _, found, err := r.storage.Find(t.Context(), kept); err != nil || found {
		t.Errorf("the blob is there: %t, %v", found, err)
	}
}
