package migrations_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestRiver_Schema_IsWhatItsOwnMigrationsMake fails when a newer River wants a newer schema: the next migration then
// makes it.
func TestRiver_Schema_IsWhatItsOwnMigrationsMake(t *testing.T) {
	t.Parallel()
	ours, theirs := pgtest.New(t), pgtest.NewEmpty(t)
	pgDump, err := ours.Cluster.Bin("pg_dump")
	if err != nil {
		t.Skipf("skipped for want of pg_dump: %v", err)
	}
	db := connect(t, theirs.OwnerURL)
	if _, err := db.ExecContext(t.Context(), `CREATE SCHEMA river`); err != nil {
		t.Fatal(err)
	}
	migrator, err := rivermigrate.New(riverdatabasesql.New(db), &rivermigrate.Config{Schema: "river"})
	testkit.Must(t, err)
	if _, err := migrator.Migrate(t.Context(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	flags := []string{"--schema=river", "--no-privileges"}
	want := strings.Split(string(dump(t, pgDump, theirs.OwnerURL, flags...)), "\n")
	if diff := cmp.Diff(want, strings.Split(string(dump(t, pgDump, ours.OwnerURL, flags...)), "\n")); diff != "" {
		t.Error(diff)
	}
}

func TestRiver_Migrations_AreAllOnRecord(t *testing.T) {
	t.Parallel()
	db := connect(t, pgtest.New(t).OwnerURL)
	migrator, err := rivermigrate.New(riverdatabasesql.New(db), &rivermigrate.Config{Schema: "river"})
	testkit.Must(t, err)
	found, err := migrator.Validate(t.Context(), nil)
	if err != nil || !found.OK {
		t.Fatalf("%v, %v", found, err)
	}
}
