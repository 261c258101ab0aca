package postgres_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/lib/pq"
)

// refused are statements, one a line, that take a right which the server's role does not have.
var refused = map[string]string{
	"temporary objects": `
		CREATE TEMP VIEW workspace AS SELECT 1
		CREATE TEMP TABLE api_key (id int)
		CREATE TEMP SEQUENCE s
		CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'
		CREATE DOMAIN pg_temp.date AS pg_catalog.date
		CREATE TYPE pg_temp.date AS ENUM ('x')
		CREATE AGGREGATE pg_temp.a(int) (SFUNC = int4pl, STYPE = int)
		CREATE OPERATOR pg_temp.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_eq)
		SELECT 1 AS id INTO TEMP workspace`,
	"objects": `
		CREATE TABLE public.x (id int)
		CREATE VIEW public.x AS SELECT 1
		CREATE SEQUENCE river.x
		CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT NULL::timestamptz'
		CREATE FUNCTION pg_catalog.x() RETURNS int LANGUAGE sql AS 'SELECT 1'
		CREATE DOMAIN public.date AS pg_catalog.date
		CREATE TYPE upkeep.x AS ENUM ('x')
		CREATE OPERATOR public.= (LEFTARG = uuid, RIGHTARG = uuid, FUNCTION = uuid_eq)
		CREATE SCHEMA data_api_owner
		CREATE SCHEMA x
		CREATE EXTENSION pg_trgm
		CREATE LANGUAGE x HANDLER plpgsql_call_handler
		CREATE CAST (text AS uuid) WITH INOUT AS IMPLICIT
		CREATE EVENT TRIGGER x ON ddl_command_end EXECUTE FUNCTION stamp_epoch()
		CREATE PUBLICATION x
		CREATE FOREIGN DATA WRAPPER x
		CREATE DATABASE x
		CREATE TABLESPACE x LOCATION '/tmp'
		CREATE TRIGGER x BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION stamp_epoch()
		CREATE RULE x AS ON INSERT TO audit_event DO INSTEAD NOTHING
		CREATE POLICY x ON audit_event USING (true)
		CREATE INDEX x ON audit_event (id)
		CREATE STATISTICS x ON id, at FROM audit_event`,
	"what is there": `
		DROP FUNCTION ensure_audit_partitions
		ALTER FUNCTION api_key_by_hash SECURITY INVOKER
		DROP SCHEMA river CASCADE
		CREATE OR REPLACE FUNCTION bound_workspace() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'
		ALTER TABLE workspace NO FORCE ROW LEVEL SECURITY
		ALTER TABLE workspace DISABLE ROW LEVEL SECURITY
		ALTER TABLE workspace OWNER TO data_api_app
		DROP POLICY bound ON workspace
		ALTER POLICY bound ON member USING (true)
		SELECT setval('river.river_job_id_seq', 1)
		SELECT * FROM goose_db_version
		SELECT * FROM river.river_migration
		UPDATE pg_catalog.pg_proc SET prosecdef = false
		DELETE FROM pg_catalog.pg_policy
		SELECT * FROM pg_catalog.pg_authid
		SELECT * FROM pg_catalog.pg_statistic
		DO 'BEGIN LOCK TABLE audit_event IN ACCESS EXCLUSIVE MODE; END'`,
	"roles": `
		SET ROLE data_api_owner
		SET ROLE data_api_super
		SET SESSION AUTHORIZATION data_api_owner
		GRANT data_api_owner TO data_api_app
		CREATE ROLE x
		DROP ROLE data_api_owner
		REASSIGN OWNED BY data_api_owner TO data_api_app
		ALTER ROLE data_api_app SUPERUSER
		ALTER ROLE data_api_app BYPASSRLS
		ALTER ROLE data_api_app CREATEROLE
		ALTER ROLE data_api_app REPLICATION
		ALTER ROLE data_api_owner PASSWORD 'x'
		ALTER ROLE data_api_owner SET search_path = pg_temp
		ALTER ROLE ALL SET search_path = pg_temp
		ALTER DEFAULT PRIVILEGES FOR ROLE data_api_owner GRANT ALL ON TABLES TO PUBLIC`,
	"settings": `
		SET session_replication_role = replica
		SET lo_compat_privileges = on
		SET session_preload_libraries = 'x'
		ALTER ROLE data_api_app SET session_replication_role = replica
		ALTER ROLE data_api_app SET app.workspace_id = 'x'
		ALTER SYSTEM SET log_statement = 'all'
		SET log_statement = 'all'
		SELECT pg_reload_conf()
		LOAD 'auto_explain'`,
	"the machine": `
		COPY (SELECT 1) TO PROGRAM 'true'
		COPY (SELECT 1) TO '/tmp/x'
		COPY blob FROM PROGRAM 'true'
		COPY blob FROM '/etc/passwd'
		SELECT lo_import('/etc/passwd')
		SELECT lo_export(1, '/tmp/x')
		SELECT pg_read_file('PG_VERSION')
		SELECT pg_ls_dir('.')
		SELECT * FROM pg_catalog.pg_hba_file_rules
		SELECT pg_create_logical_replication_slot('x', 'pgoutput')
		SELECT * FROM pg_catalog.pg_largeobject`,
}

