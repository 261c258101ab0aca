package postgres

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/upload"
)

// Among implements upload.UpkeepStore.
func (d Uploads) Among(ctx context.Context, ids []upload.ID) (found []upload.WorkItem, err error) {
	err = d.list(ctx, nowhere, &found, `SELECT * FROM uploads_among($1::uuid[])`, known(ids))
	return found, err
}

// Overdue implements upload.UpkeepStore.
func (d Uploads) Overdue(
	ctx context.Context, at time.Time, after upload.WorkItem, most int,
) (found []upload.WorkItem, err error) {
	err = d.list(ctx, nowhere, &found, `SELECT * FROM uploads_overdue($1, $2, $3, $4)`, at, after.Workspace,
		after.ID, most)
	return found, err
}
