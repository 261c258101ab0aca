package deletion_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var (
	silent = slog.New(slog.DiscardHandler)
)

// rig is a database, a storage, and the services on them.
type rig struct {
	*testkit.Database
	*testkit.Storage
	uploads    *upload.Service
	objects    *object.Service
	datastores *datastore.Service
	deletions  *deletion.Service
	acme       authz.Actor
	in         datastore.ID // a datastore of acme's
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{Database: testkit.NewDatabase(t), Storage: testkit.NewStorage(t, nil)}
	reaper := object.NewReaper(r.DB.Objects(), r.Store, silent)
	r.uploads = upload.NewService(r.DB.Uploads(), r.Store, reaper, upload.Options{
		Keys:     [][]byte{make([]byte, 32)},
		MaxBytes: 1 << 20,
		Now:      time.Now,
		Log:      silent,
	})
	r.objects = object.NewService(r.DB.Objects(), r.Store, r.uploads, reaper, nil, time.Now, silent)
	r.datastores = datastore.NewService(r.DB.Datastores(), r.uploads, nil, time.Now)
	r.deletions = deletion.NewService(r.DB.Deletions(), r.uploads)
	r.acme = r.Workspace(t, "acme")
	r.in = r.datastore(t, "reports")
	return r
}

func (r *rig) datastore(t *testing.T, name string) datastore.ID {
	t.Helper()
	keep := int32(3)
	d, err := r.datastores.Create(t.Context(), r.acme, datastore.CreateRequest{Name: name, KeepVersions: &keep})
	testkit.Must(t, err)
	return d.ID
}

// land has bytes arrive in storage, which no request has settled yet.
func (r *rig) land(t *testing.T, in datastore.ID, key, content string) {
	t.Helper()
	g, err := r.uploads.Begin(t.Context(), r.acme, upload.BeginRequest{
		DatastoreID: in,
		Key:         key,
		ContentType: "text/plain",
		TTL:         time.Hour,
	})
	testkit.Must(t, err)
	status, said := r.send(t, http.MethodPost, "/upload/storage/v1/b/blobs-eu/o?uploadType=media&name="+
		url.QueryEscape("staging/"+g.Upload.ID.String()), content)
	if status != http.StatusOK {
		t.Fatalf("storage answered %d: %s", status, said)
	}
}

// keep makes an object's next version.
func (r *rig) keep(t *testing.T, in datastore.ID, key, content string) object.Object {
	t.Helper()
	r.land(t, in, key, content)
	o, err := r.objects.Find(t.Context(), r.acme, in, key)
	testkit.Must(t, err)
	return o
}

func (r *rig) send(t *testing.T, method, path, body string) (int, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, r.Emulator.URL()+path, strings.NewReader(body))
	testkit.Must(t, err)
	req.Header.Set("Authorization", "Bearer "+testkit.Bearer)
	req.Header.Set("Content-Type", "text/plain")
	res, err := r.HTTP.Do(req)
	testkit.Must(t, err)
	defer func() { testkit.Must(t, res.Body.Close()) }()
	said, err := io.ReadAll(res.Body)
	testkit.Must(t, err)
	return res.StatusCode, said
}

// stored is how many blobs the bucket has.
func (r *rig) stored(t *testing.T) int {
	t.Helper()
	_, raw := r.send(t, http.MethodGet, "/storage/v1/b/blobs-eu/o", "")
	var page struct{ Items []struct{ Name string } }
	testkit.Must(t, json.Unmarshal(raw, &page))
	return len(page.Items)
}

func (r *rig) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := r.Super.ExecContext(t.Context(), statement, args...)
	testkit.Must(t, err)
}

