package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// CommitUpload implements upload.Store.
func (d *DB) CommitUpload(ctx context.Context, u upload.Upload, b upload.Blob, e audit.Entry) (upload.Upload, []object.BlobID, error) {
	var free []object.BlobID
	var ended bool
	settled, err := d.endOpen(ctx, u, e, func(tx *Tx, e *audit.Entry) (upload.Upload, error) {
		ended = true
		why, before, err := tx.refuse(u, b)
		if err != nil {
			return u, err
		}
		if why != "" {
			free = []object.BlobID{object.BlobID(u.ID)}
			*e = refused(*e, u, why)
			return tx.endUpload(u, upload.Rejected, why, nil)
		}
		version, gone, err := tx.addVersion(u, b, before, e)
		if err != nil {
			return u, err
		}
		free = gone
		return tx.endUpload(u, upload.Completed, "", &version)
	})
	if err == nil && !ended {
		free, err = d.strays(ctx, e.By.Workspace, object.BlobID(u.ID))
	}
	return settled, free, err
}

// strays returns the blob if no version refers to it: whoever settled first is done with it, and this copy was made too late.
func (d *DB) strays(ctx context.Context, ws authz.WorkspaceID, id object.BlobID) ([]object.BlobID, error) {
	var used bool
	if _, err := d.get(ctx, ws, &used, `SELECT count(*) > 0 FROM blob WHERE workspace_id = $1 AND id = $2 AND refs > 0`, ws, id); err != nil || used {
		return nil, err
	}
	return []object.BlobID{id}, nil
}

// refused turns the entry of an object that was to be made into that of an upload that was not taken.
func refused(e audit.Entry, u upload.Upload, why upload.Rejection) audit.Entry {
	r := audit.Record(e.By, audit.UploadRejected).Ended(audit.Failed).On("upload", u.ID.String(), u.Key)
	return r.With("datastoreId", u.DatastoreID).With("rejection", why)
}

// EndUpload implements upload.Store.
func (d *DB) EndUpload(ctx context.Context, u upload.Upload, s upload.State, why upload.Rejection, e audit.Entry) (upload.Upload, error) {
	return d.endOpen(ctx, u, e, func(tx *Tx, _ *audit.Entry) (upload.Upload, error) { return tx.endUpload(u, s, why, nil) })
}