// onLog are all ways to change the audit log or a partition of it, and to get round row-level security by a partition.
func onLog(partitions []string) (all []string) {
	for _, table := range append([]string{"audit_event"}, partitions...) {
		for _, statement := range []string{
			`UPDATE %s SET action = 'x'`, `UPDATE ONLY %s SET at = now()`, `DELETE FROM %s`,
			`DELETE FROM ONLY %s WHERE false`,
			`TRUNCATE %s`, `DROP TABLE %s`, `ALTER TABLE %s DISABLE ROW LEVEL SECURITY`,
			`SELECT * FROM %s FOR UPDATE`, `SELECT * FROM %s FOR KEY SHARE`,
			`MERGE INTO %s e USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE`,
			`INSERT INTO %s SELECT * FROM audit_event ON CONFLICT (workspace_id, id) DO UPDATE SET action = 'x'`,
		} {
			all = append(all, fmt.Sprintf(statement, table))
		}
	}
	for _, partition := range partitions {
		all = append(all, `SELECT * FROM `+partition, `INSERT INTO `+partition+` SELECT * FROM audit_event`,
			`ALTER TABLE audit_event DETACH PARTITION `+partition)
	}
	return all
}

// TestAppRole_WhateverItRuns_HasNoMoreThanItsGrants is what somebody could try who runs SQL of their own as the server.
//
// Three things every role of Postgres may do, and they reach nothing: large objects of its own, its own defaults and
// password, and NOTIFY, for this server listens on no channel: its jobs are polled for.
func TestAppRole_WhateverItRuns_HasNoMoreThanItsGrants(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fill(t)
	app := bound(t, f.AppURL, f.acme.Workspace.String())
	before := state(t, f)
	for kind, statements := range refused {
		for statement := range strings.Lines(strings.TrimSpace(statements)) {
			var said *pq.Error
			if _, err := app.Exec(statement); !errors.As(err, &said) || said.Code != "42501" {
				t.Errorf("%s: %s: got %v", kind, strings.TrimSpace(statement), err)
			}
		}
	}
	if after := state(t, f); after != before {
		t.Errorf("the roles, rights and rows are\n%s\nand were\n%s", after, before)
	}
}

func TestAppRole_WhatEveryRoleMayAsk_ShowsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fill(t)
	var object int64
	super := open(t, f.SuperURL)
	testkit.Must(t, super.QueryRow(`SELECT lo_from_bytea(0, 'theirs')`).Scan(&object))
	_, err := super.Exec(`ANALYZE`)
	testkit.Must(t, err)
	app := bound(t, f.AppURL, f.globex.Workspace.String())
	var said *pq.Error
	if _, err := app.Exec(`SELECT lo_get($1)`, object); !errors.As(err, &said) || said.Code != "42501" {
		t.Errorf("another role's large object: %v", err)
	}
	for _, query := range []string{
		// What Postgres has sampled of columns, which ANALYZE reads past row-level security.
		`SELECT count(*) FROM pg_stats WHERE schemaname = 'public'`,
		`SELECT count(*) FROM pg_stats_ext`, `SELECT count(*) FROM pg_stats_ext_exprs`,
		`SELECT count(*) FROM pg_stat_activity WHERE usename <> current_user
			AND query NOT IN ('', '<insufficient privilege>')`,
	} {
		var rows int
		testkit.Must(t, app.QueryRow(query).Scan(&rows))
		if rows != 0 {
			t.Errorf("%d rows: %s", rows, query)
		}
	}
}

// bound is one connection as the server's role, bound to a workspace.
func bound(t *testing.T, url, workspace string) *sql.DB {
	t.Helper()
	app := open(t, url)
	app.SetMaxOpenConns(1)
	_, err := app.Exec(`SELECT set_config('app.workspace_id', $1, false)`, workspace)
	testkit.Must(t, err)
	return app
}

func partitionsOf(t *testing.T, f fixture) (names []string) {
	t.Helper()
	rows, err := open(t, f.SuperURL).Query(`
		SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_event'::regclass`)
	testkit.Must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		testkit.Must(t, rows.Scan(&name))
		names = append(names, name)
	}
	testkit.Must(t, rows.Err())
	if len(names) < 13 {
		t.Fatalf("only %d partitions: %v", len(names), names)
	}
	return names
}

// state is all that an attack could have changed: roles, who owns and may do what, and the audit log.
func state(t *testing.T, f fixture) string {
	t.Helper()
	super, parts := open(t, f.SuperURL), []string{}
	for _, query := range []string{
		`SELECT string_agg(r::text, E'\n' ORDER BY rolname) FROM pg_roles r
			WHERE rolname IN ('data_api_app', 'data_api_owner')`,
		`SELECT coalesce(string_agg(m::text, E'\n'), '') FROM pg_auth_members m WHERE member = 'data_api_app'::regrole`,
		`SELECT string_agg(concat(oid::regclass, relowner, relacl, relrowsecurity, relforcerowsecurity), E'\n'
			ORDER BY oid)
			FROM pg_class WHERE relnamespace IN (SELECT oid FROM pg_namespace
			WHERE nspname IN ('public', 'river', 'upkeep'))`,
		`SELECT string_agg(concat(oid::regprocedure, proowner, proacl, md5(prosrc)), E'\n' ORDER BY oid) FROM pg_proc
			WHERE pronamespace = 'public'::regnamespace`,
		`SELECT string_agg(e::text, E'\n' ORDER BY id) FROM audit_event e`,
	} {
		var part string
		testkit.Must(t, super.QueryRow(query).Scan(&part))
		parts = append(parts, part)
	}
	return strings.Join(parts, "\n")
}
