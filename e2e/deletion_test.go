package e2e

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestKill_DuringAForcedDeletion_ItFinishesAfterARestart kills the server with its work half done, starts it again,
// and looks for what is left.
func TestKill_DuringAForcedDeletion_ItFinishesAfterARestart(t *testing.T) {
	t.Parallel()
	n, kills := 500, 1
	if atFullSize() {
		n, kills = 10_000, 3
	}
	s := ownStack(t)
	w := newWorld(t, s)
	super, store, admin := w.super(), w.buckets(), w.user("acme", authz.Admin)
	in := w.do(admin, `mutation { createDatastore(input: {name: "doomed"}) { datastore { id } } }`, nil).
		text("data", "createDatastore", "datastore", "id")
	w.plant(super, store, in, n)
	if got := w.usage(admin); got != fmt.Sprintf("%d objects, %d used, 0 reserved", n, 5*n) ||
		w.countBlobs(store, "blobs/") != n {
		t.Fatalf("before it begins: %s, %d blobs", got, w.countBlobs(store, "blobs/"))
	}
	a := w.do(admin, `mutation($d: ID!) { deleteDatastore(input: {datastoreId: $d, force: true}) { deletion { id objectsTotal } } }`, map[string]any{"d": in})
	id := a.text("data", "deleteDatastore", "deletion", "id")
	if id == "" {
		t.Fatalf("%s", a.body)
	}
	began, done := time.Now(), int64(0)
	for kill := range kills {
		done = w.killOnceItDeletes(super, id, done)
		t.Logf("killed for the %d. time after %d of %d objects", kill+1, done, n)
		var err error
		if s.server, err = s.serve(s.binary, fmt.Sprintf("server-%d", kill+2)); err != nil {
			t.Fatal(err)
		}
		w.address = s.server.address
	}
	w.within(10*time.Minute, super, `SELECT state = 'DONE' FROM deletion WHERE id = $1`, id)
	t.Logf("it was done %v after it began", time.Since(began).Round(time.Second))
	w.wantNothingLeft(super, store, admin, id, n)
}

// plant makes objects of five bytes each, with rows and blobs, faster than they could be uploaded.
func (w *world) plant(super *sql.DB, store *gcs.Store, in string, n int) {
	w.t.Helper()
	region := store.Buckets()[0].Region
	ids := make(pq.StringArray, n)
	writes, ctx := errgroup.WithContext(w.t.Context())
	writes.SetLimit(16)
	for i := range ids {
		ids[i] = ident.New[object.Object]().String()
		writes.Go(func() error {
			_, err := store.Write(ctx, object.BlobPlace(region, object.BlobID(ids[i])), []byte("12345"), "text/plain")
			return err
		})
	}
	testkit.Must(w.t, writes.Wait())
	for _, statement := range []string{
		`INSERT INTO blob (workspace_id, id, refs) SELECT $1, id, 1 FROM unnest($3::uuid[]) AS i(id)
			WHERE $2::uuid IS NOT NULL`,
		`INSERT INTO object (workspace_id, id, datastore_id, key, current_version) SELECT $1, id, $2, 'key/' || id, 1
			FROM unnest($3::uuid[]) AS i(id)`,
		`INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type, crc32c,
			metadata, created_by_kind, created_by_id, created_by_label)
			SELECT $1, gen_random_uuid(), id, 1, id, 5, 'text/plain', '', '{}', 'USER', '', ''
			FROM unnest($3::uuid[]) AS i(id) WHERE $2::uuid IS NOT NULL`,
		`UPDATE datastore SET object_count = cardinality($3::uuid[]), used_bytes = 5 * cardinality($3::uuid[])
			WHERE workspace_id = $1 AND id = $2`,
		`UPDATE workspace_usage SET object_count = cardinality($3::uuid[]), used_bytes = 5 * cardinality($3::uuid[])
			WHERE workspace_id = $1 AND $2::uuid IS NOT NULL`,
	} {
		if _, err := super.ExecContext(w.t.Context(), statement, w.acme.String(), in, ids); err != nil {
			w.t.Fatal(err)
		}
	}
}

func (w *world) usage(admin credential) string {
	a := w.do(admin, `{ workspace { usage { objectCount usedBytes reservedBytes } } }`, nil)
	at := func(name string) string { return a.text("data", "workspace", "usage", name) }
	return fmt.Sprintf("%s objects, %s used, %s reserved", at("objectCount"), at("usedBytes"), at("reservedBytes"))
}

