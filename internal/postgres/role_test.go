package postgres

import (
	"errors"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/pgtest"
)

// as returns the database as a new role, which belongs to the app role and has those grants besides; ROLE_ and
// DATABASE_ stand for names in them. operator runs a statement as the superuser. The role ends with the cluster.
func as(t *testing.T, grants ...string) (server *DB, operator func(statement string)) {
	t.Helper()
	database := pgtest.New(t)
	connect := func(url string) *DB {
		db, err := Open(url)
		if err != nil {
			t.Fatal(err)
		}
		db.pool.SetMaxOpenConns(1)
		t.Cleanup(func() { _ = db.Close() })
		return db
	}
	run := func(db *DB, statement string) {
		t.Helper()
		statement = strings.NewReplacer("ROLE_", "ready_"+database.Name, "DATABASE_", database.Name).Replace(statement)
		if _, err := db.pool.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	super, server := connect(database.SuperURL), connect(database.SuperURL)
	for _, statement := range append([]string{`CREATE ROLE ROLE_ IN ROLE data_api_app`}, grants...) {
		run(super, statement)
	}
	run(server, `SET SESSION AUTHORIZATION ROLE_`)
	return server, func(statement string) { run(super, statement) }
}

func TestReady_RoleWithNoMoreThanItsGrants_IsReady(t *testing.T) {
	t.Parallel()
	server, _ := as(t)
	if err := server.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestReady_RoleThatMayCreateOrRewrite_IsRefusedWithTheStatementThatMendsIt(t *testing.T) {
	t.Parallel()
	for _, grant := range []string{
		`GRANT TEMPORARY ON DATABASE DATABASE_ TO PUBLIC`,
		`GRANT TEMPORARY ON DATABASE DATABASE_ TO ROLE_`,
		`GRANT CREATE ON DATABASE DATABASE_ TO data_api_app`,
		`GRANT CREATE ON SCHEMA public TO PUBLIC`,
		`GRANT CREATE ON SCHEMA river TO ROLE_`,
		`GRANT CREATE ON SCHEMA upkeep TO data_api_app`,
		`GRANT DELETE ON audit_event TO data_api_app`,
		`GRANT UPDATE ON audit_event TO PUBLIC`,
		`GRANT TRUNCATE ON audit_event TO ROLE_`,
	} {
		t.Run(grant, func(t *testing.T) {
			t.Parallel()
			server, operator := as(t, grant)
			statement := revocation(t, server.Ready(t.Context()))
			operator(statement)
			if err := server.Ready(t.Context()); err != nil {
				t.Errorf("after %q: %v", statement, err)
			}
		})
	}
}

// revocation is the statement that a refusal names.
func revocation(t *testing.T, err error) string {
	t.Helper()
	var refused *fault.Error
	if !errors.As(err, &refused) || refused.Kind != fault.Unavailable {
		t.Fatalf("got %v", err)
	}
	_, statement, found := strings.Cut(refused.Say, "As the owner of the database run: ")
	if !found {
		t.Fatalf("no statement is named: %s", refused.Say)
	}
	return statement
}

func TestReady_RoleThatMayBecomeAnother_IsRefused(t *testing.T) {
	t.Parallel()
	for _, grant := range []string{
		`ALTER ROLE ROLE_ CREATEROLE`, `ALTER ROLE ROLE_ BYPASSRLS`, `ALTER ROLE ROLE_ SUPERUSER`,
		`ALTER ROLE ROLE_ REPLICATION`,
		`GRANT data_api_owner TO ROLE_`, `ALTER ROLE ROLE_ NOINHERIT; GRANT data_api_owner TO ROLE_`,
		`GRANT pg_write_all_data TO ROLE_`, `GRANT pg_execute_server_program TO ROLE_`,
	} {
		t.Run(grant, func(t *testing.T) {
			t.Parallel()
			server, _ := as(t, strings.Split(grant, "; ")...)
			wantAppRole(t, server.Ready(t.Context()))
		})
	}
}

// TestReady_URLThatChangesRole_IsJudgedByWhoLogsIn: a session may always go back to the role that it began as.
func TestReady_URLThatChangesRole_IsJudgedByWhoLogsIn(t *testing.T) {
	t.Parallel()
	server, err := Open(pgtest.New(t).SuperURL + "&role=data_api_app")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() }) // nothing is left on it
	wantAppRole(t, server.Ready(t.Context()))
}

func wantAppRole(t *testing.T, err error) {
	t.Helper()
	var refused *fault.Error
	if !errors.As(err, &refused) || !strings.Contains(refused.Say, "use the app role") {
		t.Errorf("got %v", err)
	}
}
