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

// openUploadQuery locks an upload and, if it is open, whoever asked for it and its key. It reads what role or scopes
// that one has now: none if they are gone.
var openUploadQuery = `WITH locked AS (
		SELECT ` + uploadColumns + ` FROM upload WHERE workspace_id = $1 AND id >= $2 AND id <= $2
		ORDER BY id LIMIT 1 FOR UPDATE
	), member_now AS (
		SELECT role FROM member
		WHERE workspace_id = $1 AND id >= $3 AND id <= $3 AND (SELECT state = 'OPEN' FROM locked)
		ORDER BY id LIMIT 1 FOR SHARE
	), key_now AS (
		SELECT scopes FROM api_key
		WHERE workspace_id = $1 AND id >= $4 AND id <= $4 AND revoked_at IS NULL AND (SELECT state = 'OPEN' FROM locked)
		ORDER BY id LIMIT 1 FOR SHARE
	)
	SELECT locked.*, coalesce((SELECT role FROM member_now), '') AS role,
		coalesce((SELECT scopes FROM key_now), '{}') AS scope_names,
		CASE WHEN state = 'OPEN' THEN ` + keyLock(false, `$5`, `$6`) + `::text END AS key_lock
	FROM locked`

type openUploadRow struct {
	uploadRow
	Role       authz.Role
	ScopeNames pq.StringArray
	KeyLock    *string
}

// asker is whoever asked for the upload, as they are now.
func (r openUploadRow) asker(ws authz.WorkspaceID) authz.Actor {
	return authz.Actor{
		Who:       r.CreatedBy,
		Workspace: ws,
		Role:      r.Role,
		Scopes:    authz.NewScopes(scopes(r.ScopeNames)...),
	}
}

// endUploadQuery ends an upload that is open without an object. It returns no row if another one has ended it since:
// then that stands.
var endUploadQuery = `WITH open AS (
		SELECT ctid FROM upload WHERE workspace_id = $1 AND id >= $2 AND id <= $2 AND state = 'OPEN'
		ORDER BY id LIMIT 1 FOR UPDATE
	), ended AS (
		UPDATE upload SET state = $3, rejection = $4, session = NULL WHERE ctid = (SELECT ctid FROM open)
		RETURNING ` + uploadColumns + `
	), released AS (
		UPDATE workspace_usage SET reserved_bytes = reserved_bytes - max_bytes FROM ended WHERE workspace_id = $1
	), ` + recording(4, `''`, `'{}'`, `ended`) + `
	SELECT * FROM ended`

// End implements upload.Store.
func (d Uploads) End(
	ctx context.Context, u upload.Upload, s upload.State, why upload.Rejection, e audit.Entry,
) (upload.Upload, error) {
	var row uploadRow
	done, err := d.write(ctx, e, &row, endUploadQuery, e.By.Workspace, u.ID, s, nullable(why))
	switch {
	case err != nil:
		return u, err
	case done:
		ended, err := row.upload()
		return d.tellEnd(ended), err
	}

	found, err := d.Get(ctx, e.By.Workspace, []upload.ID{u.ID})
	if err == nil && len(found) == 0 {
		err = upload.NotFound()
	}

	if err != nil {
		return u, err
	}

	return found[0], nil
}

// Commit implements upload.Store.
func (d Uploads) Commit(
	ctx context.Context, u upload.Upload, b upload.Blob, made, rejected audit.Entry,
) (settled upload.Upload, free []object.BlobID, err error) {
	var ended bool
	free, err = d.freeing(ctx, made.By.Workspace, func(tx *Tx) error {
		row, err := tx.openUpload(u)
		if err != nil {
			return err
		}

		if settled, err = row.upload(); err != nil || settled.State != upload.Open {
			tx.bookkeeping("the upload had ended before")
			return err
		}

		ended = true
		settled, err = tx.settle(settled, row.asker(tx.ws), b, made, rejected)
		return err
	})
	switch {
	case err == nil && ended:
		return d.tellEnd(settled), free, nil
	case err == nil:
		free, err = d.strays(ctx, made.By.Workspace, object.BlobID(u.ID))
	}

	return settled, free, err
}

// tellEnd returns an upload that has ended.
func (d Uploads) tellEnd(u upload.Upload) upload.Upload {
	if d.UploadEnded != nil {
		d.UploadEnded(u)
	}

	return u
}

// openUpload locks an upload, whoever asked for it and its key. Who that is and which key never change.
func (t *Tx) openUpload(u upload.Upload) (row openUploadRow, err error) {
	var memberID, keyID any
	id := ident.Of[audit.Event](u.CreatedBy.PrincipalID)
	if u.CreatedBy.Kind == authz.APIKey {
		keyID = id
	} else {
		memberID = id
	}

	_, err = t.get(&row, openUploadQuery, t.ws, u.ID, memberID, keyID, u.DatastoreID.String(), u.Key)
	return row, err
}

// settle makes an upload that is locked the next version of its key, or rejects it.
func (t *Tx) settle(
	u upload.Upload, asker authz.Actor, b upload.Blob, made, rejected audit.Entry,
) (upload.Upload, error) {
	v, why, err := t.take(u, asker, b, made)
	if err != nil {
		return u, err
	}

	if why == "" {
		u.State, u.VersionID, u.Session = upload.Completed, &v.ID, nil
		return u, nil
	}

	t.freed = []object.BlobID{object.BlobID(u.ID)}
	var row uploadRow
	if _, err := t.write(rejected.Fill("rejection", why), &row, endUploadQuery, t.ws, u.ID, upload.Rejected,
		nullable(why)); err != nil {
		return u, err
	}

	return row.upload()
}

// take makes the blob of an upload the next version of its key, or says why that may not be.
func (t *Tx) take(
	u upload.Upload, asker authz.Actor, b upload.Blob, e audit.Entry,
) (v object.Version, why upload.Rejection, err error) {
	if !upload.MayLand(asker) {
		return v, upload.Revoked, nil
	}

	at, err := t.targetAt(u.DatastoreID, u.Key)
	if err != nil {
		return v, "", err
	}

	v, err = t.writeAt(at, become(u, b), u.ID, e)
	if no, refused := errors.AsType[*object.RefusedError](err); refused {
		return v, upload.RejectionFor(no), nil
	}

	return v, "", err
}

// become is what an upload is to become. The policy of its datastore counts as it is now, not as it was when the upload
// began.
func become(u upload.Upload, b upload.Blob) object.WriteRequest {
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
