package secret

import (
	"context"
	"errors"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/page"
)

// Filter narrows a list of secrets.
type Filter struct {
	// NameContains keeps those whose name contains the text, whatever its case; empty keeps all.
	NameContains string
}

// Store keeps the names, states and version numbers of secrets.
type Store interface {
	// ReserveSecret holds a name while the vault is being written; a reservation with the same id goes on. Bookkeeping. Errors: fault.Conflict if the name is taken.
	ReserveSecret(ctx context.Context, ws authz.WorkspaceID, s Secret) error
	// ActivateSecret makes a reserved secret real, with its first version. Errors: fault.NotFound if it is not reserved any more.
	ActivateSecret(ctx context.Context, s Secret, k Kept, e audit.Entry) error
	// AbandonSecret gives a reserved name back.
	AbandonSecret(ctx context.Context, id ID, e audit.Entry) error
	// Secrets returns those of the ids that exist in the workspace and are not deleted, in any order.
	Secrets(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Secret, error)
	// ListSecrets returns secrets by name; their page key is their name.
	ListSecrets(ctx context.Context, ws authz.WorkspaceID, f Filter, r page.Request) (page.Page[Secret], error)
	// ListVersions returns each secret's versions, newest first; their page key is their number.
	ListVersions(ctx context.Context, ws authz.WorkspaceID, of []ID, r page.Request) ([]page.Page[Version], error)
	// SecretVersion returns one version; found is false when the secret has none with that number.
	SecretVersion(ctx context.Context, ws authz.WorkspaceID, id ID, number int32) (v Version, found bool, err error)
	// AdvanceSecret makes a new value current, if ifVersion still is; nil for whichever is. This commit is the switch.
	// Errors: fault.NotFound; fault.Conflict with currentVersion.
	AdvanceSecret(ctx context.Context, id ID, ifVersion *int32, k Kept, e audit.Entry) (Secret, Version, error)
	// CheckRotation returns the secret if a value may become current; the refusal is recorded if it is the current value again.
	// Errors: fault.NotFound; fault.Conflict with currentVersion, checked first; fault.RateLimited if this principal
	// has tried the current value MaxSameValue times within an hour; fault.Invalid naming `value` for the same value.
	CheckRotation(ctx context.Context, id ID, ifVersion *int32, f Fingerprint, e audit.Entry) (Secret, error)
	// RevealSecret puts a reveal on record and says where the value is. Nothing may be read before it has committed.
	// Errors: fault.NotFound; fault.Invalid naming `reason` where the workspace requires one.
	RevealSecret(ctx context.Context, id ID, version *int32, e audit.Entry) (Shown, error)
	// DeleteSecret errors: fault.NotFound.
	DeleteSecret(ctx context.Context, id ID, e audit.Entry) (Secret, error)
	// Record puts on record what belongs to no other write.
	Record(ctx context.Context, e audit.Entry) error
}

// Shown is a version whose reveal is on record.
type Shown struct {
	Secret  Secret
	Version int32
	Number  Number
	Format  Format
}

// MaxSameValue is how often within an hour one principal may give a secret the value that it has.
const MaxSameValue = 5

// Kept is a value that the vault keeps.
type Kept struct {
	Number      Number
	Format      Format
	Fingerprint Fingerprint
}

// Service answers for secrets.
type Service struct {
	store Store
	vault Vault
	key   ServerKey
	once  *idempotency.Service
	now   func() time.Time
}

// NewService returns a service on an index and a vault, with the key of its fingerprints.
func NewService(store Store, vault Vault, key ServerKey, once *idempotency.Service, now func() time.Time) *Service {
	return &Service{store: store, vault: vault, key: key, once: once, now: now}
}

// New is a secret that somebody asks to keep.
type New struct {
	Name        string
	Description *string
	Value       Given
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string
}

