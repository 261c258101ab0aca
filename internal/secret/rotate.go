package secret

import (
	"context"
	"errors"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
)

// Rotation is a new value that somebody gives a secret.
type Rotation struct {
	SecretID ID
	Value    Given
	// IfVersion is the version that must be current; nil for whichever is.
	IfVersion *int32
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string
	// Scheduled is whether nobody asked but the secret's schedule.
	Scheduled bool
}

// Rotated is a secret, and the version that a rotation made.
type Rotated struct {
	Secret  Secret
	Version Version
}

// Rotate replaces the value. Once it returns, no reveal of the current version reads the old one, on any replica.
//
// Errors: fault.Invalid naming `value`, for the current value again too; fault.NotFound; fault.Conflict with currentVersion if IfVersion
// is another; fault.RateLimited; fault.Unavailable; those of idempotency.Do.
func (s *Service) Rotate(ctx context.Context, a authz.Actor, r Rotation) (Rotated, error) {
	p, err := r.Value.read()
	if err != nil {
		return Rotated{}, err
	}
	call := idempotency.Call{Mutation: "rotateSecret", Key: r.IdempotencyKey, Input: []any{r.SecretID, r.IfVersion, r.Value.mark(s.key, p)}}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Rotated, error) {
		return s.rotate(ctx, a, r, p, c)
	}, s.again(a))
}

func (s *Service) rotate(ctx context.Context, a authz.Actor, r Rotation, p plain, c idempotency.Claim) (Rotated, error) {
	mark := s.key.fingerprint(r.SecretID, p.value)
	before, err := s.store.CheckRotation(ctx, r.SecretID, r.IfVersion, mark, audit.Record(a, audit.SecretRotateRefused))
	if err != nil {
		return Rotated{}, err
	}
	number, err := s.vault.Add(ctx, Place{Region: a.Region, ID: r.SecretID}, p.value)
	if err != nil {
		return Rotated{}, err
	}
	done := entry(a, audit.SecretRotated, before).Named(c.EventID).With("format", p.format)
	if r.Scheduled {
		done = done.With("scheduled", true)
	}
	return s.advance(ctx, a, r.SecretID, r.IfVersion, s.kept(r.SecretID, number, p), done)
}

// advance makes what the vault has taken the current version. The loser of a race destroys its own.
func (s *Service) advance(ctx context.Context, a authz.Actor, id ID, ifVersion *int32, k Kept, e audit.Entry) (Rotated, error) {
	after, version, err := s.store.AdvanceSecret(ctx, id, ifVersion, k, s.retention.Versions, e)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
		err = errors.Join(err, s.vault.Destroy(context.WithoutCancel(ctx), Place{Region: a.Region, ID: id}, k.Number))
	}
	return Rotated{after, version}, err
}

// again answers a repeated call with the version that it made.
func (s *Service) again(a authz.Actor) func(context.Context, idempotency.Done) (Rotated, error) {
	return func(ctx context.Context, done idempotency.Done) (Rotated, error) {
		return s.version(ctx, a, ID(done.TargetID), done.Version)
	}
}

// version returns one version of a secret, as it is now. Errors: fault.NotFound.
func (s *Service) version(ctx context.Context, a authz.Actor, id ID, number int32) (Rotated, error) {
	found, err := s.Find(ctx, a, id)
	if err != nil {
		return Rotated{}, err
	}
	v, there, err := s.store.SecretVersion(ctx, a.Workspace, id, number)
	if err == nil && !there {
		err = NoVersion()
	}
	return Rotated{found, v}, err
}
