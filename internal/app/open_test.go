package app

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/pgtest"
)

func TestOpenStores_RoleThatMayCreate_IsRefusedWithTheStatement(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for grant, revocation := range map[string]string{
		`GRANT TEMPORARY ON DATABASE DATABASE_ TO PUBLIC`: "REVOKE CREATE, TEMPORARY ON DATABASE DATABASE_ " +
			"FROM PUBLIC, data_api_app",
		`GRANT CREATE ON SCHEMA public TO data_api_app`: `REVOKE CREATE ON SCHEMA public FROM PUBLIC, data_api_app`,
	} {
		revocation = strings.ReplaceAll(revocation, "DATABASE_", database.Name)
		operate(t, database, strings.ReplaceAll(grant, "DATABASE_", database.Name))
		a, err := OpenStores(t.Context(), config.Stores{DatabaseURL: database.AppURL}, Signing{})
		if err == nil || !strings.HasSuffix(err.Error(), "As the owner of the database run: "+revocation) {
			t.Errorf("after %s: got %v", grant, err)
		}
		testkit.Must(t, a.Close())
		operate(t, database, revocation)
	}
}

// operate runs a statement as an operator does.
func operate(t *testing.T, database *pgtest.Database, statement string) {
	t.Helper()
	db, err := sql.Open("postgres", database.OwnerURL)
	testkit.Must(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	testkit.Must(t, err)
	testkit.Must(t, db.Close())
}
