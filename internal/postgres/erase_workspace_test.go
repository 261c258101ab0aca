package postgres_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (f fixture) owner(t *testing.T) *postgres.Owner {
	t.Helper()
	owner, err := postgres.OpenOwner(t.Context(), f.OwnerURL)
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, owner.Close()) })
	return owner
}

// rows are written down by table.
type rows map[string][]string

func (r rows) Row(table string, row []byte) error {
	if r[table] = append(r[table], string(row)); row == nil {
		r[table] = []string{}
	}
	return nil
}

func (rows) Flush() error { return nil }

// TestExport_EveryTable_HasItsRowsAndNoHash asks the catalog which tables there are, as a table that is added later
// must be exported too.
func TestExport_EveryTable_HasItsRowsAndNoHash(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fill(t)
	owner, id, written := f.owner(t), f.acme.Workspace, rows{}
	counts, err := owner.Count(t.Context(), id)
	testkit.Must(t, err)
	testkit.Must(t, owner.EndAccess(t.Context(), id, written))
	_, err = owner.Export(t.Context(), id, "eu", written)
	testkit.Must(t, err)
	for _, table := range tables(t, f) {
		if n := len(written[table]); n == 0 || int64(n) != counts[table] {
			t.Errorf("%s: %d rows are exported, and %d are counted", table, n, counts[table])
		}
		for _, row := range written[table] {
			if strings.Contains(row, `"\\x`) && table != "runtime_key" || !strings.Contains(row, id.String()) {
				t.Errorf("%s has %s", table, row)
			}
		}
	}
	if got := strings.Join(written["objects"], ""); !strings.Contains(got, `"key": "a/b.csv"`) ||
		!strings.Contains(got, `"sizeBytes": 10`) {
		t.Errorf("the objects are %s", got)
	}
	if left, err := owner.Count(t.Context(), id); err != nil || left["member"]+left["api_key"]+left["runtime_key"] != 0 {
		t.Errorf("somebody is let in still: %v, %v", left, err)
	}
}

// TestEndAccess_ExportFails_LetsPeopleInAsBefore has no disk for what is exported.
func TestEndAccess_ExportFails_LetsPeopleInAsBefore(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	full := errors.New("the disk is full")
	err := f.owner(t).EndAccess(t.Context(), f.acme.Workspace, failing{full})
	if !errors.Is(err, full) {
		t.Fatalf("got %v", err)
	}
	left, err := f.owner(t).Count(t.Context(), f.acme.Workspace)
	if testkit.Must(t, err); left["member"] == 0 {
		t.Error("the members are gone, and nobody knows who they were")
	}
}

type failing struct{ err error }

func (failing) Row(string, []byte) error { return nil }

func (f failing) Flush() error { return f.err }

func TestDrop_FilledWorkspace_LeavesNothingOfItAndAllOfOthers(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fill(t)
	owner := f.owner(t)
	before, err := owner.Count(t.Context(), f.globex.Workspace)
	testkit.Must(t, err)
	testkit.Must(t, owner.Drop(t.Context(), f.acme.Workspace))
	left, err := owner.Count(t.Context(), f.acme.Workspace)
	testkit.Must(t, err)
	for _, table := range tables(t, f) {
		if n, counted := left[table]; !counted || n != 0 {
			t.Errorf("%s: %d rows are left (counted: %t)", table, n, counted)
		}
	}
	after, err := owner.Count(t.Context(), f.globex.Workspace)
	testkit.Must(t, err)
	for table, n := range before {
		if after[table] != n {
			t.Errorf("of the other workspace, %s has %d rows after %d", table, after[table], n)
		}
	}
}

func TestFind_NoWorkspace_IsNotFound(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, id := range []string{"", "acme", "01890a5d-ac96-774b-bcce-b302099a8057"} {
		_, err := f.owner(t).Find(t.Context(), authz.WorkspaceID(id))
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v", id, err)
		}
	}
}
