package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/fault"
)

// rights are what the role of this server may do beyond its needs.
type rights struct {
	Role string
	// Rises reports that it bypasses row-level security or owns the tables, or can gain that.
	Rises bool
	// Revoke is what takes from it the rights to change audit events and to create objects, temporary ones included;
	// empty where it has none of them.
	Revoke string
}

// readRights looks at the role that logged in, which a session can always go back to, and at all roles that it can
// become.
const readRights = `
	WITH mine AS MATERIALIZED (SELECT r.* FROM pg_roles r WHERE pg_has_role(session_user, r.oid, 'MEMBER')),
		holders AS (SELECT 'PUBLIC, ' || string_agg(quote_ident(m.rolname), ', ' ORDER BY m.rolname) AS names
		FROM mine m)
	SELECT quote_ident(session_user) AS role,
		EXISTS (SELECT FROM mine m
			WHERE m.rolsuper OR m.rolbypassrls OR m.rolcreaterole OR m.rolreplication OR m.oid = c.relowner
			OR m.rolname IN
				('pg_write_all_data', 'pg_read_server_files', 'pg_write_server_files', 'pg_execute_server_program')
		) AS rises,
		concat_ws('; ',
			CASE WHEN has_table_privilege(session_user, c.oid, 'UPDATE, DELETE, TRUNCATE')
				THEN 'REVOKE UPDATE, DELETE, TRUNCATE ON audit_event FROM ' || h.names END,
			CASE WHEN has_database_privilege(session_user, current_database(), 'CREATE, TEMPORARY')
				THEN format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM %s', current_database(), h.names) END,
			(SELECT string_agg(format('REVOKE CREATE ON SCHEMA %I FROM %s', n.nspname, h.names), '; ')
			FROM pg_namespace n
				WHERE n.nspname IN ('public', 'river', 'upkeep')
				AND has_schema_privilege(session_user, n.oid, 'CREATE'))
		) AS revoke
	FROM pg_class c, holders h WHERE c.oid = to_regclass('public.audit_event')`

// Ready checks that the database answers and is migrated, and that the role of this server can do no more than its
// grants: row-level security binds it, it can become no role that is free of that, and it can put no object where
// functions of the owner might look for another.
//
// It makes the audit partitions of the coming year on its way. Errors: fault.Unavailable saying which of these fails,
// and the statement that mends it.
func (d *DB) Ready(ctx context.Context) error {
	var r rights
	migrated, err := d.get(ctx, "", &r, readRights)
	switch {
	case err != nil:
		return unavailable(err)
	case !migrated:
		return fault.New(fault.Unavailable, "The database is not migrated: run `data-api migrate`.")
	case r.Rises:
		return fault.New(fault.Unavailable, "The database role %s owns the tables or may bypass row-level security, "+
			"or can gain that, by CREATEROLE or a role that it belongs to: use the app role.", r.Role)
	case r.Revoke != "":
		return fault.New(fault.Unavailable, "The database role %s could change the audit log, directly or by objects "+
			"of its own that run as the owner. As the owner of the database run: %s", r.Role, r.Revoke)
	}

	var made int
	_, err = d.get(ctx, "", &made, `SELECT ensure_audit_partitions(12)`)
	return unavailable(err)
}
