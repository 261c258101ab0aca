package secret

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// maxReason is how many characters the reason of a reveal has at most.
const maxReason = 1000

// Reveal is a value with the event that put it on record.
type Reveal struct {
	Secret  Secret
	Version int32
	Value   Revealed
	EventID audit.EventID
}

// RevealRequest asks for a value.
type RevealRequest struct {
	Wanted
	// Reason is why, on record.
	Reason string
}

// Reveal returns a value, once `secret.accessed` is committed: no event, no value.
//
// Errors: fault.NotFound; fault.Conflict if the version is destroyed; fault.Invalid naming `reason`;
// fault.Unavailable, and then nothing was read, or `secret.access_failed` says so.
func (s *Service) Reveal(ctx context.Context, a authz.Actor, r RevealRequest) (Reveal, error) {
	if utf8.RuneCountInString(r.Reason) > maxReason {
		return Reveal{}, fault.Field(fault.Invalid, "reason", "A reason has at most %d characters.", maxReason)
	}
	e := audit.Record(a, audit.SecretAccessed).Because(r.Reason)
	if r.Field != "" {
		e = e.With("field", r.Field)
	}
	shown, err := s.store.RevealSecret(ctx, r.Wanted, e)
	if err != nil {
		return Reveal{}, fmt.Errorf("recording reveal of %s: %w", r.SecretID, err)
	}
	v, err := s.vault.Access(ctx, Place{Region: a.Region, ID: r.SecretID}, shown.Number)
	if err != nil {
		failed := entry(a, audit.SecretAccessFailed, shown.Secret).Ended(audit.Failed).With("version", shown.Version).With("eventId", e.ID)
		return Reveal{}, errors.Join(err, s.store.Record(context.WithoutCancel(ctx), failed))
	}
	return Reveal{Secret: shown.Secret, Version: shown.Version, Value: Revealed{value: v, format: shown.Format, field: r.Field}, EventID: e.ID}, nil
}
