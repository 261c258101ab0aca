package postgres

import (
	"context"
	"errors"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// Commit implements upload.Store.
func (d Uploads) Commit(
	ctx context.Context, u upload.Upload, b upload.Blob, made, rejected audit.Entry,
) (upload.Upload, []object.BlobID, error) {
	var ended bool
	settled, free, err := d.endOpen(ctx, made.By.Workspace, u, func(tx *Tx) (upload.Upload, error) {
		ended = true
		v, why, err := tx.take(u, b)
		if err != nil {
			return u, err
		}

		if why != "" {
			tx.freed = []object.BlobID{object.BlobID(u.ID)}
			return tx.endUpload(u, upload.Rejected, why, nil, rejected.Fill("rejection", why))
		}

		return tx.endUpload(u, upload.Completed, "", &v.ID, written(made, u.Key, v))
	})
	if err == nil && !ended {
		free, err = d.strays(ctx, made.By.Workspace, object.BlobID(u.ID))
	}

	return settled, free, err
}

// take makes the blob of an upload the next version of its key, or says why that may not be.
func (t *Tx) take(u upload.Upload, b upload.Blob) (v object.Version, why upload.Rejection, err error) {
	asker, err := t.asker(u)
	if err != nil {
		return v, "", err
	}

	if !upload.MayLand(asker) {
		return v, upload.Revoked, nil
	}

	v, err = t.writeVersion(next(u, b))
	if no, refused := errors.AsType[*object.RefusedError](err); refused {
		return v, upload.RejectionFor(no), nil
	}

	return v, "", err
}

// next is what an upload is to become. The policy of its datastore counts as it is now, not as it was when the upload
// began.
func next(u upload.Upload, b upload.Blob) object.WriteRequest {
	v := object.Version{
		ID:          ident.New[object.Version](),
		BlobID:      object.BlobID(u.ID),
		SizeBytes:   b.SizeBytes,
		ContentType: b.ContentType,
		CRC32C:      b.CRC32C,
		Metadata:    u.Metadata,
		WrittenBy:   u.Run,
		CreatedBy:   u.CreatedBy,
	}
	if b.MD5 != "" {
		v.MD5 = &b.MD5
	}

	return object.WriteRequest{
		DatastoreID: u.DatastoreID,
		Key:         u.Key,
		Only:        object.Precondition{Version: u.IfVersion},
		Version:     v,
		LandedAt:    &b.CreatedAt,
		Reserved:    true,
	}
}

// strays returns the blob if no version refers to it: whoever settled first is done with it, and this copy was made
// too late.
func (d Uploads) strays(ctx context.Context, ws authz.WorkspaceID, id object.BlobID) ([]object.BlobID, error) {
	var used bool
	if _, err := d.get(ctx, ws, &used, `SELECT count(*) > 0 FROM blob WHERE workspace_id = $1 AND id = $2 AND refs > 0`,
		ws, id); err != nil || used {
		return nil, err
	}

	return []object.BlobID{id}, nil
}

// End implements upload.Store.
func (d Uploads) End(
	ctx context.Context, u upload.Upload, s upload.State, why upload.Rejection, e audit.Entry,
) (upload.Upload, error) {
	settled, _, err := d.endOpen(ctx, e.By.Workspace, u,
		func(tx *Tx) (upload.Upload, error) { return tx.endUpload(u, s, why, nil, e) })
	return settled, err
}

// endOpen runs end on the upload if it is still open; another one may have settled it since, and then that stands.
func (d Uploads) endOpen(
	ctx context.Context, ws authz.WorkspaceID, u upload.Upload, end func(*Tx) (upload.Upload, error),
) (settled upload.Upload, freed []object.BlobID, err error) {
	freed, err = d.freeing(ctx, ws, func(tx *Tx) error {
		var row uploadRow
		if _, err := tx.get(&row, `SELECT `+uploadColumns+` FROM upload WHERE workspace_id = $1 AND id = $2 FOR UPDATE`,
			tx.ws, u.ID); err != nil {
			return err
		}

		if settled, err = row.upload(); err != nil || settled.State != upload.Open {
			tx.bookkeeping("the upload had ended before")
			return err
		}

		settled, err = end(tx)
		return err
	})
	return settled, freed, err
}

func (t *Tx) endUpload(
	u upload.Upload, s upload.State, why upload.Rejection, became *object.VersionID, e audit.Entry,
) (upload.Upload, error) {
	u.State, u.VersionID, u.Session = s, became, nil
	if why != "" {
		u.Rejection = &why
	}

	if _, err := t.exec(`UPDATE upload SET state = $3, rejection = $4, version_id = $5, session = NULL
		WHERE workspace_id = $1 AND id = $2`,
		t.ws, u.ID, u.State, u.Rejection, u.VersionID); err != nil {
		return u, err
	}

	if err := t.unreserve(u.MaxBytes); err != nil {
		return u, err
	}

	return u, t.record(e)
}

// asker reads what role or scopes whoever asked for the upload has now, none if they are gone, and keeps that so until
// the commit.
func (t *Tx) asker(u upload.Upload) (authz.Actor, error) {
	var row struct {
		Role       authz.Role
		ScopeNames pq.StringArray
	}
	query := `SELECT role FROM member WHERE workspace_id = $1 AND id = $2 FOR SHARE`
	if u.CreatedBy.Kind == authz.APIKey {
		query = `SELECT scopes AS scope_names FROM api_key WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL
			FOR SHARE`
	}

	_, err := t.get(&row, query, t.ws, ident.Of[audit.Event](u.CreatedBy.PrincipalID))
	granted := authz.NewScopes(scopes(row.ScopeNames)...)
	return authz.Actor{Who: u.CreatedBy, Workspace: t.ws, Role: row.Role, Scopes: granted}, err
}
