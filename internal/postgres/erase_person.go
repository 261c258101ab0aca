package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/erasure"
)

var _ erasure.People = (*Owner)(nil)

// naming are the columns of a table that say who did something: the kind of caller, the id, and the label that is
// shown.
type naming struct{ table, kind, id, label string }

// namings are all columns that name people for display, but for those of member, whose rows are dropped. A test holds
// that no table has others. What else an audit event has of its actor is in eraseEvents.
var namings = []naming{
	{"api_key", "created_by_kind", "created_by_id", "created_by_label"},
	{"audit_event", "actor_kind", "actor_id", "actor_label"},
	{"datastore", "created_by_kind", "created_by_id", "created_by_label"},
	{"deletion", "created_by_kind", "created_by_id", "created_by_label"},
	{"object_version", "created_by_kind", "created_by_id", "created_by_label"},
	{"runtime_key", "created_by_kind", "created_by_id", "created_by_label"},
	{"secret", "created_by_kind", "created_by_id", "created_by_label"},
	{"secret_version", "created_by_kind", "created_by_id", "created_by_label"},
	{"trusted_documents", "set_by_kind", "set_by_id", "set_by_label"},
	{"upload", "created_by_kind", "created_by_id", "created_by_label"},
}

// findPerson returns a query of the ids of all memberships that a person has or had in a workspace, and the addresses
// by which they are known. A sighting is what one row has of id, address and identity; from the person given, the query
// goes on to every sighting that shares one, until there is no more. An event that has a subject does not say at which
// issuer.
func findPerson() string {
	sightings := `SELECT id::text COLLATE "C" AS id, email COLLATE "C" AS label, issuer COLLATE "C" AS issuer,
			subject COLLATE "C" AS subject FROM member WHERE workspace_id = $1
		UNION SELECT target_id, target_label, NULL, details->>'unboundSubject' FROM audit_event
			WHERE workspace_id = $1 AND target_kind = 'member'`
	for _, n := range namings {
		sightings += ` UNION SELECT ` + n.id + `, ` + n.label + `, NULL, NULL FROM ` + n.table +
			` WHERE workspace_id = $1 AND ` + n.kind + ` = 'USER'`
	}

	return `WITH RECURSIVE sighting AS MATERIALIZED (
			SELECT nullif(id, '') AS id, CASE WHEN label LIKE '%@%' THEN lower(label) END AS address, issuer, subject
				FROM (` + sightings + `) s
		), mine AS (
			SELECT NULL::text COLLATE "C" AS id, nullif($4, '')::text COLLATE "C" AS address,
				$2::text COLLATE "C" AS issuer, nullif($3, '')::text COLLATE "C" AS subject
			UNION SELECT s.* FROM mine m JOIN sighting s ON s.id = m.id OR s.address = m.address
				OR s.subject = m.subject AND (s.issuer = m.issuer) IS NOT FALSE
		)
		SELECT array_agg(DISTINCT id) FILTER (WHERE id IS NOT NULL) AS ids,
			array_agg(DISTINCT address) FILTER (WHERE address IS NOT NULL) AS addresses FROM mine`
}

// eraseEvents takes out of the log what else it has of a person: the addresses and programs of what the person did, and
// the person as what something was done to. $3 is erasure.Nobody.
var eraseEvents = []string{
	`UPDATE audit_event SET ip = '', user_agent = '', details = details - 'addresses'
		WHERE workspace_id = $1 AND actor_kind = 'USER' AND actor_id = ANY($2)
			AND (ip <> '' OR user_agent <> '' OR details ? 'addresses') AND $3 <> ''`,
	`UPDATE audit_event SET target_label = $3, details = details - 'unboundSubject'
		WHERE workspace_id = $1 AND target_kind = 'member' AND target_id = ANY($2)
			AND (target_label <> $3 OR details ? 'unboundSubject')`,
}

// eraseAddress replaces an address wherever an event has it, as a word of its own: $2 is a pattern.
const eraseAddress = `UPDATE audit_event SET reason = regexp_replace(reason, $2, $3, 'gi'),
		target_label = regexp_replace(target_label, $2, $3, 'gi'),
		details = regexp_replace(details::text, $2, $3, 'gi')::jsonb
	WHERE workspace_id = $1 AND concat_ws(' ', reason, target_label, details::text) ~* $2`

// addressPattern finds an address, and no longer one that it is a part of.
func addressPattern(address string) string {
	return `(?<![[:alnum:]._%+-])` + regexp.QuoteMeta(address) + `(?![[:alnum:]-]|\.[[:alnum:]])`
}

