package postgres_test

import (
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/page"
)

func tables(t *testing.T, f fixture) []string {
	t.Helper()
	rows, err := open(t, f.SuperURL).Query(`SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'goose_db_version' ORDER BY 1`)
	must(t, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		all = append(all, name)
	}
	must(t, rows.Err())
	return all
}

func TestRowLevelSecurity_EveryTable_ShowsNothingOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fill(t)
	app, super := open(t, f.AppURL), open(t, f.SuperURL)
	app.SetMaxOpenConns(1)
	acme, globex := f.acme.Workspace.String(), f.globex.Workspace.String()
	names := tables(t, f)
	if len(names) < 10 {
		t.Fatalf("only %d tables were found: %v", len(names), names)
	}
	for _, table := range names {
		column := "workspace_id"
		if table == "workspace" {
			column = "id"
		}
		var forced bool
		must(t, super.QueryRow(`SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = to_regclass($1)`, table).Scan(&forced))
		if !forced {
			t.Errorf("%s has no forced row-level security", table)
		}
		count := func(bound string) (n int) {
			_, err := app.Exec(`SELECT set_config('app.workspace_id', $1, false)`, bound)
			must(t, err)
			must(t, app.QueryRow(`SELECT count(*) FROM `+table+` WHERE `+column+` = '`+acme+`'`).Scan(&n))
			return n
		}
		if n := count(acme); n == 0 {
			t.Errorf("%s has no row of acme's: the test shows nothing", table)
		}
		if n := count(globex); n != 0 {
			t.Errorf("%s shows %d rows of acme's to globex", table, n)
		}
		if n := count(""); n != 0 {
			t.Errorf("%s shows %d rows of acme's to nobody", table, n)
		}
	}
}

func TestRowLevelSecurity_WritingIntoAnotherWorkspace_IsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	app := open(t, f.AppURL)
	app.SetMaxOpenConns(1)
	_, err := app.Exec(`SELECT set_config('app.workspace_id', $1, false)`, f.globex.Workspace.String())
	must(t, err)
	_, err = app.Exec(`INSERT INTO blob (workspace_id, id, refs) VALUES ($1, gen_random_uuid(), 1)`, f.acme.Workspace.String())
	if err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Fatalf("got %v", err)
	}
}

func TestAuditLog_AppRole_CannotChangeIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	app := open(t, f.AppURL)
	app.SetMaxOpenConns(1)
	_, err := app.Exec(`SELECT set_config('app.workspace_id', $1, false)`, f.acme.Workspace.String())
	must(t, err)
	var partition string
	must(t, open(t, f.SuperURL).QueryRow(`SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_event'::regclass LIMIT 1`).Scan(&partition))
	for _, statement := range []string{
		`UPDATE audit_event SET action = 'x'`, `DELETE FROM audit_event`, `TRUNCATE audit_event`, `DROP TABLE audit_event`,
		`ALTER TABLE audit_event DISABLE ROW LEVEL SECURITY`,
		`UPDATE ` + partition + ` SET action = 'x'`, `DELETE FROM ` + partition, `TRUNCATE ` + partition,
		`INSERT INTO ` + partition + ` SELECT * FROM audit_event`, `SELECT * FROM ` + partition, `SET ROLE data_api_owner`,
	} {
		if _, err := app.Exec(statement); err == nil {
			t.Errorf("the app's role could: %s", statement)
		}
	}
	events, err := f.db.ListEvents(t.Context(), f.acme.Workspace, audit.Filter{}, page.Request{First: 10})
	must(t, err)
	if len(events.Items) != 1 || events.Items[0].Action != audit.WorkspaceCreated {
		t.Fatalf("the log holds %v", events.Items)
	}
}
