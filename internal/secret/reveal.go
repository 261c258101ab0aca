package secret

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/seal"
)

// maxReason is how many characters the reason of a reveal has at most.
const maxReason = 1000

// Reveal is a value with the event that put it on record.
type Reveal struct {
	Secret  Secret
	Version int32
	Value   RevealedValue
	// Sealed is the value as only the recipient reads it; nil where it was not asked for.
	Sealed  []byte
	EventID audit.EventID
}

// RevealRequest asks for a value.
type RevealRequest struct {
	RevealTarget
	// Reason is why, on record.
	Reason string
	// RecipientKey is an X25519 public key, to which the value is sealed; nil to have it as it is.
	RecipientKey []byte
}

// Reveal returns a value, once `secret.accessed` is committed: no event, no value.
//
// Errors: fault.NotFound; fault.Conflict if the version is destroyed; fault.Invalid naming `reason`, `recipientKey` or
// `field`; fault.Unavailable, and then nothing was read, or `secret.access_failed` says so.
func (s *Service) Reveal(ctx context.Context, a authz.Actor, r RevealRequest) (Reveal, error) {
	if err := r.check(); err != nil {
		return Reveal{}, err
	}

	e := r.entry(a)
	shown, err := s.store.Reveal(ctx, r.RevealTarget, e)
	if err != nil {
		return Reveal{}, fmt.Errorf("recording reveal of %s: %w", r.SecretID, err)
	}

	v, err := s.access(ctx, Place{Region: a.Region, ID: r.SecretID}, shown.Number)
	if err != nil {
		failed := entry(a, audit.SecretAccessFailed, shown.Secret).Ended(audit.Failed).With("version", shown.Version).
			With("eventId", e.ID)
		return Reveal{}, errors.Join(err, s.store.Record(context.WithoutCancel(ctx), failed))
	}

	done := Reveal{Secret: shown.Secret, Version: shown.Version, EventID: e.ID}
	if r.RecipientKey == nil {
		done.Value = RevealedValue{value: v, format: shown.Format, field: r.Field}
		return done, nil
	}

	done.Sealed, err = r.seal(v, done)
	return done, err
}

func (r RevealRequest) check() error {
	switch {
	case utf8.RuneCountInString(r.Reason) > maxReason:
		return fault.Field(fault.Invalid, "reason", "A reason has at most %d characters.", maxReason)
	case r.RecipientKey != nil && seal.CheckKey(r.RecipientKey) != nil:
		return fault.Field(fault.Invalid, "recipientKey",
			"That is no X25519 public key of %d bytes that a value can be sealed to.", seal.KeyBytes)
	case r.Field != nil && *r.Field == "":
		return EmptyField()
	}

	return nil
}

func (r RevealRequest) entry(by authz.Actor) audit.Entry {
	e := audit.Record(by, audit.SecretAccessed).AwaitsTarget("secret").Awaits("version")
	if !ident.IsBlank(r.Reason) {
		e = e.Because(r.Reason)
	}

	if r.RecipientKey != nil {
		e = e.With("sealed", true)
	}

	if r.Field != nil {
		e = e.With("field", *r.Field)
	}

	return e
}

// seal seals a value, or the one field of it, to the recipient.
func (r RevealRequest) seal(v Value, of Reveal) ([]byte, error) {
	info := seal.Info{
		Purpose:  seal.Reveal,
		ID:       of.EventID.String(),
		SecretID: of.Secret.ID.String(),
		Version:  int(of.Version),
	}
	if r.Field != nil {
		one, found := v.Field(*r.Field)
		if !found {
			return nil, NoField()
		}

		v, info.Field = one, *r.Field
	}

	return v.Seal(r.RecipientKey, info)
}
