package postgres_test

import (
	"context"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
)

// numbered is a datastore whose keys are written and deleted.
type numbered struct {
	fixture
	in datastore.ID
}

func newNumbered(t *testing.T) numbered {
	t.Helper()
	f := newFixture(t)
	d, err := datastore.NewService(f.db.Datastores(), nil, nil, time.Now).
		Create(t.Context(), f.acme, datastore.CreateRequest{Name: "reports"})
	testkit.Must(t, err)
	return numbered{f, d.ID}
}

// put writes the next version of a key.
func (n numbered) put(ctx context.Context, key string, only object.Precondition) (object.Version, error) {
	v := object.Version{
		ID:          ident.New[object.Version](),
		BlobID:      object.BlobID(ident.New[object.Version]()),
		SizeBytes:   1,
		ContentType: "text/plain",
		CreatedBy:   n.acme.Who,
	}
	v, _, err := n.db.Objects().Put(ctx, object.WriteRequest{
		DatastoreID: n.in,
		Key:         key,
		Only:        only,
		Version:     v,
		Names:       object.FieldNames{IfVersion: "ifVersion"},
	},
		object.AwaitsVersion(audit.Record(n.acme, audit.ObjectCreated)))
	return v, err
}

func (n numbered) delete(t *testing.T, key string) {
	t.Helper()
	_, _, err := n.db.Objects().Delete(t.Context(), n.in, key, object.Precondition{},
		audit.Record(n.acme, audit.ObjectDeleted).AwaitsTarget("object").Awaits("version"))
	testkit.Must(t, err)
}

func TestNumbers_OfAKeyThatWasDeleted_GoOn(t *testing.T) {
	t.Parallel()
	n := newNumbered(t)
	for want := int32(1); want < 7; want++ {
		v, err := n.put(t.Context(), "a", object.Precondition{})
		testkit.Must(t, err)
		if v.Version != want {
			t.Errorf("version %d has the number %d", want, v.Version)
		}
		if want%2 == 0 {
			n.delete(t, "a")
		}
	}
	v, err := n.put(t.Context(), "another", object.Precondition{})
	testkit.Must(t, err)
	if v.Version != 1 {
		t.Errorf("a new key begins at %d", v.Version)
	}
}

// TestNumbers_OfServersOfTheVersionBefore_GoOn sends what those send for the first version of a key.
func TestNumbers_OfServersOfTheVersionBefore_GoOn(t *testing.T) {
	t.Parallel()
	n := newNumbered(t)
	for range 3 {
		_, err := n.put(t.Context(), "a", object.Precondition{})
		testkit.Must(t, err)
	}
	n.delete(t, "a")
	app := open(t, n.AppURL)
	app.SetMaxOpenConns(1)
	ws, id := n.acme.Workspace.String(), ident.New[object.Object]()
	_, err := app.Exec(`SELECT set_config('app.workspace_id', $1, false)`, ws)
	testkit.Must(t, err)
	_, err = app.Exec(`INSERT INTO blob (workspace_id, id, refs) VALUES ($1, $2, 1)`, ws, id.String())
	testkit.Must(t, err)
	_, err = app.Exec(`INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, id) DO UPDATE SET current_version = $5`, ws, id.String(), n.in.String(), "a", 1)
	testkit.Must(t, err)
	_, err = app.Exec(`INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes,
		content_type, crc32c, metadata,
		created_by_kind, created_by_id, created_by_label) VALUES ($1, $2, $2, 1, $2, 0, '', '', '{}', 'USER', '', '')`,
		ws, id.String())
	testkit.Must(t, err)
	found, err := n.db.Objects().At(t.Context(), n.acme.Workspace, []datastore.ID{n.in}, "a")
	testkit.Must(t, err)
	if len(found) != 1 || found[0].Current.Version != 4 {
		t.Errorf("found is %+v, want version 4", found)
	}
}

// TestNumbers_OfManyDeletedKeys_LeaveFewRows holds that deleted keys do not stay as a row each.
func TestNumbers_OfManyDeletedKeys_LeaveFewRows(t *testing.T) {
	t.Parallel()
	n := newNumbered(t)
	super := open(t, n.SuperURL)
	_, err := super.Exec(`INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		SELECT $1, gen_random_uuid(), $2, 'key ' || i, 2 FROM generate_series(1, 20000) i`, n.acme.Workspace.String(),
		n.in.String())
	testkit.Must(t, err)
	_, err = super.Exec(`DELETE FROM object`)
	testkit.Must(t, err)
	var rows, least, most int
	testkit.Must(t, super.QueryRow(`SELECT count(*), min(version), max(version) FROM key_mark`).Scan(&rows, &least, &most))
	if rows < 1000 || rows > 4096 || least != 2 || most != 2 {
		t.Errorf("%d rows with numbers from %d to %d are left", rows, least, most)
	}
}