// endOpen runs end on the upload if it is still open; another one may have settled it since, and then that stands.
func (d *DB) endOpen(ctx context.Context, u upload.Upload, e audit.Entry, end func(*Tx, *audit.Entry) (upload.Upload, error)) (settled upload.Upload, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		var row uploadRow
		if _, err := tx.get(&row, `SELECT `+uploadColumns+` FROM upload WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, tx.ws, u.ID); err != nil {
			return err
		}
		if settled, err = row.upload(); err != nil || settled.State != upload.Open {
			return err
		}
		if settled, err = end(tx, &e); err != nil {
			return err
		}
		return tx.record(e)
	})
	return settled, err
}

func (t *Tx) endUpload(u upload.Upload, s upload.State, why upload.Rejection, became *object.VersionID) (upload.Upload, error) {
	u.State, u.VersionID, u.Session = s, became, nil
	if why != "" {
		u.Rejection = &why
	}
	if _, err := t.exec(`UPDATE upload SET state = $3, rejection = $4, version_id = $5, session = NULL WHERE workspace_id = $1 AND id = $2`,
		t.ws, u.ID, u.State, u.Rejection, u.VersionID); err != nil {
		return u, err
	}
	return u, t.unreserve(u.MaxBytes)
}

// refuse says why the key or the asker no longer allow the upload, and what is current at the key; no object is the zero one.
func (t *Tx) refuse(u upload.Upload, b upload.Blob) (why upload.Rejection, before object.Object, err error) {
	if err := t.lockKey(u); err != nil {
		return "", before, err
	}
	if _, err := t.lockObject(&before, u.DatastoreID, u.Key); err != nil {
		return "", before, err
	}
	may, err := t.askerMay(u)
	if err != nil {
		return "", before, err
	}
	var later, gone bool
	if _, err := t.get(&gone, `SELECT deleted_at IS NOT NULL FROM datastore WHERE workspace_id = $1 AND id = $2 FOR NO KEY UPDATE`, t.ws, u.DatastoreID); err != nil {
		return "", before, err
	}
	if _, err := t.get(&later, `SELECT count(*) > 0 FROM object_version WHERE workspace_id = $1 AND id = $2 AND landed_at > $3`,
		t.ws, before.Current.ID, b.CreatedAt); err != nil {
		return "", before, err
	}
	switch {
	case !may:
		return upload.Revoked, before, nil
	case u.IfVersion != nil && *u.IfVersion != before.Current.Version:
		return upload.Precondition, before, nil
	case later, gone:
		return upload.Superseded, before, nil
	}
	return "", before, nil
}

// lockKey keeps two first writes of one key apart, which have no row to lock yet.
func (t *Tx) lockKey(u upload.Upload) error {
	_, err := t.exec(`SELECT pg_advisory_xact_lock(hashtextextended($1 || $2, 0))`, u.DatastoreID.String()+"/", u.Key)
	return err
}

// askerMay tells whether whoever asked for the upload could still ask for it.
func (t *Tx) askerMay(u upload.Upload) (may bool, err error) {
	who := ident.Of[audit.Event](u.CreatedBy.PrincipalID)
	if u.CreatedBy.Kind == authz.APIKey {
		_, err = t.get(&may, `SELECT count(*) > 0 FROM api_key
			WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL AND 'DATASTORES_WRITE' = ANY(scopes)`, t.ws, who)
		return may, err
	}
	_, err = t.get(&may, `SELECT count(*) > 0 FROM member WHERE workspace_id = $1 AND id = $2 AND role IN ('EDITOR', 'ADMIN')`, t.ws, who)
	return may, err
}

// addVersion makes the blob the current version of its key, and returns the blobs that it replaced.
func (t *Tx) addVersion(u upload.Upload, b upload.Blob, before object.Object, e *audit.Entry) (object.VersionID, []object.BlobID, error) {
	if _, err := t.exec(`INSERT INTO blob (workspace_id, id, refs) VALUES ($1, $2, 1)`, t.ws, u.ID); err != nil {
		return "", nil, err
	}
	isNew := before.ID == ""
	o := before
	if isNew {
		o.ID = ident.New[object.Object]()
	}
	number := before.Current.Version + 1
	if err := t.point(u, o.ID, number); err != nil {
		return "", nil, err
	}
	id, err := t.insertVersion(u, b, o.ID, number)
	if err != nil {
		return "", nil, err
	}
	*e = e.On("object", o.ID.String(), u.Key).With("version", number).With("sizeBytes", b.SizeBytes)
	if isNew {
		return id, nil, t.count(u.DatastoreID, 1, b.SizeBytes)
	}
	free, err := t.replace(before.Current)
	if err != nil {
		return "", nil, err
	}
	return id, free, t.count(u.DatastoreID, 0, b.SizeBytes-before.Current.SizeBytes)
}

// point makes the numbered version the key's current one.
func (t *Tx) point(u upload.Upload, id object.ID, number int32) error {
	_, err := t.exec(`INSERT INTO object (workspace_id, id, datastore_id, key, current_version) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, id) DO UPDATE SET current_version = $5`, t.ws, id, u.DatastoreID, u.Key, number)
	return err
}

func (t *Tx) insertVersion(u upload.Upload, b upload.Blob, of object.ID, number int32) (object.VersionID, error) {
	metadata, err := json.Marshal(u.Metadata)
	if err != nil {
		return "", fmt.Errorf("encoding metadata: %w", err)
	}
	id := ident.New[object.Version]()
	_, err = t.exec(`
		INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type, crc32c, md5, metadata,
			landed_at, created_by_kind, created_by_id, created_by_label)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, nullif($9, ''), $10, $11, $12, $13, $14)`,
		t.ws, id, of, number, u.ID, b.SizeBytes, b.ContentType, b.CRC32C, b.MD5, metadata,
		b.CreatedAt, u.CreatedBy.Kind, u.CreatedBy.PrincipalID, u.CreatedBy.Label)
	return id, err
}

// replace removes a version that is not kept.
func (t *Tx) replace(old object.Version) ([]object.BlobID, error) {
	free, err := t.release([]object.BlobID{old.BlobID})
	if err != nil {
		return nil, err
	}
	_, err = t.exec(`DELETE FROM object_version WHERE workspace_id = $1 AND id = $2`, t.ws, old.ID)
	return free, err
}
