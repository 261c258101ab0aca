package postgres

import (
	"context"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/object"
)

// BlobsAmong implements object.ReconcileStore.
func (d Objects) BlobsAmong(ctx context.Context, ids []object.BlobID) (map[object.BlobID]bool, error) {
	return d.among(ctx, `SELECT id, kept AS holds FROM blobs_among($1::uuid[])`, ids)
}

// OpenAmong implements object.ReconcileStore.
func (d Objects) OpenAmong(ctx context.Context, ids []object.BlobID) (map[object.BlobID]bool, error) {
	return d.among(ctx, `SELECT upload_id AS id, is_open AS holds FROM uploads_among($1::uuid[])`, ids)
}

// among selects those of the ids that exist, and whether a condition holds for each.
func (d Objects) among(ctx context.Context, query string, ids []object.BlobID) (map[object.BlobID]bool, error) {
	var rows []struct {
		ID    object.BlobID
		Holds bool
	}
	if err := d.list(ctx, nowhere, &rows, query, known(ids)); err != nil {
		return nil, err
	}

	holds := make(map[object.BlobID]bool, len(rows))
	for _, row := range rows {
		holds[row.ID] = row.Holds
	}

	return holds, nil
}

// BlobsBetween implements object.ReconcileStore.
func (d Objects) BlobsBetween(
	ctx context.Context, regions []string, after, last object.BlobID, most int,
) (ids []object.BlobID, err error) {
	err = d.list(ctx, nowhere, &ids, `SELECT id FROM blobs_between($1::text[], $2, $3, $4)`, pq.StringArray(regions),
		after, last, most)
	return ids, err
}
