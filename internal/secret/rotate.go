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
	v, format, err := r.Value.read()
	if err != nil {
		return Rotated{}, err
	}
	call := idempotency.Call{Mutation: "rotateSecret", Key: r.IdempotencyKey, Input: []any{r.SecretID, r.IfVersion, format, s.key.fingerprint("", v)}}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Rotated, error) {
		return s.rotate(ctx, a, r, given{v, format}, c)
	}, func(ctx context.Context, done idempotency.Done) (Rotated, error) {
		return s.version(ctx, a, ID(done.TargetID), done.Version)
	})
}

// given is a value that was read, and its format.
type given struct {
	value  Value
	format Format
}

func (s *Service) rotate(ctx context.Context, a authz.Actor, r Rotation, g given, c idempotency.Claim) (Rotated, error) {
	mark := s.key.fingerprint(r.SecretID, g.value)
	before, err := s.store.CheckRotation(ctx, r.SecretID, r.IfVersion, mark, audit.Record(a, audit.SecretRotateRefused))
	if err != nil {
		return Rotated{}, err
	}
	place := Place{Region: a.Region, ID: r.SecretID}
	number, err := s.vault.Add(ctx, place, g.value)
	if err != nil {
		return Rotated{}, err
	}
	done := entry(a, audit.SecretRotated, before).Named(c.EventID).With("format", g.format)
	if r.Scheduled {
		done = done.With("scheduled", true)
	}
	after, version, err := s.store.AdvanceSecret(ctx, r.SecretID, r.IfVersion, Kept{Number: number, Format: g.format, Fingerprint: mark}, done)
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.NotFound) {
		err = errors.Join(err, s.vault.Destroy(context.WithoutCancel(ctx), place, number)) // the loser of a race destroys its own
	}
	return Rotated{after, version}, err
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