// Create keeps a credential: its name is reserved, its value goes to the vault, and then its row makes it real.
//
// Errors: fault.Invalid naming `name`, `description` or `value`; fault.Conflict if the name is taken; fault.Unavailable, and there is no secret;
// those of idempotency.Do.
func (s *Service) Create(ctx context.Context, a authz.Actor, n New) (Secret, error) {
	v, format, err := n.Value.read()
	if err := errors.Join(checkName(n.Name), ident.CheckDescription("description", n.Description), err); err != nil {
		return Secret{}, err
	}
	call := idempotency.Call{Mutation: "createSecret", Key: n.IdempotencyKey, Input: []any{n.Name, n.Description, format, s.key.fingerprint("", v)}}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Secret, error) {
		now := s.now().UTC()
		made := Secret{ID: ID(c.TargetID), Name: n.Name, Description: n.Description, Format: format, CurrentVersion: 1,
			CreatedAt: now, RotatedAt: now, CreatedBy: a.Who}
		return made, s.create(ctx, a, made, v, c)
	}, func(ctx context.Context, done idempotency.Done) (Secret, error) {
		return s.Find(ctx, a, ID(done.TargetID))
	})
}

func (s *Service) create(ctx context.Context, a authz.Actor, made Secret, v Value, c idempotency.Claim) error {
	if err := s.store.ReserveSecret(ctx, a.Workspace, made); err != nil {
		return err
	}
	number, err := s.keep(ctx, a, made.ID, v)
	if err != nil && c.Shared {
		return err // the next attempt goes on with what is there
	}
	if err != nil {
		return s.abandon(ctx, a, made, err)
	}
	kept := Kept{Number: number, Format: made.Format, Fingerprint: s.key.fingerprint(made.ID, v)}
	return s.store.ActivateSecret(ctx, made, kept, entry(a, audit.SecretCreated, made).Named(c.EventID).With("format", made.Format))
}

func (s *Service) keep(ctx context.Context, a authz.Actor, id ID, v Value) (Number, error) {
	place := Place{Region: a.Region, ID: id}
	if err := s.vault.Create(ctx, place); err != nil {
		return 0, err
	}
	return s.vault.Add(ctx, place, v)
}

// abandon undoes a reservation whose value did not reach the vault. If that fails too, the name stays reserved until it is swept.
func (s *Service) abandon(ctx context.Context, a authz.Actor, made Secret, why error) error {
	ctx = context.WithoutCancel(ctx)
	if err := s.vault.Delete(ctx, Place{Region: a.Region, ID: made.ID}); err != nil {
		return errors.Join(why, err)
	}
	return errors.Join(why, s.store.AbandonSecret(ctx, made.ID, entry(a, audit.SecretCreateFailed, made).Ended(audit.Failed)))
}

func entry(a authz.Actor, action audit.Action, s Secret) audit.Entry {
	return audit.Record(a, action).On("secret", s.ID.String(), s.Name)
}

// Find returns one secret's metadata. Errors: fault.NotFound.
func (s *Service) Find(ctx context.Context, a authz.Actor, id ID) (Secret, error) {
	found, err := s.FindAll(ctx, a, []ID{id})
	if err != nil {
		return Secret{}, err
	}
	if len(found) == 0 {
		return Secret{}, NotFound()
	}
	return found[0], nil
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Secret, error) {
	return s.store.Secrets(ctx, a.Workspace, ids)
}

// List returns the workspace's secrets by name, never their values.
func (s *Service) List(ctx context.Context, a authz.Actor, f Filter, r page.Request) (page.Page[Secret], error) {
	return s.store.ListSecrets(ctx, a.Workspace, f, r)
}

// Versions returns each secret's versions, newest first.
func (s *Service) Versions(ctx context.Context, a authz.Actor, of []ID, r page.Request) ([]page.Page[Version], error) {
	return s.store.ListVersions(ctx, a.Workspace, of, r)
}

// Delete ends a secret: it can no longer be revealed or rotated, and its name is free. Errors: fault.NotFound.
func (s *Service) Delete(ctx context.Context, a authz.Actor, id ID) (Secret, error) {
	return s.store.DeleteSecret(ctx, id, audit.Record(a, audit.SecretDeleted))
}
