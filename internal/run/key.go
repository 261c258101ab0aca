package run

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/seal"
)

// KeyID names a runtime key.
type KeyID = ident.Of[RuntimeKey]

// RuntimeKey is the public half of what a workflow runtime opens sealed values with.
type RuntimeKey struct {
	ID   KeyID
	Name string
	// PublicKey is X25519.
	PublicKey []byte
	CreatedAt time.Time
	CreatedBy authz.Who
}

// Keys keeps runtime keys.
type Keys interface {
	// Add errors: fault.Conflict if the public key is there already; fault.Forbidden if whoever adds it is
	// no admin any more.
	Add(ctx context.Context, k RuntimeKey, e audit.Entry) error
	// Remove errors: fault.NotFound.
	Remove(ctx context.Context, id KeyID, e audit.Entry) error
	// Get returns those of the ids that exist in the workspace, in any order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []KeyID) ([]RuntimeKey, error)
	// List returns keys, newest first; their page key is their id.
	List(ctx context.Context, ws authz.WorkspaceID, r page.Request) (page.Page[RuntimeKey], error)
}

// AddKey registers the public key of a runtime.
//
// Errors: fault.Invalid naming `name`, or `publicKey` if nothing can be sealed to it, or anybody could open that;
// fault.Conflict if it is registered already.
func (s *Service) AddKey(ctx context.Context, a authz.Actor, name string, public []byte) (RuntimeKey, error) {
	if err := ident.CheckName("name", name); err != nil {
		return RuntimeKey{}, err
	}

	if err := seal.CheckKey(public); err != nil {
		return RuntimeKey{}, fault.Field(fault.Invalid, "publicKey",
			"A public key is 32 bytes, a point of X25519 that is not of low order.").Because(err)
	}

	k := RuntimeKey{
		ID:        ident.New[RuntimeKey](),
		Name:      name,
		PublicKey: public,
		CreatedAt: s.now().UTC(),
		CreatedBy: a.Who,
	}
	return k, s.keys.Add(ctx, k, audit.Record(a, audit.RuntimeKeyAdded).
		On("runtime_key", k.ID.String(), name).With("publicKey", public))
}

// RemoveKey lets no further secret be sealed to a key. Errors: fault.NotFound.
func (s *Service) RemoveKey(ctx context.Context, a authz.Actor, id KeyID) error {
	return s.keys.Remove(ctx, id, audit.Record(a, audit.RuntimeKeyRemoved).AwaitsTarget("runtime_key"))
}

// FindKeys returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindKeys(ctx context.Context, a authz.Actor, ids []KeyID) ([]RuntimeKey, error) {
	return s.keys.Get(ctx, a.Workspace, ids)
}

// ListKeys returns the workspace's runtime keys, newest first.
func (s *Service) ListKeys(ctx context.Context, a authz.Actor, r page.Request) (page.Page[RuntimeKey], error) {
	return s.keys.List(ctx, a.Workspace, r)
}
