package postgres

import (
	"context"
	"slices"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/secret"
)

// References stores which consumers use which secrets: it implements reference.Store.
type References struct{ *DB }

// References returns the store of references.
func (d *DB) References() References { return References{d} }

const referenceColumns = `secret_id, created_at, kind AS "consumer.kind", external_id AS "consumer.external_id",
	name AS "consumer.name"`

// Set implements reference.Store. It locks the secrets in the order of their ids, as whoever deletes one
// does.
func (d References) Set(
	ctx context.Context, c reference.Consumer, secrets []secret.ID, e audit.Entry,
) (all []reference.Reference, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if err := tx.lockReferable(secrets); err != nil {
			return err
		}

		before, err := tx.referencesOf(c)
		if err != nil {
			return err
		}

		if _, err := tx.exec(`DELETE FROM secret_reference WHERE workspace_id = $1 AND kind = $2 AND external_id = $3
			AND secret_id <> ALL($4::uuid[])`,
			tx.ws, c.Kind, c.ExternalID, known(secrets)); err != nil {
			return err
		}

		if _, err := tx.exec(`INSERT INTO secret_reference (workspace_id, secret_id, kind, external_id, name)
			SELECT $1, id, $2, $3, $5 FROM unnest($4::uuid[]) AS id
			ON CONFLICT (workspace_id, kind, external_id, secret_id) DO UPDATE SET name = excluded.name`,
			tx.ws, c.Kind, c.ExternalID, known(secrets), c.Name); err != nil {
			return err
		}

		if all, err = tx.referencesOf(c); err != nil {
			return err
		}

		if reference.Same(before, all) {
			tx.bookkeeping("the consumer used the same secrets before")
			return nil
		}

		return tx.record(e)
	})
	return all, err
}

// referencesOf returns what a consumer refers to, in the order of the secrets' ids.
func (t *Tx) referencesOf(c reference.Consumer) (all []reference.Reference, err error) {
	err = t.list(&all, `SELECT `+referenceColumns+` FROM secret_reference
		WHERE workspace_id = $1 AND kind = $2 AND external_id >= $3 AND external_id <= $3
		ORDER BY external_id, secret_id`, t.ws, c.Kind, c.ExternalID)
	return all, err
}

// lockReferable errors: fault.NotFound naming those of the secrets that do not exist or are deleted.
func (t *Tx) lockReferable(secrets []secret.ID) error {
	var active []secret.ID
	if err := t.list(&active, lockEach(`secret`, `unnest($2::uuid[]) AS id`, `state = 'ACTIVE'`, `SHARE`),
		t.ws, known(secrets)); err != nil {
		return err
	}

	missing := slices.DeleteFunc(slices.Clone(secrets), func(id secret.ID) bool { return slices.Contains(active, id) })
	if len(missing) > 0 {
		return reference.Missing(missing)
	}

	return nil
}

type referenceRow struct {
	ordinal
	reference.Reference
}

func (r referenceRow) reference() (reference.Reference, error) { return r.Reference, nil }

var referenceOrder = page.Order[reference.Reference]{
	Name:  "secretReferences",
	Start: page.Key{"", ""},
	Key: func(r reference.Reference) page.Key {
		return page.Key{string(r.Consumer.Kind), r.Consumer.ExternalID}
	},
}

// List implements reference.Store.
func (d References) List(
	ctx context.Context, ws authz.WorkspaceID, of []secret.ID, r page.Request,
) ([]page.Page[reference.Reference], error) {
	at, orders, err := ordersOf(r, referenceOrder, ws, of)
	if err != nil {
		return nil, err
	}

	var rows []referenceRow
	if err := d.list(ctx, ws, &rows, each(`SELECT `+referenceColumns+` FROM secret_reference
		WHERE workspace_id = $1 AND (secret_id, kind, external_id) > (parent.id, $3, $4) AND secret_id <= parent.id
		ORDER BY secret_id, kind, external_id LIMIT $5`,
		`q."consumer.kind", q."consumer.external_id"`), ws, inOrder(of), at[0], at[1], r.Limit()); err != nil {
		return nil, err
	}

	all, err := pages(r, orders, rows, referenceRow.reference)
	if err != nil {
		return nil, err
	}

	return all, countEach(ctx, d.DB, ws, r, all, `SELECT count(*) AS n FROM secret_reference WHERE workspace_id = $1
		AND secret_id = parent.id`, inOrder(of))
}
