package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/authz"
)

// Owner is the database as the role that owns it, for what operators do to a workspace as a whole.
//
// Row-level security binds the owner too: each transaction is bound to one workspace, and sees and changes no row of
// another one. No time bounds a statement.
type Owner struct{ db *sqlx.DB }

// OpenOwner opens the database at an owner's URL. Errors: fault.Invalid for a URL that is none; those of DB.Check.
func OpenOwner(ctx context.Context, url string) (*Owner, error) {
	config, err := parse(url)
	if err != nil {
		return nil, err
	}

	base, err := pq.NewConnectorConfig(config)
	if err != nil {
		return nil, notUnderstood(err)
	}

	return &Owner{sqlx.NewDb(sql.OpenDB(base), "postgres")}, checkURL(ctx, url)
}

// Close ends all connections.
func (o *Owner) Close() error { return o.db.Close() }

// in runs do in a transaction that is bound to a workspace.
func (o *Owner) in(
	ctx context.Context, id authz.WorkspaceID, level sql.IsolationLevel, do func(tx *sqlx.Tx) error,
) (err error) {
	tx, err := o.db.BeginTxx(ctx, &sql.TxOptions{Isolation: level})
	if err != nil {
		return fmt.Errorf("beginning as the owner: %w", err)
	}

	defer func() {
		if err != nil {
			err = errors.Join(err, tx.Rollback())
		}
	}()
	if _, err := tx.ExecContext(ctx, `SELECT set_config('app.workspace_id', $1, true),
		set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)`, id); err != nil {
		return err
	}

	if err := do(tx); err != nil {
		return err
	}

	return tx.Commit()
}

// ofWorkspaces tells the tables of workspaces, c, from others: by their column, and without partitions.
const ofWorkspaces = `c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
	AND (c.relname = 'workspace' OR EXISTS (SELECT FROM pg_attribute a
		WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped))`

// tenantTable is a table each of whose rows belongs to a workspace.
type tenantTable struct {
	Name string
	// Key is the column that says to which.
	Key string
	// PrimaryKey are its columns, separated by commas.
	PrimaryKey string `db:"primary_key"`
	// Hidden are columns that no export has: hashes, and what is sealed.
	Hidden pq.StringArray
	// Refers are the tables that it refers to.
	Refers pq.StringArray
}

// what is a column of bytes is a hash of a credential or of a value, or sealed; but for the public keys.
const readTenantTables = `SELECT c.relname AS name, CASE c.relname WHEN 'workspace' THEN 'id' ELSE 'workspace_id' END AS key,
		(SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY k.n) FROM pg_index i
			CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k(attnum, n)
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
			WHERE i.indrelid = c.oid AND i.indisprimary) AS primary_key,
		ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0
			AND NOT a.attisdropped AND a.atttypid = 'bytea'::regtype
			AND (c.relname, a.attname) <> ('runtime_key', 'public_key')) AS hidden,
		ARRAY(SELECT r.relname::text FROM pg_constraint f JOIN pg_class r ON r.oid = f.confrelid
			WHERE f.conrelid = c.oid AND f.contype = 'f' AND r.oid <> c.oid) AS refers
	FROM pg_class c WHERE ` + ofWorkspaces + ` ORDER BY c.relname`

// tables returns all that there are in this database, each before those that it refers to.
func (o *Owner) tables(ctx context.Context) ([]tenantTable, error) {
	var left, all []tenantTable
	if err := o.db.SelectContext(ctx, &left, readTenantTables); err != nil {
		return nil, fmt.Errorf("reading which tables there are: %w", err)
	}

	for len(left) > 0 {
		free := slices.IndexFunc(left, func(t tenantTable) bool {
			return !slices.ContainsFunc(left, func(other tenantTable) bool {
				return slices.Contains(other.Refers, t.Name)
			})
		})
		if free < 0 {
			return nil, fmt.Errorf("the tables from %s on refer to each other in a circle", left[0].Name)
		}

		all, left = append(all, left[free]), slices.Delete(left, free, free+1)
	}

	return all, nil
}
