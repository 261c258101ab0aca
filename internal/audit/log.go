package audit

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

// Recorder writes to the log.
type Recorder interface {
	// Record commits entries of one workspace that belong to no other write, all or none. Errors: fault.Unavailable.
	Record(ctx context.Context, entries ...Entry) error
}

// Store keeps the log.
type Store interface {
	Recorder
	// Get returns those of the ids that exist in the workspace, in any order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []EventID) ([]Event, error)
	// List returns events, newest first; their page key is their id.
	List(ctx context.Context, ws authz.WorkspaceID, f Filter, r page.Request) (page.Page[Event], error)
}

// Filter narrows a list of events; an empty field keeps all.
type Filter struct {
	Action      Action  `json:",omitzero"`
	Risk        Risk    `json:",omitzero"`
	Outcome     Outcome `json:",omitzero"`
	PrincipalID string  `json:",omitzero"`
	TargetID    string  `json:",omitzero"`
	// Since keeps events from that time on, Until those before that time.
	Since, Until *time.Time `json:",omitzero"`
}

// Log reads what is on record.
type Log struct {
	store Store
}

// NewLog returns the log that a store keeps.
func NewLog(store Store) *Log { return &Log{store: store} }

// Find returns one event of the actor's workspace. Errors: fault.NotFound.
func (l *Log) Find(ctx context.Context, a authz.Actor, id EventID) (Event, error) {
	found, err := l.FindAll(ctx, a, []EventID{id})
	if err != nil {
		return Event{}, err
	}

	if len(found) == 0 {
		return Event{}, fault.New(fault.NotFound, "There is no such event in this workspace.")
	}

	return found[0], nil
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (l *Log) FindAll(ctx context.Context, a authz.Actor, ids []EventID) ([]Event, error) {
	return l.store.Get(ctx, a.Workspace, ids)
}

// List returns events of the actor's workspace, newest first.
func (l *Log) List(ctx context.Context, a authz.Actor, f Filter, r page.Request) (page.Page[Event], error) {
	return l.store.List(ctx, a.Workspace, f, r)
}