// keys are what a datastore has, each with the number of its current version and its content's length.
func (r *rig) keys(t *testing.T, in datastore.ID) string {
	t.Helper()
	var all sql.NullString
	testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT string_agg(o.key || ':' || o.current_version, ' '
		ORDER BY o.key) FROM object o WHERE o.datastore_id = $1`, in.String()).Scan(&all))
	return all.String
}

func (r *rig) usage(t *testing.T) string {
	t.Helper()
	u, err := workspace.NewService(r.DB.Workspaces(), nil, workspace.Policy{}).Usage(t.Context(), r.acme.Workspace)
	testkit.Must(t, err)
	return fmt.Sprintf("%d objects, %d used, %d reserved", u.ObjectCount, u.UsedBytes, u.ReservedBytes)
}

func (r *rig) begin(t *testing.T, prefix string) deletion.BeginResult {
	t.Helper()
	begun, err := r.deletions.Begin(t.Context(), r.acme, deletion.BeginRequest{DatastoreID: r.in, Prefix: prefix})
	testkit.Must(t, err)
	return begun
}

func (r *rig) find(t *testing.T, id deletion.ID) deletion.Deletion {
	t.Helper()
	found, err := r.deletions.FindAll(t.Context(), r.acme, []deletion.ID{id})
	testkit.Must(t, err)
	if len(found) != 1 {
		t.Fatalf("found %v", found)
	}
	return found[0]
}

func (r *rig) worker() *deletion.Worker {
	return deletion.NewWorker(r.DB.Deletions(), r.Store, time.Now, silent).InBatchesOf(2)
}

// work does what is due, as jobs do, and returns how much that was and the last error.
func work(ctx context.Context, w *deletion.Worker) (n int, failed error) {
	for after := (deletion.WorkItem{}); ; {
		found, err := w.Find(ctx, after)
		if err != nil || len(found) == 0 {
			if err != nil {
				failed = err
			}
			return n, failed
		}
		for _, d := range found {
			if err := w.Do(ctx, d); err != nil {
				failed = err
			}
			n, after = n+1, d
		}
	}
}

// finish works until nothing is due any more, as if what waits had waited for long enough.
func (r *rig) finish(t *testing.T) {
	t.Helper()
	for range 100 {
		r.sql(t, `UPDATE deletion SET due_at = now() WHERE state = 'RUNNING'`)
		n, err := work(t.Context(), r.worker())
		testkit.Must(t, err)
		if n == 0 {
			return
		}
	}
	t.Fatal("it never ended")
}

// wantClean checks that each object's end is on record once, and that the counts are those of the rows.
func (r *rig) wantClean(t *testing.T, when string) {
	t.Helper()
	if n := r.Count(t, `SELECT count(*) FROM (SELECT target_id FROM audit_event
		WHERE action = 'datastore.object_deleted' GROUP BY target_id HAVING count(*) <> 1) q`); n != 0 {
		t.Errorf("%s: %d objects are not on record once", when, n)
	}
	if n := r.Count(t, `SELECT count(*) FROM blob
		WHERE refs <> (SELECT count(*) FROM object_version v WHERE v.blob_id = blob.id)`); n != 0 {
		t.Errorf("%s: %d blobs are miscounted", when, n)
	}
	if n := r.Count(t, `SELECT count(*) FROM datastore d
		WHERE used_bytes <> (SELECT coalesce(sum(size_bytes), 0) FROM object o
		JOIN object_version v ON v.object_id = o.id WHERE o.datastore_id = d.id)
		OR object_count <> (SELECT count(*) FROM object o WHERE o.datastore_id = d.id)`); n != 0 {
		t.Errorf("%s: %d datastores are miscounted", when, n)
	}
	if n := r.Count(t, `SELECT count(*) FROM workspace_usage u
		WHERE (used_bytes, object_count) <> (SELECT sum(used_bytes), sum(object_count) FROM datastore d
		WHERE d.workspace_id = u.workspace_id)`); n != 0 {
		t.Errorf("%s: the workspace's usage is not that of its datastores", when)
	}
	if blobs, stored := r.Count(t, `SELECT count(*) FROM blob`), r.stored(t); blobs != stored {
		t.Errorf("%s: there are %d blobs on the books and %d in storage", when, blobs, stored)
	}
}
