package secret

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
)

// Options are what a service needs beside its index and vault.
type Options struct {
	// Keys are those of fingerprints.
	Keys ServerKeys
	// Once carries out calls once; nil where no call has an idempotency key.
	Once *idempotency.Service
	// Retention is DefaultRetention where it is zero.
	Retention Retention
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Log receives what is left for later; nil is nobody.
	Log *slog.Logger
}

// Retention says how long what is no longer in use can be had back.
type Retention struct {
	// Versions is for values that were replaced, Deleted for secrets that were deleted.
	Versions, Deleted time.Duration
}

// DefaultRetention is thirty days for both.
func DefaultRetention() Retention {
	return Retention{Versions: 30 * 24 * time.Hour, Deleted: 30 * 24 * time.Hour}
}

// Service answers for secrets.
type Service struct {
	store     Store
	vault     Vault
	keys      ServerKeys
	once      *idempotency.Service
	retention Retention
	now       func() time.Time
	log       *slog.Logger
}

// NewService returns a service on an index and a vault.
func NewService(store Store, vault Vault, o Options) *Service {
	most := DefaultRetention()
	s := &Service{
		store: store,
		vault: vault,
		keys:  o.Keys,
		once:  o.Once,
		now:   o.Now,
		log:   o.Log,
		retention: Retention{
			Versions: cmp.Or(o.Retention.Versions, most.Versions),
			Deleted:  cmp.Or(o.Retention.Deleted, most.Deleted),
		},
	}
	if s.now == nil {
		s.now = time.Now
	}

	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}

	return s
}

// CreateRequest asks for a new secret.
type CreateRequest struct {
	Name        string
	Description *string
	Value       ValueInput
	// Rotation is nil for no schedule.
	Rotation *Schedule
	// Labels are nil for none.
	Labels []label.Label
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string
}

// Create stores a credential: it reserves the name, puts the value into the vault, and activates the reservation.
//
// Errors: fault.Invalid naming `name`, `description`, `value`, `length`, `every`, `cron`, `timeZone` or a label;
// fault.Conflict if the name is taken; fault.Unavailable, and there is no secret; those of idempotency.Do.
func (s *Service) Create(ctx context.Context, a authz.Actor, n CreateRequest) (Secret, error) {
	p, err := n.Value.read()
	labels, ill := label.Sorted(n.Labels)
	if err := errors.Join(checkName(n.Name), ident.CheckDescription("description", n.Description), n.Rotation.check(),
		err, ill); err != nil {
		return Secret{}, err
	}

	input := idempotency.Keyed(func(key []byte) any {
		all := []any{n.Name, n.Description, n.Rotation, n.Value.mark(key, p)}
		if len(labels) > 0 { // else marks made before secrets had labels would not match
			all = append(all, labels)
		}

		return all
	})
	call := idempotency.Call{Mutation: "createSecret", Key: n.IdempotencyKey, Input: input}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Secret, error) {
		now := s.now().UTC()
		made := Secret{
			ID:             ID(c.TargetID),
			Name:           n.Name,
			Description:    n.Description,
			Format:         p.format,
			Fields:         p.fields,
			CurrentVersion: 1,
			CreatedAt:      now,
			RotatedAt:      now,
			CreatedBy:      a.Who,
			Rotation:       n.Rotation.From(now, now),
		}
		return made, s.create(ctx, a, made, labels, p, c)
	}, func(ctx context.Context, done idempotency.Result) (Secret, error) {
		made, err := s.Find(ctx, a, ID(done.TargetID))
		if fault.Is(err, fault.NotFound) || err == nil && made.PurgeAt != nil {
			return Secret{}, idempotency.Gone("secret")
		}

		return made, err
	})
}

func (s *Service) create(
	ctx context.Context, a authz.Actor, made Secret, labels []label.Label, p plain, c idempotency.Claim,
) error {
	if err := s.store.Reserve(ctx, a.Workspace, made); err != nil {
		return err
	}

	number, err := s.keep(ctx, a, made.ID, p.value)
	if err == nil {
		done := entry(a, audit.SecretCreated, made).Named(c.EventID).With("format", made.Format)
		if len(labels) > 0 {
			done = done.With("labels", label.Details(labels))
		}

		err = s.store.Activate(ctx, made, s.kept(made.ID, number, p), labels, done)
	}

	switch {
	case err == nil || errors.Is(err, fault.ErrUnconfirmed): // it is there, or may be
		return err
	case !c.Shared:
		return s.abandon(ctx, a, made, err)
	case number > 0:
		return s.discard(ctx, a, made.ID, number, err)
	}

	return err // the next attempt goes on with what is there
}

func (s *Service) kept(id ID, number Number, p plain) StoredValue {
	prints := s.keys.fingerprints(id, p.value)
	return StoredValue{
		Number:      number,
		Format:      p.format,
		Fields:      p.fields,
		Fingerprint: prints[0],
		Others:      prints[1:],
	}
}

func (s *Service) keep(ctx context.Context, a authz.Actor, id ID, v Value) (Number, error) {
	place := Place{Region: a.Region, ID: id}
	if err := s.vault.Create(ctx, place); err != nil {
		return 0, err
	}

	return s.vault.Add(ctx, place, v)
}

// abandon undoes a reservation that did not become a secret. What the vault cannot delete now is left to the sweep,
// and the name is free all the same.
func (s *Service) abandon(ctx context.Context, a authz.Actor, made Secret, why error) error {
	ctx = context.WithoutCancel(ctx)
	if err := s.vault.Delete(ctx, Place{Region: a.Region, ID: made.ID}); err != nil {
		return errors.Join(why, err, s.store.LetGo(ctx, a.Workspace, made.ID))
	}

	return errors.Join(why, s.store.Abandon(ctx, made.ID, entry(a, audit.SecretCreateFailed, made).
		Ended(audit.Failed)))
}

// discard destroys a value that a call has added and that did not become a version.
func (s *Service) discard(ctx context.Context, a authz.Actor, id ID, n Number, why error) error {
	return errors.Join(why, s.vault.Destroy(context.WithoutCancel(ctx), Place{Region: a.Region, ID: id}, n))
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

// FindByName returns the secret of the actor's workspace that is not deleted and has exactly this name.
//
// Errors: fault.NotFound.
func (s *Service) FindByName(ctx context.Context, a authz.Actor, name string) (Secret, error) {
	found, err := s.store.List(ctx, a.Workspace, Filter{Name: &name}, page.Request{First: 1})
	if err != nil {
		return Secret{}, err
	}

	if len(found.Items) == 0 {
		return Secret{}, NotFound()
	}

	return found.Items[0], nil
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Secret, error) {
	return s.store.Get(ctx, a.Workspace, ids)
}

// List returns the workspace's secrets in the order of the filter, never their values. Errors: those of label.Filters.
func (s *Service) List(ctx context.Context, a authz.Actor, f Filter, r page.Request) (page.Page[Secret], error) {
	var err error
	if f.Labels, err = label.Filters(f.Labels); err != nil {
		return page.Page[Secret]{}, err
	}

	return s.store.List(ctx, a.Workspace, f, r)
}

// Labels returns the labels of each secret, in the order of their keys.
func (s *Service) Labels(ctx context.Context, a authz.Actor, of []ID) ([][]label.Label, error) {
	return s.store.Labels(ctx, a.Workspace, of)
}

// Versions returns each secret's versions, newest first.
func (s *Service) Versions(ctx context.Context, a authz.Actor, of []ID, r page.Request) ([]page.Page[Version], error) {
	return s.store.ListVersions(ctx, a.Workspace, of, r)
}
