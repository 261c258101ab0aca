package postgres

import (
	"cmp"
	"context"
	"fmt"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

// Uploads stores uploads from their request to their end: it implements upload.Store and upload.UpkeepStore.
type Uploads struct{ *DB }

// Uploads returns the store of uploads.
func (d *DB) Uploads() Uploads { return Uploads{d} }

// ObjectsAt implements upload.Store.
func (d Uploads) ObjectsAt(
	ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, key string,
) ([]object.Object, error) {
	return d.Objects().At(ctx, ws, in, key)
}

const uploadColumns = `id, datastore_id, key, content_type, max_bytes, md5, if_version, metadata, content_type_only,
	session, state, rejection,
	version_id, expires_at, credential_expires_at, run_id, step_id, created_at, ` + createdBy

type uploadRow struct {
	ordinal
	upload.Upload
	runColumns
}

func (r uploadRow) upload() (upload.Upload, error) {
	r.Run = r.run()
	return r.Upload, nil
}

// createdUpload is the row of a new upload; the statement that inserts it reads the first four.
func createdUpload(ws authz.WorkspaceID, u upload.Upload) columns {
	runID, stepID := columnsOf(u.Run)
	return columns{
		{"workspace_id", ws},
		{"datastore_id", u.DatastoreID},
		{"key", u.Key},
		{"max_bytes", u.MaxBytes},
		{"id", u.ID},
		{"content_type", u.ContentType},
		{"content_type_only", u.ContentTypeOnly},
		{"md5", u.MD5},
		{"if_version", u.IfVersion},
		{"metadata", objectOr(u.Metadata)},
		{"state", u.State},
		{"session", u.Session},
		{"expires_at", u.ExpiresAt},
		{"credential_expires_at", u.CredentialExpiresAt},
		{"created_at", u.CreatedAt},
		{"run_id", runID},
		{"step_id", stepID},
	}.createdBy(u.CreatedBy)
}

// createUploadQuery locks the datastore, then the workspace's usage, and counts what is open once it has both. What it
// expects is what upload.OpenCounts.Refuse and workspace.Usage.RefuseMore say.
var createUploadQuery = func() string {
	row := createdUpload("", upload.Upload{})
	names, parameters, _ := row.list()
	return fmt.Sprintf(`WITH place AS (
			SELECT workspace_id FROM datastore WHERE workspace_id = $1 AND id >= $2 AND id <= $2 AND deleted_at IS NULL
			ORDER BY id LIMIT 1 FOR KEY SHARE
		), held AS (
			SELECT * FROM workspace_usage WHERE workspace_id = (SELECT workspace_id FROM place) FOR UPDATE
		), allowed AS (
			SELECT FROM held h CROSS JOIN LATERAL open_uploads(h.workspace_id, $2, $3) o
			WHERE o.of_key < $%[3]d AND o.of_workspace < $%[4]d
				AND (h.limit_bytes IS NULL OR $4 <= h.limit_bytes - h.used_bytes - h.reserved_bytes)
		), reserved AS (
			UPDATE workspace_usage SET reserved_bytes = reserved_bytes + $4 FROM allowed WHERE workspace_id = $1
		), made AS (
			INSERT INTO upload (%[1]s) SELECT %[2]s FROM allowed
		), `, names, parameters, len(row)+1, len(row)+2) + recording(len(row)+2, `''`, `'{}'`, `allowed`) + `
		SELECT true FROM allowed`
}()

// Create implements upload.Store.
func (d Uploads) Create(ctx context.Context, u upload.Upload, e audit.Entry) error {
	_, _, arguments := createdUpload(e.By.Workspace, u).list()
	arguments = append(arguments, upload.MaxOpenOfKey, upload.MaxOpenOfWorkspace)
	return decide(func() (bool, error) {
		return d.write(ctx, e, new(bool), createUploadQuery, arguments...)
	}, func() error { return d.refuseCreate(ctx, e.By.Workspace, u) })
}

// refuseCreate returns why an upload is not kept now. Errors: fault.NotFound without the datastore; those of
// upload.OpenCounts.Refuse and workspace.Usage.RefuseMore.
func (d Uploads) refuseCreate(ctx context.Context, ws authz.WorkspaceID, u upload.Upload) error {
	if _, err := d.PolicyOf(ctx, ws, u.DatastoreID); err != nil {
		return err
	}

	var now struct {
		workspace.Usage
		upload.OpenCounts
	}
	_, err := d.get(ctx, ws, &now, `SELECT used_bytes, reserved_bytes, limit_bytes, of_key + 1 AS of_key,
			of_workspace + 1 AS of_workspace
		FROM workspace_usage u CROSS JOIN LATERAL open_uploads(u.workspace_id, $2, $3) WHERE workspace_id = $1`,
		ws, u.DatastoreID, u.Key)
	return cmp.Or(err, now.Refuse(), now.RefuseMore("maxBytes", u.MaxBytes))
}

// Get implements upload.Store.
func (d Uploads) Get(ctx context.Context, ws authz.WorkspaceID, ids []upload.ID) ([]upload.Upload, error) {
	var rows []uploadRow
	if err := d.list(ctx, ws, &rows, byID(uploadColumns, `upload`, `true`), ws, distinct(ids)); err != nil {
		return nil, err
	}

	return turn(rows, uploadRow.upload)
}

// LastSettled implements upload.Store. No index has the keys of settled uploads, so it reads a bounded number.
func (d Uploads) LastSettled(
	ctx context.Context, ws authz.WorkspaceID, in datastore.ID, key string,
) (upload.Upload, bool, error) {
	var row uploadRow
	found, err := d.get(ctx, ws, &row, `SELECT u.* FROM unnest(ARRAY['COMPLETED', 'REJECTED']) AS wanted(state)
		CROSS JOIN LATERAL (SELECT `+uploadColumns+` FROM upload
			WHERE workspace_id = $1 AND datastore_id = $2 AND state >= wanted.state AND state <= wanted.state
			ORDER BY state DESC, id DESC LIMIT $4) u
		WHERE u.key = $3 AND (SELECT deleted_at IS NULL FROM datastore
			WHERE workspace_id = $1 AND id >= $2 AND id <= $2 ORDER BY id LIMIT 1)
		ORDER BY u.id DESC LIMIT 1`, ws, in, key, upload.MaxSettled)
	if err != nil || !found {
		return upload.Upload{}, false, err
	}

	u, err := row.upload()
	return u, true, err
}

// uploadOrder is newest first.
var uploadOrder = page.Order[upload.Upload]{
	Name:  "uploads",
	Start: page.Key{lastID},
	Key:   func(u upload.Upload) page.Key { return page.Key{u.ID.String()} },
}

// List implements upload.Store.
func (d Uploads) List(
	ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, s upload.State, r page.Request,
) ([]page.Page[upload.Upload], error) {
	at, orders, err := ordersOf(r, uploadOrder, ws, in, s)
	if err != nil {
		return nil, err
	}

	var rows []uploadRow
	if err := d.list(ctx, ws, &rows, each(`SELECT u.* FROM unnest($4::text[]) AS wanted(state)
		CROSS JOIN LATERAL (SELECT `+uploadColumns+` FROM upload
			WHERE workspace_id = $1 AND datastore_id = parent.id AND (state, id) < (wanted.state, $3)
				AND state >= wanted.state
			ORDER BY state DESC, id DESC LIMIT $5) u
		ORDER BY u.id DESC LIMIT $5`, `q.id DESC`), ws, inOrder(in), upload.ID(at[0]), statesOf(s), r.Limit()); err != nil {
		return nil, err
	}

	return pages(r, orders, rows, uploadRow.upload)
}

// statesOf are the states that a list of uploads shows: the one that is asked for, or all but those that became
// objects.
func statesOf(s upload.State) pq.StringArray {
	if s != "" {
		return pq.StringArray{string(s)}
	}

	return pq.StringArray{string(upload.Open), string(upload.Rejected), string(upload.Cancelled),
		string(upload.Expired)}
}

// cancelUploads ends all open uploads of a datastore, and returns how many there were and what they had reserved.
func (t *Tx) cancelUploads(in datastore.ID) (n int, bytes int64, err error) {
	var ended struct{ N, Bytes int64 }
	_, err = t.get(&ended, `
		WITH ended AS (UPDATE upload SET state = 'CANCELLED', session = NULL WHERE workspace_id = $1
		AND datastore_id = $2 AND state = 'OPEN' RETURNING max_bytes)
		SELECT count(*) AS n, coalesce(sum(max_bytes), 0) AS bytes FROM ended`, t.ws, in)
	return int(ended.N), ended.Bytes, err
}

// ListOpen implements upload.Store.
func (d Uploads) ListOpen(
	ctx context.Context, ws authz.WorkspaceID, w upload.OpenFilter, most int,
) ([]upload.Upload, error) {
	query, args := openQuery(ws, w, most)
	var rows []uploadRow
	if err := d.list(ctx, ws, &rows, query, args...); err != nil {
		return nil, err
	}

	return turn(rows, uploadRow.upload)
}

// openQuery reads open uploads by the index of when they expire, or by that of their keys. They are few: only then they
// are put in order.
func openQuery(ws authz.WorkspaceID, w upload.OpenFilter, most int) (query string, args []any) {
	const (
		read   = `SELECT ` + uploadColumns + ` FROM upload WHERE workspace_id = $1 AND state = 'OPEN' AND `
		oldest = ` ORDER BY u.created_at, u.id LIMIT $2`
	)
	if len(w.In) == 0 {
		query = `SELECT u.* FROM (` + read + `expires_at < $3 ORDER BY expires_at OFFSET 0) u` + oldest
		return query, []any{ws, most, w.ExpiredBefore}
	}

	keys, args := `key >= $4 AND key <= $4`, []any{ws, most, known(w.In), cmp.Or(w.Key, w.Prefix)}
	if w.Key == "" {
		keys = `key >= $4`
		if end := prefixEnd(w.Prefix); end != "" {
			keys, args = keys+` AND key < $5`, append(args, end)
		}
	}

	order := oldest
	switch {
	case w.After != "":
		args = append(args, w.After)
		order = fmt.Sprintf(` ORDER BY u.id <= $%d, u.id LIMIT $2`, len(args))
	case w.Since != "":
		args = append(args, w.Since)
		order = fmt.Sprintf(` WHERE u.id > $%d ORDER BY u.id LIMIT $2`, len(args))
	}

	return `SELECT u.* FROM unnest($3::uuid[]) AS datastore(id)
		CROSS JOIN LATERAL (
			` + read + `datastore_id = datastore.id AND ` + keys + ` ORDER BY key OFFSET 0) u` + order, args
}

// PolicyOf implements upload.Store.
func (d Uploads) PolicyOf(ctx context.Context, ws authz.WorkspaceID, in datastore.ID) (datastore.Policy, error) {
	var row policyRow
	found, err := d.get(ctx, ws, &row, `SELECT `+policyColumns+` FROM datastore
		WHERE workspace_id = $1 AND id >= $2 AND id <= $2 AND deleted_at IS NULL ORDER BY id LIMIT 1`, ws, in)
	if err == nil && !found {
		err = datastore.NotFound()
	}

	return row.policy(), err
}