// killOnceItDeletes kills the server as soon as it has deleted more than before, and returns how much that is.
func (w *world) killOnceItDeletes(super *sql.DB, id string, before int64) (done int64) {
	w.t.Helper()
	for end := time.Now().Add(time.Minute); done <= before; time.Sleep(2 * time.Millisecond) {
		if err := super.QueryRowContext(w.t.Context(), `SELECT objects_deleted FROM deletion WHERE id = $1`, id).
			Scan(&done); err != nil {
			w.t.Fatal(err)
		}
		if time.Now().After(end) {
			w.t.Fatal("nothing is deleted")
		}
	}
	w.server.kill()
	w.t.Logf("the server has died: %v", w.server.why)
	var left int
	if err := super.QueryRowContext(w.t.Context(), `SELECT count(*) FROM object`).Scan(&left); err != nil || left == 0 {
		w.t.Fatalf("%d objects were left when it was killed: the test shows nothing; %v", left, err)
	}
	return done
}

func (w *world) wantNothingLeft(super *sql.DB, store *gcs.Store, admin credential, id string, n int) {
	w.t.Helper()
	if got := w.countBlobs(store, "blobs/") + w.countBlobs(store, "staging/"); got != 0 {
		w.t.Errorf("%d blobs are left", got)
	}
	for what, want := range map[string]int{
		`SELECT count(*) FROM object`:                                                0,
		`SELECT count(*) FROM object_version`:                                        0,
		`SELECT count(*) FROM blob`:                                                  0,
		`SELECT count(*) FROM audit_event WHERE action = 'datastore.object_deleted'`: n,
		`SELECT count(DISTINCT target_id) FROM audit_event WHERE action = 'datastore.object_deleted'
			AND actor_label = 'admin@acme.example'`: n,
		`SELECT count(*) FROM audit_event WHERE action = 'datastore.deleted'`: 1,
	} {
		var got int
		if err := super.QueryRowContext(w.t.Context(), what).Scan(&got); err != nil || got != want {
			w.t.Errorf("%s: %d, want %d; %v", what, got, want, err)
		}
	}
	if got := w.usage(admin); got != "0 objects, 0 used, 0 reserved" {
		w.t.Errorf("usage: %s", got)
	}
	a := w.do(admin, `query($d: ID!) { node(id: $d) { ... on Deletion { state objectsTotal objectsDeleted bytesFreed lastError } } }`, map[string]any{"d": id})
	want := fmt.Sprintf(`{"data":{"node":{"state":"DONE","objectsTotal":"%d","objectsDeleted":"%d","bytesFreed":"%d","lastError":null}}}`, n, n, 5*n)
	if got := strings.TrimSpace(string(a.body)); got != want {
		w.t.Errorf("the deletion is\n%s, want\n%s", got, want)
	}
	if report := w.compare(store); len(report.Findings) != 0 || report.Blobs != 0 {
		w.t.Errorf("the bucket and the database do not agree: %+v", report)
	}
}

// TestReconcile_Command_TellsOfBlobsToo puts a blob into the bucket that no row knows.
func TestReconcile_Command_TellsOfBlobsToo(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	w := newWorld(t, s)
	super, store := w.super(), w.buckets()
	w.eventually(super, `SELECT bucket_run > 0 FROM upkeep.instance`) // the first comparison has marked the bucket
	in := w.do(w.user("acme", authz.Admin), `mutation { createDatastore(input: {name: "d"}) { datastore { id } } }`,
		nil).text("data", "createDatastore", "datastore", "id")
	w.plant(super, store, in, 12)
	w.lose(super, `DELETE FROM object WHERE id IN (SELECT id FROM object ORDER BY id LIMIT 1)`,
		`DELETE FROM blob WHERE id NOT IN (SELECT id FROM object)`)
	for _, flags := range [][]string{{"--dry-run"}, nil} {
		out, err := w.reconcile(flags...)
		if err != nil || !strings.Contains(out, "The buckets list 12 blobs") || !strings.Contains(out, "blobs/") ||
			!strings.Contains(out, "no row knows it") || !strings.Contains(out, "destroyed after") {
			t.Errorf("%v: %v\n%s", flags, err, out)
		}
	}
	w.lose(super, `DELETE FROM object`, `DELETE FROM blob`) // and now the database seems to be another one
	out, err := w.reconcile()
	if err == nil || !strings.Contains(out, "Is this the right database?") || !strings.Contains(out, "left alone") ||
		w.countBlobs(store, "blobs/") != 12 {
		t.Errorf("%v\n%s", err, out)
	}
}

// lose takes rows away, as nothing in the product does.
func (w *world) lose(super *sql.DB, statements ...string) {
	w.t.Helper()
	for _, statement := range statements {
		if _, err := super.ExecContext(w.t.Context(), statement); err != nil {
			w.t.Fatal(err)
		}
	}
}
