package run

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
)

// Proof says which lease, and shows that the caller holds it.
type Proof struct {
	LeaseID LeaseID
	// Token is in base64.
	Token secret.Value
}

func (s *Service) holder(a authz.Actor, p Proof) Holder {
	return Holder{LeaseID: p.LeaseID, PrincipalID: a.PrincipalID, TokenHashes: s.hashesOf(p.LeaseID, p.Token)}
}

// refusal is what is put on record of whoever holds no such lease. An id that is malformed names nothing, and is not
// repeated.
func (p Proof) refusal(a authz.Actor) audit.Entry {
	e := audit.Record(a, audit.LeaseRefused).Ended(audit.Denied).On("api_key", a.PrincipalID, a.Name())
	if p.LeaseID.Valid() {
		e = e.With("leaseId", p.LeaseID)
	}

	return e
}

// End ends a lease: nothing more is injected or redacted under it. It may be repeated.
//
// Errors: fault.NotFound if there is no such lease of the actor's, or the token is not its own; fault.RateLimited.
func (s *Service) End(ctx context.Context, a authz.Actor, p Proof) error {
	err := s.leases.EndLease(ctx, s.holder(a, p), audit.Record(a, audit.LeaseEnded).AwaitsTarget("lease"),
		p.refusal(a))
	if err == nil {
		s.sets.forget(p.LeaseID)
	}

	return err
}
