package postgres_test

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/page"
)

// unbound are the tables without row-level security, each with why: in none of them a row belongs to a workspace.
var unbound = map[string]string{
	"public.goose_db_version": "which migrations have run; the server's role has no right to it",
	"river.river_job": "River takes work of all workspaces by one statement, bound to none; a row says " +
		"where, by ids",
	"river.river_leader":        "which server gives out the periodic jobs",
	"river.river_queue":         "names of the queues",
	"river.river_notification":  "River's word to its clients; it names queues and jobs",
	"river.river_migration":     "which migrations of River's have run; the server's role has no right to it",
	"upkeep.instance":           "which deployment this is: one row",
	"upkeep.workspace_deletion": "that workspaces were deleted, and why; nothing of theirs, and the server's role has no right to it",
	"upkeep.orphan":             "what Secret Manager has and no row of any workspace knows",
	"upkeep.stray":              "what a bucket has and no row of any workspace knows",
}

// relations are all that can hold or show rows, by schema and name, and what kind of relation each is.
func relations(t *testing.T, f fixture) map[string]string {
	t.Helper()
	rows, err := open(t, f.SuperURL).Query(`SELECT n.nspname || '.' || c.relname, c.relkind
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
			AND c.relkind NOT IN ('i', 'I', 'S', 'c') AND NOT c.relispartition`)
	testkit.Must(t, err)
	defer func() { _ = rows.Close() }()
	all := map[string]string{}
	for rows.Next() {
		var name, kind string
		testkit.Must(t, rows.Scan(&name, &kind))
		all[name] = kind
	}
	testkit.Must(t, rows.Err())
	return all
}

// tables are those of which each row belongs to a workspace.
func tables(t *testing.T, f fixture) (all []string) {
	t.Helper()
	for name := range relations(t, f) {
		if unbound[name] == "" {
			all = append(all, strings.TrimPrefix(name, "public."))
		}
	}
	slices.Sort(all)
	return all
}

func TestRowLevelSecurity_EveryTable_IsBoundOrSaysWhyNot(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	super, all := open(t, f.SuperURL), relations(t, f)
	for name := range unbound {
		if all[name] == "" {
			t.Errorf("%s is excused from row-level security, and is not there", name)
		}
	}
	for name, kind := range all {
		if kind != "r" && kind != "p" {
			t.Errorf("%s is no table (%s): row-level security does not hold it", name, kind)
			continue
		}
		var forced, belongs bool
		var policies string
		testkit.Must(t, super.QueryRow(`SELECT c.relrowsecurity AND c.relforcerowsecurity,
				EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id'),
				coalesce((SELECT string_agg(pg_get_expr(p.polqual, c.oid) || coalesce(pg_get_expr(p.polwithcheck,
				c.oid), ''), '; ')
					FROM pg_policy p WHERE p.polrelid = c.oid AND p.polroles <> ARRAY[c.relowner]), '')
			FROM pg_class c WHERE c.oid = $1::regclass`, name).Scan(&forced, &belongs, &policies))
		bound := forced && policies == "(workspace_id = bound_workspace())"
		if name == "public.workspace" {
			bound = forced && policies == "(id = bound_workspace())"
		}

		switch {
		case unbound[name] == "" && !bound:
			t.Errorf("%s is not bound (forced: %t, policies: %s), and says not why", name, forced, policies)
		case unbound[name] != "" && belongs:
			t.Errorf("%s is excused from row-level security, and its rows belong to a workspace", name)
		}
	}
}

func TestRowLevelSecurity_EveryTable_ShowsNothingOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fill(t)
	names := tables(t, f)
	if len(names) < 10 {
		t.Fatalf("only %d tables were found: %v", len(names), names)
	}
	acme, super := f.acme.Workspace.String(), open(t, f.SuperURL)
	own, nobody := bound(t, f.AppURL, acme), bound(t, f.AppURL, "")
	others := bound(t, f.AppURL, f.globex.Workspace.String())
	for _, table := range names {
		column := "workspace_id"
		if table == "workspace" {
			column = "id"
		}
		r := row{table: table, column: column, workspace: acme}
		testkit.Must(t, super.QueryRow(`SELECT to_jsonb(t) FROM `+table+` t WHERE `+column+` = $1 LIMIT 1`, acme).
			Scan(&r.content))
		testkit.Must(t, super.QueryRow(`SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
			WHERE attrelid = $1::regclass AND attnum > 0 AND attgenerated = '' AND NOT attisdropped`, table).
			Scan(&r.columns))
		if n := r.count(t, own); n == 0 {
			t.Errorf("%s has no row of acme's: the test shows nothing", table)
		}
		for name, app := range map[string]*sql.DB{"globex": others, "nobody": nobody} {
			if n := r.count(t, app); n != 0 {
				t.Errorf("%s shows %d rows of acme's to %s", table, n, name)
			}
			r.write(t, name, app)
		}
	}
}

// row is a row of a workspace's, as others see it.
type row struct{ table, column, workspace, columns, content string }

func (r row) count(t *testing.T, app *sql.DB) (n int) {
	t.Helper()
	testkit.Must(t, app.QueryRow(`SELECT count(*) FROM `+r.table+` WHERE `+r.column+` = $1`, r.workspace).Scan(&n))
	return n
}

// write tries to change, delete and repeat the row, and to give a row of one's own to its workspace.
func (r row) write(t *testing.T, name string, app *sql.DB) {
	t.Helper()
	for statement, arg := range map[string]string{
		`UPDATE TABLE_ SET COLUMN_ = COLUMN_ WHERE COLUMN_ = $1`:                                            r.workspace,
		`DELETE FROM TABLE_ WHERE COLUMN_ = $1`:                                                             r.workspace,
		`UPDATE TABLE_ SET COLUMN_ = $1`:                                                                    r.workspace,
		`INSERT INTO TABLE_ (COLUMNS_) SELECT COLUMNS_ FROM jsonb_populate_record(NULL::TABLE_, $1::jsonb)`: r.content,
	} {
		statement = strings.NewReplacer("TABLE_", r.table, "COLUMN_", r.column, "COLUMNS_", r.columns).
			Replace(statement)
		result, err := app.Exec(statement, arg)
		var said *pq.Error
		if errors.As(err, &said) && said.Code == "42501" {
			continue
		}
		testkit.Must(t, err)
		if n, err := result.RowsAffected(); err != nil || n != 0 {
			t.Errorf("%s changed %d rows, error %v: %s", name, n, err, statement)
		}
	}
}

func TestAuditLog_AppRole_CannotChangeIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	app := bound(t, f.AppURL, f.acme.Workspace.String())
	for _, statement := range onLog(partitionsOf(t, f)) {
		var said *pq.Error
		if _, err := app.Exec(statement); !errors.As(err, &said) || said.Code != "42501" {
			t.Errorf("%s: got %v", statement, err)
		}
	}
	events, err := f.db.AuditLog().List(t.Context(), f.acme.Workspace, audit.Filter{}, page.Request{First: 10})
	testkit.Must(t, err)
	if len(events.Items) != 1 || events.Items[0].Action != audit.WorkspaceCreated {
		t.Fatalf("the log holds %v", events.Items)
	}
}
