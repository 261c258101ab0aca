package workspace

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
)

// LimitStore changes quotas.
type LimitStore interface {
	// SetLimit changes what the workspace of the entry's actor may hold, nil for no limit, and returns what it might
	// before and what it holds.
	// Errors: fault.NotFound.
	SetLimit(ctx context.Context, limit *int64, e audit.Entry) (was *int64, u Usage, err error)
}

// SetLimit changes what a workspace may hold, on record as an operator's act. What it holds already stays, even if that
// is more: then nothing more fits.
//
// Units: limit in bytes; nil for none. Errors: fault.NotFound.
func SetLimit(ctx context.Context, store LimitStore, id ID, limit *int64) (was *int64, u Usage, err error) {
	if !id.Valid() {
		return nil, Usage{}, NotFound()
	}

	operator := authz.Actor{Who: authz.Who{Kind: authz.System, Label: "operator"}, Workspace: id}
	return store.SetLimit(ctx, limit, audit.Record(operator, audit.WorkspaceLimitSet).AwaitsTarget("workspace").
		With("limitBytes", limit).Awaits("limitBytesBefore"))
}
