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
	p, which, err := askedOf(ctx, first, after, filter, auditFilter)
	if err != nil {
		return nil, err
	}

	events, err := r.nouns.AuditLog.List(ctx, authz.ActorFrom(ctx), which, p)
	return auditEventConnection(events), err
}
