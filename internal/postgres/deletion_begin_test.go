package postgres_test

import (
	"context"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/ident"
)

// plant adds objects of one version of a byte.
func (n numbered) plant(t *testing.T, from, to int) {
	t.Helper()
	super := open(t, n.SuperURL)
	for _, statement := range []string{
		`INSERT INTO blob (workspace_id, id, refs) SELECT $1::uuid, md5($2::text || 'blob' || i)::uuid, 1
			FROM generate_series($3::int, $4::int) i`,
		`INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
			SELECT $1::uuid, md5('object' || i)::uuid, $2::uuid, 'a/' || lpad(i::text, 7, '0'), 1
			FROM generate_series($3::int, $4::int) i`,
		`INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type, crc32c,
			metadata,
			created_by_kind, created_by_id, created_by_label)
			SELECT $1::uuid, md5('version' || i)::uuid, md5('object' || i)::uuid, 1,
			md5($2::text || 'blob' || i)::uuid, 1, '', '', '{}', 'USER', '', ''
			FROM generate_series($3::int, $4::int) i`,
	} {
		_, err := super.Exec(statement, n.acme.Workspace.String(), n.in.String(), from, to)
		testkit.Must(t, err)
	}
}

func (n numbered) begin(ctx context.Context, prefix string) (*deletion.Deletion, error) {
	d := deletion.Deletion{
		ID:          ident.New[deletion.Deletion](),
		DatastoreID: n.in,
		Prefix:      &prefix,
		Counting:    true,
		CreatedBy:   n.acme.Who,
	}
	return n.db.Deletions().Begin(ctx, d, audit.Record(n.acme, audit.PrefixDeleted).AwaitsTarget("datastore"))
}

// TestBeginDeletion_OfAnyNumber_ReadsAsManyRows asks Postgres' own counters.
func TestBeginDeletion_OfAnyNumber_ReadsAsManyRows(t *testing.T) {
	t.Parallel()
	n := newNumbered(t)
	super := n.superuser(t)
	n.plant(t, 1, 100)
	_, err := n.begin(t.Context(), "a/") // and statements are prepared
	testkit.Must(t, err)
	read := func(ask func()) (rows int, statements int64) {
		flush(t, super)
		before, ran := n.counters(t, super, n.db), n.db.Statements()
		ask()
		ran = n.db.Statements() - ran
		var w work
		w.add(before, n.counters(t, super, n.db))
		return w.rows, ran
	}
	begin := func() {
		_, err := n.begin(t.Context(), "a/")
		testkit.Must(t, err)
	}
	few, fewStatements := read(begin)
	n.plant(t, 101, 5000)
	many, manyStatements := read(begin)
	if few == 0 || many > few+2 || manyStatements != fewStatements {
		t.Errorf("of 100 objects it reads %d rows by %d statements, of 5000 %d by %d", few, fewStatements, many,
			manyStatements)
	}

	count := func(most int) (c deletion.Count) {
		c, err := n.db.Deletions().CountObjects(t.Context(), n.acme.Workspace, n.in, "a/", most)
		testkit.Must(t, err)
		return c
	}
	if c := count(5000); c != (deletion.Count{Objects: 5000, Bytes: 5000}) {
		t.Errorf("counted are %+v", c)
	}
	rows, _ := read(func() {
		if c := count(49); c != (deletion.Count{Objects: 50, Bytes: 50, AtLeast: true}) {
			t.Errorf("of too many, counted are %+v", c)
		}
	})
	if rows > 250 {
		t.Errorf("to count 49 of 5000 it reads %d rows", rows)
	}
}

// TestBeginDeletion_WhileVersionsCannotBeRead_Begins has a transaction hold all versions: whoever counts them waits,
// with all who write behind it.
func TestBeginDeletion_WhileVersionsCannotBeRead_Begins(t *testing.T) {
	t.Parallel()
	n := newNumbered(t)
	n.plant(t, 1, 10)
	held, err := open(t, n.SuperURL).Begin()
	testkit.Must(t, err)
	_, err = held.Exec(`LOCK TABLE object_version IN ACCESS EXCLUSIVE MODE`)
	testkit.Must(t, err)
	d, err := n.begin(t.Context(), "a/")
	testkit.Must(t, err)
	testkit.Must(t, held.Rollback())
	if !d.Counting || d.State != "RUNNING" {
		t.Errorf("begun is %+v", d)
	}
}
