package pgtest_test

import (
	"database/sql"
	"testing"

	"github.com/provenanceone/data-api/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestNew_IsMigratedAndAlone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"one", "another"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := connect(t, pgtest.New(t).OwnerURL)
			for _, statement := range []string{
				`INSERT INTO workspace (id, name, region) VALUES ('00000000-0000-7000-8000-000000000001', 'A', 'eu')`,
				`SELECT 1 FROM goose_db_version`,
			} {
				if _, err := db.ExecContext(t.Context(), statement); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func TestNew_RolesAreWhatTheySay(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for url, want := range map[string]string{
		database.AppURL:   "data_api_app",
		database.OwnerURL: "data_api_owner",
		database.SuperURL: "data_api_super",
	} {
		var role string
		var super bool
		row := connect(t, url).QueryRowContext(t.Context(), `SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles
			WHERE rolname = current_user`)
		if err := row.Scan(&role, &super); err != nil {
			t.Fatal(err)
		}
		if role != want || super != (want == "data_api_super") {
			t.Errorf("connected as %s (above row-level security: %t), want %s", role, super, want)
		}
	}
}

func TestNewEmpty_HasNoTables(t *testing.T) {
	t.Parallel()
	var tables int
	row := connect(t, pgtest.NewEmpty(t).OwnerURL).QueryRowContext(t.Context(), `SELECT count(*) FROM pg_tables
		WHERE schemaname = 'public'`)
	if err := row.Scan(&tables); err != nil || tables != 0 {
		t.Fatalf("%d tables, error %v", tables, err)
	}
}

func connect(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
