package run

import (
	"context"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/seal"
	"github.com/provenanceone/data-api/internal/secret"
)

// SecretRequest names one secret that a step needs.
type SecretRequest struct {
	SecretID secret.ID
	// Field is the one field of a JSON secret; nil for the whole value.
	Field *string
}

// InjectRequest asks for the secrets of a step.
type InjectRequest struct {
	Run          Run
	Consumer     Consumer
	Secrets      []SecretRequest
	RuntimeKeyID KeyID
	// LeaseID is an open lease, whose versions are wanted again; nil for a new one.
	LeaseID *LeaseID
	// LeaseFor is how long a new lease lives.
	LeaseFor time.Duration
}

func (r InjectRequest) check() error {
	if err := r.Run.Check(); err != nil {
		return err
	}

	if err := ident.CheckExternalID("externalId", r.Consumer.ExternalID); err != nil {
		return err
	}

	if n := len(r.Secrets); n < 1 || n > MaxSecrets {
		return fault.Field(fault.Invalid, "secrets", "An injection names 1 to %d secrets; this one names %d.",
			MaxSecrets, n)
	}

	if slices.ContainsFunc(r.Secrets, func(w SecretRequest) bool { return w.Field != nil && *w.Field == "" }) {
		return secret.EmptyField()
	}

	if r.LeaseFor < MinLease || r.LeaseFor > MaxLease {
		return fault.Field(fault.Invalid, "leaseFor", "A lease lives PT1M to P1D.")
	}

	return nil
}

// ids are the distinct secrets of a request, in order.
func (r InjectRequest) ids() []secret.ID {
	ids := make([]secret.ID, len(r.Secrets))
	for i, w := range r.Secrets {
		ids[i] = w.SecretID
	}

	return slices.Compact(slices.Sorted(slices.Values(ids)))
}

// PinRequest asks the index to pin the versions of an injection. The index commits it, with its events, before the
// service reads a value.
type PinRequest struct {
	InjectRequest
	// IDs are the distinct secrets, in order.
	IDs []secret.ID
	// Under is the lease that begins, or the one that the request names.
	Under LeaseID
	// TokenHash is of the token that this injection gets.
	TokenHash TokenHash
}

// Check decides whether the injection may hand out what the index found: all of it or nothing.
//
// Errors: fault.NotFound naming those that are not there; fault.Forbidden naming those that the consumer does not
// reference; fault.Conflict naming those that were destroyed; fault.NotFound naming `field`.
func (c PinRequest) Check(found []PinnedSecret) error {
	if ids := c.missing(found); len(ids) > 0 {
		return Missing(ids)
	}

	if ids := NotReferenced(found); len(ids) > 0 {
		return Unreferenced(ids)
	}

	if ids := destroyed(found); len(ids) > 0 {
		return Destroyed(ids)
	}

	for _, w := range c.Secrets {
		if err := found[place(found, w.SecretID)].check(w.Field); err != nil {
			return err
		}
	}

	return nil
}

func (c PinRequest) missing(found []PinnedSecret) []secret.ID {
	return slices.DeleteFunc(slices.Clone(c.IDs), func(id secret.ID) bool { return place(found, id) >= 0 })
}

// NotReferenced are the secrets that the consumer does not use.
func NotReferenced(found []PinnedSecret) []secret.ID {
	return those(found, func(h PinnedSecret) bool { return !h.Referenced })
}

func destroyed(found []PinnedSecret) []secret.ID {
	return those(found, func(h PinnedSecret) bool { return h.Destroyed })
}

func those(found []PinnedSecret, bad func(PinnedSecret) bool) (ids []secret.ID) {
	for _, h := range found {
		if bad(h) {
			ids = append(ids, h.SecretID)
		}
	}

	return ids
}

func place(found []PinnedSecret, id secret.ID) int {
	return slices.IndexFunc(found, func(h PinnedSecret) bool { return h.SecretID == id })
}

// PinResult has the versions that an injection hands out.
type PinResult struct {
	Lease Lease
	// Key is the public key of the runtime.
	Key []byte
	// Held is one entry a distinct secret, EventIDs that secret's event.
	Held     []PinnedSecret
	EventIDs []audit.EventID
}

// SealedValue is a value sealed to a runtime's key.
type SealedValue struct {
	SecretRequest
	Name    string
	Version int32
	Sealed  []byte
}

// Injection is the answer to an InjectRequest.
type Injection struct {
	Lease Lease
	// SealedToken holds the token that Redact and End demand.
	SealedToken []byte
	Secrets     []SealedValue
}

// Inject hands out secrets, sealed to a runtime key, once `secret.injected` is committed for each: no event, no value.
// All are as of one moment; under a lease that is open they are the versions that it pins, and current ones where it
// pins none.
//
// Errors: fault.Invalid; fault.Forbidden naming secrets that the consumer does not reference; fault.NotFound naming
// secrets, `field`, `runtimeKeyId` or `leaseId`; fault.Conflict if the lease is over, or a pinned version was
// destroyed; fault.RateLimited; fault.Unavailable, and then nothing was read, or `secret.inject_failed` says so.
func (s *Service) Inject(ctx context.Context, a authz.Actor, r InjectRequest) (Injection, error) {
	if err := r.check(); err != nil {
		return Injection{}, err
	}

	claim := PinRequest{InjectRequest: r, IDs: r.ids(), Under: ident.New[Lease]()}
	if r.LeaseID != nil {
		claim.Under = *r.LeaseID
	}

	token := newToken()
	defer clear(token)
	claim.TokenHash = s.hashes(claim.Under, token)[0]
	pinned, err := s.leases.Pin(ctx, claim, r.entry(a, audit.SecretInjected), r.refusal(a))
	if err != nil {
		return Injection{}, err
	}

	given, err := s.give(ctx, a, r, pinned, token)
	if err != nil {
		return Injection{}, s.failed(ctx, a, r, pinned, err)
	}

	return given, nil
}

// give reads the values and seals them.
func (s *Service) give(
	ctx context.Context, a authz.Actor, r InjectRequest, p PinResult, token []byte,
) (Injection, error) {
	values, err := s.read(ctx, a.Region, p.Held)
	defer wipe(values)
	if err != nil {
		return Injection{}, err
	}

	given := Injection{Lease: p.Lease, Secrets: make([]SealedValue, len(r.Secrets))}
	if given.SealedToken, err = seal.Seal(p.Key, seal.Info{Purpose: seal.Lease, ID: p.Lease.ID.String()},
		token); err != nil {
		return Injection{}, err
	}

	for i, w := range r.Secrets {
		at := place(p.Held, w.SecretID)
		if given.Secrets[i], err = sealOne(p, w, p.Held[at], values[at]); err != nil {
			return Injection{}, err
		}
	}

	return given, nil
}

func sealOne(p PinResult, w SecretRequest, h PinnedSecret, v secret.Value) (SealedValue, error) {
	info := seal.Info{
		Purpose:  seal.Lease,
		ID:       p.Lease.ID.String(),
		SecretID: h.SecretID.String(),
		Version:  int(h.Version),
	}
	if w.Field != nil {
		info.Field = *w.Field
		one, found := v.Field(*w.Field)
		if !found {
			return SealedValue{}, NoField(h.SecretID)
		}

		defer one.Wipe()
		v = one
	}

	sealed, err := v.Seal(p.Key, info)
	return SealedValue{SecretRequest: w, Name: h.Name, Version: h.Version, Sealed: sealed}, err
}
