package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
)

func (r *queryResolver) AuditEvent(ctx context.Context, id string) (*graph.AuditEvent, error) {
	e, err := r.nouns.AuditLog.Find(ctx, authz.ActorFrom(ctx), audit.EventID(id))
	return orNull(auditEventOf(e), err)
}

func (r *queryResolver) AuditEvents(ctx context.Context, first *int32, after *string, filter *graph.AuditFilter) (*graph.AuditEventConnection, error) {
	return list(ctx, first, after, filtered(filter, auditFilter, r.nouns.AuditLog.List), auditEventConnection)
}
