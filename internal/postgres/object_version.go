package postgres

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

// versionRowOf is the row of a new version. The statement that inserts it uses the first five itself, and says the
// number.
func versionRowOf(ws authz.WorkspaceID, v object.Version) columns {
	runID, stepID := columnsOf(v.WrittenBy)
	return columns{
		{"workspace_id", ws},
		{"id", v.ID},
		{"object_id", v.ObjectID},
		{"blob_id", v.BlobID},
		{"size_bytes", v.SizeBytes},
		{"content_type", v.ContentType},
		{"crc32c", v.CRC32C},
		{"md5", v.MD5},
		{"metadata", objectOr(v.Metadata)},
		{"landed_at", v.LandedAt},
		{"run_id", runID},
		{"step_id", stepID},
	}.createdBy(v.CreatedBy)
}

// writeQuery drops the versions that the datastore keeps no longer, changes how many refer to their blobs, writes the
// next version, ends the upload that it was, if one, counts, and puts entries on record. It does nothing but the first
// two, and returns no row, if nothing refers any more to a blob that is to be shared: storage may have dropped it. Each
// step comes from the one before, so that blobs are locked by their ids, and the workspace's usage last.
//
// Most writes replace one version. It is deleted by itself, by its place: of several places a plan may make a condition
// that each version in the workspace is held against.
//
// A trigger has the numbers of a key that was deleted go on, so the number is what the object's row says.
var writeQuery = func() string {
	row := versionRowOf("", object.Version{})
	names, parameters, _ := row.list()
	inserts := `INSERT INTO object_version (` + names + `, version) SELECT ` + parameters + `, current_version FROM placed
			RETURNING version AS number, created_at AS made_at`
	var numbered []string // the parameters of the statement's own, by their names below
	for i, name := range []string{"IN", "KEY", "NUMBER", "OBJECTS", "SURPLUS", "SHARED", "UPLOAD", "EVENTS"} {
		numbered = append(numbered, ":"+name, "$"+strconv.Itoa(len(row)+i+1))
	}

	return strings.NewReplacer(numbered...).Replace(`WITH surplus AS (
			SELECT ctid, blob_id, size_bytes FROM object_version WHERE workspace_id = $1
				AND (object_id, version) >= ($3, 1) AND (object_id, version) <= ($3, :SURPLUS)
			ORDER BY object_id, version OFFSET 0
		), oldest AS (
			DELETE FROM object_version WHERE ctid = (SELECT ctid FROM surplus LIMIT 1)
		), others AS (
			DELETE FROM object_version
			WHERE (SELECT count(*) > 1 FROM surplus) AND ctid = ANY(ARRAY(SELECT ctid FROM surplus OFFSET 1))
		), dropped AS (
			SELECT coalesce(sum(size_bytes), 0)::bigint AS bytes FROM surplus
		), change AS (
			SELECT id, sum(n)::integer AS by FROM (
				SELECT blob_id AS id, -1 AS n FROM surplus UNION ALL SELECT $4::uuid, 1 WHERE :SHARED::boolean
			) c GROUP BY id
		), locked AS MATERIALIZED (` + lockEach(`blob`, `change`, `true`, `UPDATE`) + `
		), lost AS (
			` + referring(`-by`, `-`) + `
		), gained AS (
			` + referring(`by`, `+`) + `
		), kept AS (
			SELECT WHERE (SELECT count(*) FROM change) = (SELECT count(*) FROM locked)
				AND NOT EXISTS (SELECT FROM gained WHERE refs = 1)
		), stored AS (
			INSERT INTO blob (workspace_id, id, refs) SELECT $1, $4, 1 FROM kept WHERE NOT :SHARED
		), placed AS (
			INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
			SELECT $1, $3, :IN, :KEY, :NUMBER FROM kept
			ON CONFLICT (workspace_id, id) DO UPDATE SET current_version = :NUMBER RETURNING current_version
		), made AS (
			` + inserts + `
		), ended AS (
			UPDATE upload SET state = 'COMPLETED', version_id = $2, session = NULL FROM made
			WHERE workspace_id = $1 AND id >= :UPLOAD AND id <= :UPLOAD RETURNING max_bytes
		), holds AS (
			UPDATE datastore SET object_count = object_count + :OBJECTS, used_bytes = used_bytes + $5 - bytes
			FROM made, dropped WHERE workspace_id = $1 AND id >= :IN AND id <= :IN
		), counted AS (
			UPDATE workspace_usage SET object_count = object_count + :OBJECTS, used_bytes = used_bytes + $5 - bytes,
				reserved_bytes = reserved_bytes - coalesce((SELECT max_bytes FROM ended), 0)
			FROM made, dropped WHERE workspace_id = $1 RETURNING used_bytes, reserved_bytes, limit_bytes
		), event AS (
			` + recordQuery(`:EVENTS`, `jsonb_build_object('version', number)`, `, made`) + `
		)
		SELECT number, made_at, $5 - bytes AS grown, used_bytes, reserved_bytes, limit_bytes,
			ARRAY(SELECT id::text FROM lost WHERE refs = 0) AS freed
		FROM made, dropped, counted`)
}()

