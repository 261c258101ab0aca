// Package node finds what kind of thing an id of a workspace names. GraphQL's `node` and `nodes` ask it, and then read
// the thing under the rule of its type.
package node

import (
	"context"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// ID names any thing that has an identity.
type ID = ident.Of[node]

type node struct{}

// MaxIDs is how many ids one call takes.
const MaxIDs = 100

// Kind is what sort of thing an id names; the values are the schema's type names.
type Kind string

// The kinds.
const (
	APIKey          Kind = "APIKey"
	AuditEvent      Kind = "AuditEvent"
	Datastore       Kind = "Datastore"
	DatastoreObject Kind = "DatastoreObject"
	Deletion        Kind = "Deletion"
	Member          Kind = "Member"
	ObjectVersion   Kind = "ObjectVersion"
	RuntimeKey      Kind = "RuntimeKey"
	Secret          Kind = "Secret"
	Upload          Kind = "Upload"
	Workspace       Kind = "Workspace"
)

// Store knows every id of a workspace.
type Store interface {
	// Kinds returns what the ids name in the workspace; those that name nothing are left out.
	Kinds(ctx context.Context, ws authz.WorkspaceID, ids []ID) (map[ID]Kind, error)
}

// Service answers for ids.
type Service struct {
	store Store
}

// NewService returns a service on a store.
func NewService(store Store) *Service { return &Service{store: store} }

// Kinds returns what the ids name in the actor's workspace; those that name nothing there are left out.
//
// Errors: those of Actor.InWorkspace if it acts in none; fault.Invalid naming `ids` for more than MaxIDs;
// fault.Unavailable.
func (s *Service) Kinds(ctx context.Context, a authz.Actor, ids []ID) (map[ID]Kind, error) {
	if err := a.InWorkspace(); err != nil {
		return nil, err
	}

	if len(ids) > MaxIDs {
		return nil, fault.Field(fault.Invalid, "ids", "Ask for at most %d ids at once; these are %d.", MaxIDs, len(ids))
	}

	return s.store.Kinds(ctx, a.Workspace, ids)
}
