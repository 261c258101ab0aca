package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
)

// What lists of objects and of folders ask for.
var (
	ObjectsIn = objectsIn
	FoldersIn = foldersIn
)

// EndLeasesOf does to a version what a rotation that ends leases does.
func (d *DB) EndLeasesOf(ctx context.Context, ws authz.WorkspaceID, id secret.ID, version int32) (n int, err error) {
	err = d.transact(ctx, ws, func(tx *Tx) error {
		n, err = tx.endLeasesOf(id, version)
		return err
	})
	return n, err
}
