package secret

import (
	"context"
	"errors"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
)

// RotateRequest gives a secret a new value.
type RotateRequest struct {
	SecretID ID
	Value    ValueInput
	// IfVersion is the version that must be current; nil for whichever is.
	IfVersion *int32
	// EndLeases ends the leases that pinned the replaced version: for a leaked value.
	EndLeases bool
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string
	// Due is the time at which the schedule says that a rotation is due; nil for a rotation that a caller requests.
	Due *time.Time
}

// RotateResult is a secret, and the version that a rotation made.
type RotateResult struct {
	Secret  Secret
	Version Version
}

// Rotate replaces the value. Once it returns, no reveal of the current version reads the old one, on any replica.
//
// A value equal to the current one makes a version like any other; the event says so.
//
// Errors: fault.Invalid naming `value`; fault.NotFound; fault.Conflict with currentVersion if IfVersion is another, or
// if the schedule is another by now; fault.Unavailable; those of idempotency.Do.
func (s *Service) Rotate(ctx context.Context, a authz.Actor, r RotateRequest) (RotateResult, error) {
	p, err := r.Value.read()
	if err != nil {
		return RotateResult{}, err
	}

	call := idempotency.Call{
		Mutation: "rotateSecret",
		Key:      r.IdempotencyKey,
		Input: idempotency.Keyed(func(key []byte) any {
			return []any{r.SecretID, r.IfVersion, r.EndLeases, r.Value.mark(key, p)}
		}),
	}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (RotateResult, error) {
		return s.rotate(ctx, a, r, p, c)
	}, s.again(a))
}

func (s *Service) rotate(
	ctx context.Context, a authz.Actor, r RotateRequest, p plain, c idempotency.Claim,
) (RotateResult, error) {
	before, err := s.look(ctx, a, r.SecretID, r.IfVersion)
	if err != nil {
		return RotateResult{}, err
	}

	number, err := s.vault.Add(ctx, Place{Region: a.Region, ID: r.SecretID}, p.value)
	if err != nil {
		return RotateResult{}, err
	}

	done := advanced(a, audit.SecretRotated, before).Named(c.EventID).With("format", p.format)
	if r.Due != nil {
		done = done.With("scheduled", true)
	}

	if r.EndLeases {
		done = done.Awaits("leasesEnded")
	}

	return s.advance(ctx, a, before, AdvanceRequest{
		SecretID:    r.SecretID,
		IfVersion:   r.IfVersion,
		Due:         r.Due,
		StoredValue: s.kept(r.SecretID, number, p),
		EndLeases:   r.EndLeases,
	}, done)
}

// look returns the refusals that are certain already, before the vault takes a value. It locks nothing: Store.Advance
// decides.
//
// Errors: fault.NotFound; fault.Conflict with currentVersion.
func (s *Service) look(ctx context.Context, a authz.Actor, id ID, ifVersion *int32) (Secret, error) {
	found, err := s.Find(ctx, a, id)
	switch {
	case err != nil:
		return found, err
	case found.PurgeAt != nil:
		return found, NotFound()
	case ifVersion != nil && *ifVersion != found.CurrentVersion:
		return found, MovedOn(found.CurrentVersion)
	}

	return found, nil
}

// advanced is what goes on record of a new current version.
func advanced(a authz.Actor, action audit.Action, before Secret) audit.Entry {
	return entry(a, action, before).Awaits("version").MayHave("sameValue")
}

// advance makes the value that the vault has stored the current version. If that fails, it destroys the value. If the
// outcome is unknown, the value may be in use, and the reconciler decides.
func (s *Service) advance(
	ctx context.Context, a authz.Actor, before Secret, n AdvanceRequest, e audit.Entry,
) (RotateResult, error) {
	n.Retain = s.retention.Versions
	if plan := before.Rotation; plan != nil && plan.Cron != nil {
		n.Cron, n.NextAt = plan.Cron, new(plan.After(s.now()))
	}

	after, version, err := s.store.Advance(ctx, n, e)
	if err != nil && !errors.Is(err, fault.ErrUnconfirmed) {
		err = s.discard(ctx, a, n.SecretID, n.Number, err)
	}

	return RotateResult{after, version}, err
}

// again answers a repeated call with the version that it made.
func (s *Service) again(a authz.Actor) func(context.Context, idempotency.Result) (RotateResult, error) {
	return func(ctx context.Context, done idempotency.Result) (RotateResult, error) {
		return s.version(ctx, a, ID(done.TargetID), done.Version)
	}
}

// version returns one version of a secret, as it is now. Errors: fault.NotFound.
func (s *Service) version(ctx context.Context, a authz.Actor, id ID, number int32) (RotateResult, error) {
	of, err := s.Find(ctx, a, id)
	if err != nil {
		return RotateResult{}, err
	}

	v, found, err := s.store.Version(ctx, a.Workspace, id, number)
	if err == nil && !found {
		err = NoVersion()
	}

	return RotateResult{of, v}, err
}