// referring changes how many refer to the blobs that are locked. They are found as a row to insert finds the one that
// it conflicts with: as they are by now, and by the primary key, where a plan for UPDATE may read every blob.
func referring(n, sign string) string {
	return `INSERT INTO blob (workspace_id, id, refs) SELECT $1, id, ` + n + ` FROM change JOIN locked USING (id)
			WHERE ` + n + ` > 0 ON CONFLICT (workspace_id, id) DO UPDATE SET refs = blob.refs ` + sign + ` excluded.refs
			RETURNING id, refs`
}

type writtenRow struct {
	Number int32
	MadeAt time.Time
	// Grown is by how much the workspace holds more than before.
	Grown int64
	workspace.Usage
	Freed pq.StringArray
}

// errBlobGone says that nothing refers to a blob any more that was to be shared: storage may have dropped it.
var errBlobGone = errors.New("postgres: the blob is not referred to any more")

// writeAt makes the bytes of a blob the next version of a key that is locked, and puts it on record. Whatever becomes
// an object becomes one here: what was uploaded, copied or restored, and what a step writes. It ends the upload `of`,
// empty for none, which has reserved the room.
//
// It locks blobs by their ids, and then the workspace's usage. Versions beyond those that the datastore keeps are
// dropped.
//
// Errors: object.RefusedError, with nothing written; fault.QuotaExceeded; errBlobGone.
func (t *Tx) writeAt(
	at object.Target, n object.WriteRequest, of upload.ID, e audit.Entry,
) (v object.Version, err error) {
	if err := n.Refuse(at); err != nil {
		return n.Version, err
	}

	v, objects := next(at, n)
	entries, err := encodeEntries([]audit.Entry{
		// the query says the version
		e.FillTarget(v.ObjectID.String(), n.Key).Fill("sizeBytes", v.SizeBytes).Fill("version", nil),
	})
	if err != nil {
		return v, err
	}

	var row writtenRow
	_, _, args := versionRowOf(t.ws, v).list()
	found, err := t.get(&row, writeQuery, append(args, n.DatastoreID, n.Key, v.Version, objects,
		v.Version-at.KeepVersions, n.Shared, nullable(of), entries)...)
	switch {
	case err != nil:
		return v, fmt.Errorf("writing a version: %w", err)
	case !found:
		return v, errBlobGone
	}

	t.recorded = true
	for _, id := range row.Freed {
		t.freed = append(t.freed, object.BlobID(id))
	}

	v.Version, v.CreatedAt = row.Number, row.MadeAt
	if of != "" || row.Grown <= 0 {
		return v, nil
	}

	row.UsedBytes -= row.Grown
	return v, row.RefuseMore(n.Names.Size, row.Grown)
}

// next is the version that is written to a target, and how many objects come with it: one where there was none.
func next(at object.Target, n object.WriteRequest) (v object.Version, objects int) {
	current := at.Before.Current
	v = n.Version
	v.ObjectID, v.Version, v.LandedAt = at.Before.ID, current.Version+1, n.LandedAt
	if v.LandedAt == nil {
		v.LandedAt = current.LandedAt
	}

	if v.ObjectID == "" {
		v.ObjectID, objects = ident.New[object.Object](), 1
	}

	return v, objects
}

// nullable is an id, NULL for none.
func nullable[ID ~string](id ID) *ID {
	if id == "" {
		return nil
	}

	return &id
}
