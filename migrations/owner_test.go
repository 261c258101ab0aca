package migrations_test

import (
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/migrations"
)

// TestUp_OwnerOfTheTablesDoesNotOwnTheDatabase_SaysWhatToRun: a revocation without the right to it is a warning only.
func TestUp_OwnerOfTheTablesDoesNotOwnTheDatabase_SaysWhatToRun(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	super, owner := connect(t, database.SuperURL), connect(t, database.OwnerURL)
	for _, statement := range []string{
		`ALTER DATABASE ` + database.Name + ` OWNER TO data_api_super`,
		`GRANT CREATE ON DATABASE ` + database.Name + ` TO data_api_owner`,
		`GRANT CREATE ON SCHEMA public TO data_api_owner, PUBLIC`,
	} {
		if _, err := super.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	err := migrations.Up(t.Context(), owner)
	if err == nil {
		t.Fatal("the migrations went through, and the server's role may still make objects")
	}
	_, statement, found := strings.Cut(err.Error(), "then migrate again: ")
	statement, _, _ = strings.Cut(statement, " (42501)")
	if !found {
		t.Fatal(err)
	}
	if _, err := super.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if err := migrations.Up(t.Context(), owner); err != nil {
		t.Error(err)
	}
}
