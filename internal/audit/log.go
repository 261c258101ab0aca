package audit

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

// Store keeps the log.
type Store interface {
	// Record commits an entry that belongs to no other write. Errors: fault.Unavailable.
	Record(ctx context.Context, e Entry) error
	// Event returns one event; found is false when the workspace has none with that id.
	Event(ctx context.Context, ws authz.WorkspaceID, id EventID) (e Event, found bool, err error)
	// Events returns events, newest first; their page key is their id.
	Events(ctx context.Context, ws authz.WorkspaceID, f Filter, r page.Request) (page.Page[Event], error)
}

// Filter narrows a list of events; an empty field keeps all.
type Filter struct {
	Action      Action
	Risk        Risk
	Outcome     Outcome
	PrincipalID string
	TargetID    string
	// Since keeps that time and later, Until what is before it.
	Since, Until *time.Time
}

// Log reads what is on record.
type Log struct {
	store Store
}

// NewLog returns the log that a store keeps.
func NewLog(store Store) *Log { return &Log{store: store} }

// Find returns one event of the actor's workspace. Errors: fault.NotFound.
func (l *Log) Find(ctx context.Context, a authz.Actor, id EventID) (Event, error) {
	e, found, err := l.store.Event(ctx, a.Workspace, id)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "There is no such event in this workspace.")
	}
	return e, err
}

// List returns events of the actor's workspace, newest first.
func (l *Log) List(ctx context.Context, a authz.Actor, f Filter, r page.Request) (page.Page[Event], error) {
	return l.store.Events(ctx, a.Workspace, f, r)
}
