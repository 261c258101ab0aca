package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/workspace"
)

// APIKeys stores API keys: it implements apikey.Store, and authn.Keys for whoever authenticates with one.
type APIKeys struct{ *DB }

// APIKeys returns the store of API keys.
func (d *DB) APIKeys() APIKeys { return APIKeys{d} }

const createdBy = `created_by_kind AS "created_by.kind", created_by_id AS "created_by.principal_id",
	created_by_label AS "created_by.label"`

const keyColumns = `id, name, prefix, scopes AS scope_names, allowed_networks AS networks, expires_at, last_used_at,
	revoked_at, (SELECT true FROM trusted_only_key h WHERE h.workspace_id = api_key.workspace_id
		AND h.api_key_id >= api_key.id AND h.api_key_id <= api_key.id ORDER BY h.api_key_id LIMIT 1) IS NOT NULL
		AS trusted_documents_only, created_at, ` + createdBy

type keyRow struct {
	apikey.Key
	ScopeNames pq.StringArray
	Networks   pq.StringArray
}

func (r keyRow) key() apikey.Key {
	r.Scopes, r.AllowedNetworks = scopes(r.ScopeNames), append([]string{}, r.Networks...)
	return r.Key
}

func scopes(names []string) []authz.Scope {
	all := make([]authz.Scope, len(names))
	for i, name := range names {
		all[i] = authz.Scope(name)
	}

	return all
}

// Create implements apikey.Store.
func (d APIKeys) Create(ctx context.Context, k apikey.Key, hash []byte, e audit.Entry) error {
	return d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if err := tx.stillAdmin(k.CreatedBy); err != nil {
			return err
		}

		statement, arguments := columns{
			{"workspace_id", tx.ws},
			{"id", k.ID},
			{"name", k.Name},
			{"prefix", k.Prefix},
			{"token_hash", hash},
			{"scopes", k.Scopes},
			{"allowed_networks", k.AllowedNetworks},
			{"expires_at", k.ExpiresAt},
			{"created_at", k.CreatedAt},
		}.createdBy(k.CreatedBy).insert("api_key")
		if _, err := tx.exec(statement, arguments...); err != nil {
			return err
		}

		if k.TrustedDocumentsOnly {
			if _, err := tx.exec(`INSERT INTO trusted_only_key (workspace_id, api_key_id) VALUES ($1, $2)`, tx.ws,
				k.ID); err != nil {
				return err
			}
		}

		if err := tx.atMost(d.Limits.APIKeys, workspace.UsableKeys); err != nil {
			return err
		}

		return tx.record(e)
	})
}

// Revoke implements apikey.Store.
func (d APIKeys) Revoke(ctx context.Context, id apikey.ID, e audit.Entry) (apikey.Key, error) {
	var row keyRow
	err := d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		found, err := tx.get(&row, `SELECT `+keyColumns+
			` FROM api_key WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, tx.ws, id)
		switch {
		case err != nil:
			return err
		case !found:
			return apikey.NotFound()
		case row.RevokedAt != nil:
			tx.bookkeeping("the key was revoked before")
			return nil
		}

		if _, err := tx.get(&row,
			`UPDATE api_key SET revoked_at = now() WHERE workspace_id = $1 AND id = $2 RETURNING `+keyColumns, tx.ws,
			id); err != nil {
			return err
		}

		return tx.record(e.FillTarget(row.ID.String(), row.Name))
	})
	return row.key(), err
}

// Get implements apikey.Store.
func (d APIKeys) Get(ctx context.Context, ws authz.WorkspaceID, ids []apikey.ID) ([]apikey.Key, error) {
	var rows []keyRow
	if err := d.list(ctx, ws, &rows, byID(keyColumns, `api_key`, `true`), ws, distinct(ids)); err != nil {
		return nil, err
	}

	return keysOf(rows), nil
}

func keysOf(rows []keyRow) []apikey.Key {
	all := make([]apikey.Key, len(rows))
	for i, row := range rows {
		all[i] = row.key()
	}

	return all
}

// keyOrder is newest first.
var keyOrder = page.Order[apikey.Key]{
	Name:  "apiKeys",
	Start: page.Key{lastID},
	Key:   func(k apikey.Key) page.Key { return page.Key{k.ID.String()} },
}

// List implements apikey.Store.
func (d APIKeys) List(ctx context.Context, ws authz.WorkspaceID, r page.Request) (page.Page[apikey.Key], error) {
	order := keyOrder.Of(ws)
	at, err := order.After(r)
	if err != nil {
		return page.Page[apikey.Key]{}, err
	}

	var rows []keyRow
	if err := d.list(ctx, ws, &rows, `SELECT `+keyColumns+` FROM api_key
		WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`, ws, apikey.ID(at[0]), r.Limit()); err != nil {
		return page.Page[apikey.Key]{}, err
	}

	total, err := d.count(ctx, ws, r, `SELECT count(*) FROM api_key WHERE workspace_id = $1`, ws)
	return order.Cut(r, keysOf(rows), total), err
}

// count returns the length of a whole list, if the page asks for it.
func (d *DB) count(
	ctx context.Context, ws authz.WorkspaceID, r page.Request, query string, args ...any,
) (n int32, err error) {
	if r.Count {
		_, err = d.get(ctx, ws, &n, query, args...)
	}

	return n, err
}

// ByHash implements authn.Keys. It runs before a workspace is known.
func (d APIKeys) ByHash(ctx context.Context, hash []byte) (authn.Key, bool, error) {
	var row struct {
		ID              string
		Name            string
		WorkspaceID     authz.WorkspaceID
		Region          string
		Scopes          pq.StringArray
		AllowedNetworks pq.StringArray
		ExpiresAt       *time.Time
		LastUsedAt      *time.Time
		RevokedAt       *time.Time
		Bound           string

		TrustedDocumentsOnly bool
		DocumentsRevision    int64
	}
	found, err := d.get(ctx, selfBinding, &row, `SELECT id, name, workspace_id, region, scopes, allowed_networks,
		expires_at, last_used_at, revoked_at, trusted_documents_only, documents_revision,
		set_config('app.workspace_id', workspace_id::text, false) AS bound
		FROM api_key_by_token($1)`, hash)
	return authn.Key{
		ID:              row.ID,
		Name:            row.Name,
		Workspace:       row.WorkspaceID,
		Region:          row.Region,
		Scopes:          scopes(row.Scopes),
		AllowedNetworks: row.AllowedNetworks,
		ExpiresAt:       row.ExpiresAt,
		LastUsedAt:      row.LastUsedAt,
		RevokedAt:       row.RevokedAt,

		TrustedDocumentsOnly: row.TrustedDocumentsOnly,
		DocumentsRevision:    row.DocumentsRevision,
	}, found, err
}

// MarkUsed implements authn.Keys.
func (d APIKeys) MarkUsed(ctx context.Context, k authn.Key, at time.Time) error {
	return d.transact(ctx, k.Workspace, func(tx *Tx) error {
		tx.bookkeeping("when a key was last used")
		_, err := tx.exec(`UPDATE api_key SET last_used_at = greatest(last_used_at, $3) WHERE workspace_id = $1
			AND id = $2`, tx.ws, apikey.ID(k.ID), at)
		return err
	})
}
