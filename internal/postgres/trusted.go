package postgres

import (
	"context"
	"encoding/json"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/trusted"
	"github.com/provenanceone/data-api/internal/workspace"
)

// TrustedDocuments stores the documents that workspaces list: it implements trusted.Store.
type TrustedDocuments struct{ *DB }

// TrustedDocuments returns the store of trusted documents.
func (d *DB) TrustedDocuments() TrustedDocuments { return TrustedDocuments{d} }

const listColumns = `revision, documents AS texts, set_at, set_by_kind AS "set_by.kind",
	set_by_id AS "set_by.principal_id", set_by_label AS "set_by.label"`

type listRow struct {
	trusted.List
	Texts []byte
}

func (r listRow) list() (trusted.List, error) {
	return r.List, json.Unmarshal(r.Texts, &r.Documents)
}

// Get implements trusted.Store.
func (d TrustedDocuments) Get(ctx context.Context, ws authz.WorkspaceID) (trusted.List, bool, error) {
	var row listRow
	found, err := d.get(ctx, ws, &row, `SELECT `+listColumns+` FROM trusted_documents WHERE workspace_id = $1`, ws)
	if err != nil || !found {
		return trusted.List{}, false, err
	}

	list, err := row.list()
	return list, true, err
}

// Set implements trusted.Store.
func (d TrustedDocuments) Set(ctx context.Context, l trusted.List, e audit.Entry) (trusted.List, error) {
	texts, err := json.Marshal(l.Documents)
	if err != nil {
		return trusted.List{}, err
	}

	var row listRow
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if err := tx.stillAdmin(l.SetBy); err != nil {
			return err
		}

		var name string
		if found, err := tx.get(&name, `SELECT name FROM workspace WHERE id = $1 FOR NO KEY UPDATE`, tx.ws); err != nil {
			return err
		} else if !found {
			return workspace.NotFound()
		}

		same, err := tx.get(&row, `SELECT `+listColumns+` FROM trusted_documents
			WHERE workspace_id = $1 AND documents = $2`, tx.ws, string(texts))
		if err != nil || same {
			tx.bookkeeping("the list was like that before")
			return err
		}

		return tx.replaceList(&row, l, texts, e.FillTarget(tx.ws.String(), name))
	})
	if err != nil {
		return trusted.List{}, err
	}

	return row.list()
}

// replaceList keeps a list in the place of the one before, as the next revision.
func (t *Tx) replaceList(row *listRow, l trusted.List, texts []byte, e audit.Entry) error {
	if _, err := t.get(row, `INSERT INTO trusted_documents AS before (workspace_id, revision, documents, set_at,
			set_by_kind, set_by_id, set_by_label) VALUES ($1, 1, $2, $3, $4, $5, $6)
		ON CONFLICT (workspace_id) DO UPDATE SET revision = before.revision + 1, documents = $2, set_at = $3,
			set_by_kind = $4, set_by_id = $5, set_by_label = $6
		RETURNING `+listColumns, t.ws, string(texts), l.SetAt, l.SetBy.Kind, l.SetBy.PrincipalID,
		l.SetBy.Label); err != nil {
		return err
	}

	return t.record(e.Fill("revision", row.Revision))
}