// errTried undoes a transaction that only finds out.
var errTried = errors.New("nothing is to be changed")

// Workspaces implements erasure.People.
func (o *Owner) Workspaces(ctx context.Context) (all []authz.WorkspaceID, err error) {
	err = o.db.SelectContext(ctx, &all, `SELECT id FROM workspace ORDER BY id`)
	return all, err
}

// ErasePerson implements erasure.People.
func (o *Owner) ErasePerson(
	ctx context.Context, in authz.WorkspaceID, p erasure.Person, try bool,
) (erasure.Traces, error) {
	traces := erasure.Traces{Workspace: in, Rows: map[string]int64{}}
	err := o.in(ctx, in, sql.LevelDefault, func(tx *sqlx.Tx) error {
		e := personEraser{Tx: tx, in: in, rows: traces.Rows}
		if err := e.erase(ctx, p); err != nil {
			return err
		}

		if err := tx.GetContext(ctx, &traces.Admins, `SELECT count(*) FROM member WHERE workspace_id = $1
			AND role = 'ADMIN'`, in); err != nil {
			return err
		}

		switch {
		case try:
			return errTried
		case !traces.Any():
			return nil
		}

		return e.record(ctx)
	})
	if errors.Is(err, errTried) {
		err = nil
	}

	return traces, err
}

// personEraser erases one person in one transaction.
type personEraser struct {
	*sqlx.Tx
	in   authz.WorkspaceID
	rows map[string]int64
	ids  pq.StringArray
}

// endPerson are the statements that end what a person comes in by, each with its table.
var endPerson = [][2]string{
	{"api_key", `UPDATE api_key SET revoked_at = now() WHERE workspace_id = $1 AND created_by_kind = 'USER'
		AND created_by_id = ANY($2) AND revoked_at IS NULL`},
	{"runtime_key", `DELETE FROM runtime_key WHERE workspace_id = $1 AND created_by_kind = 'USER'
		AND created_by_id = ANY($2)`},
	{"member", `DELETE FROM member WHERE workspace_id = $1 AND id::text = ANY($2)`},
}

func (e *personEraser) erase(ctx context.Context, p erasure.Person) error {
	var addresses pq.StringArray
	row := e.QueryRowContext(ctx, findPerson(), e.in, p.Issuer, p.Subject, p.Email)
	if err := row.Scan(&e.ids, &addresses); err != nil {
		return fmt.Errorf("finding the person: %w", err)
	}

	for _, s := range endPerson {
		if err := e.exec(ctx, s[0], s[1], e.ids); err != nil {
			return err
		}
	}

	for _, statement := range eraseEvents {
		if err := e.exec(ctx, "audit_event", statement, e.ids, erasure.Nobody); err != nil {
			return err
		}
	}

	for _, address := range addresses {
		if err := e.exec(ctx, "audit_event", eraseAddress, addressPattern(address), erasure.Nobody); err != nil {
			return err
		}
	}

	return e.eraseNamings(ctx)
}

func (e *personEraser) eraseNamings(ctx context.Context) error {
	for _, n := range namings {
		if err := e.exec(ctx, n.table, `UPDATE `+n.table+` SET `+n.label+` = $3 WHERE workspace_id = $1 AND `+n.kind+
			` = 'USER' AND `+n.id+` = ANY($2) AND `+n.label+` <> $3`, e.ids, erasure.Nobody); err != nil {
			return err
		}
	}

	return nil
}

func (e *personEraser) exec(ctx context.Context, table, statement string, arguments ...any) error {
	done, err := e.ExecContext(ctx, statement, append([]any{e.in}, arguments...)...)
	if err != nil {
		return fmt.Errorf("erasing in %s: %w", table, err)
	}

	n, err := done.RowsAffected()
	e.rows[table] += n
	return err
}

// record puts on record that members were erased, by their ids.
func (e *personEraser) record(ctx context.Context) error {
	by := authz.Actor{Who: authz.Who{Kind: authz.System, Label: "operator"}, Workspace: e.in}
	for _, id := range e.ids {
		event, err := turnEntry(audit.Record(by, audit.MemberRemoved).On("member", id, erasure.Nobody).
			With("erased", true)).columns()
		if err != nil {
			return err
		}

		statement, arguments := append(columns{{"workspace_id", e.in}}, event...).insert("audit_event")
		if _, err := e.ExecContext(ctx, statement, arguments...); err != nil {
			return fmt.Errorf("recording: %w", err)
		}
	}

	return nil
}
