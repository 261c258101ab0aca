package secret

import (
	"context"
	"errors"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
)

// RollBackRequest makes the value of an earlier version current again.
type RollBackRequest struct {
	SecretID ID
	Version  int32
	// IfVersion is the version that must be current; nil for whichever is.
	IfVersion *int32
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string
}

// RollBack makes the value of an earlier version current again, as a new version. The value goes from the vault to the
// vault.
//
// Errors: fault.NotFound; fault.Conflict with currentVersion if IfVersion is another; fault.Conflict if the version is
// current or destroyed; fault.Unavailable; those of idempotency.Do.
func (s *Service) RollBack(ctx context.Context, a authz.Actor, r RollBackRequest) (RotateResult, error) {
	call := idempotency.Call{
		Mutation: "rollbackSecret",
		Key:      r.IdempotencyKey,
		Input:    []any{r.SecretID, r.Version, r.IfVersion},
	}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (RotateResult, error) {
		before, err := s.look(ctx, a, r.SecretID, r.IfVersion)
		if err != nil {
			return RotateResult{}, err
		}

		if r.Version == before.CurrentVersion {
			return RotateResult{}, IsCurrent()
		}

		kept, err := s.store.KeptVersion(ctx, a.Workspace, r.SecretID, r.Version)
		if err != nil {
			return RotateResult{}, err
		}

		if kept.Number, err = s.copy(ctx, Place{Region: a.Region, ID: r.SecretID}, kept.Number); err != nil {
			return RotateResult{}, err
		}

		done := advanced(a, audit.SecretRolledBack, before).Named(c.EventID).With("from", r.Version)
		return s.advance(ctx, a, before, AdvanceRequest{
			SecretID:    r.SecretID,
			IfVersion:   r.IfVersion,
			From:        &r.Version,
			StoredValue: kept,
		}, done)
	}, s.again(a))
}

// copy adds the value of one of the vault's versions as another one.
func (s *Service) copy(ctx context.Context, p Place, n Number) (Number, error) {
	v, err := s.access(ctx, p, n)
	if err != nil {
		return 0, err
	}

	return s.vault.Add(ctx, p, v)
}

// access reads a version that was there just now. Errors: fault.Conflict if it is destroyed by now; fault.Unavailable.
func (s *Service) access(ctx context.Context, p Place, n Number) (Value, error) {
	v, err := s.vault.Access(ctx, p, n)
	if fault.Is(err, fault.NotFound) {
		err = errors.Join(IsDestroyed(), err)
	}

	return v, err
}

// DestroyVersion ends the value of one version for ever: at its commit for everybody here, and then in the vault.
// What the vault does not confirm now is tried again later.
//
// Errors: fault.NotFound; fault.Conflict if the version is current.
func (s *Service) DestroyVersion(ctx context.Context, a authz.Actor, id ID, version int32) (Secret, error) {
	after, number, err := s.store.DestroyVersion(ctx, id, version, audit.Record(a, audit.SecretDestroyed).
		AwaitsTarget("secret").With("version", version))
	if err != nil {
		return Secret{}, err
	}

	ctx = context.WithoutCancel(ctx)
	if err := s.vault.Destroy(ctx, Place{Region: a.Region, ID: id}, number); err != nil {
		s.log.WarnContext(ctx, "a destroyed version was not erased from the vault yet", "secret", id, "version",
			version, "error", err)
		return after, nil
	}

	return after, s.store.VersionErased(ctx, a.Workspace, id, version)
}
