package run

import (
	"context"
	"errors"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/redact"
	"github.com/provenanceone/data-api/internal/secret"
)

// MaxOutput is how many bytes are redacted at once.
const MaxOutput = 512 << 10

// Redacted is what a run put out, without the secrets that it was given.
type Redacted struct {
	Output []byte
	// Counts are how often each secret was found that was.
	Counts []redact.Count
}

// Redact replaces every secret of a lease, in any encoding that redact knows, by its name.
//
// Errors: fault.Invalid naming `output` if it is too long; fault.NotFound if there is no such lease of the actor's, or the token is not its own;
// fault.RateLimited; fault.Conflict if the lease is over, or a version that it pins was destroyed; fault.Unavailable if one cannot be read.
// With an error nothing of the output is returned. Effects: it is on record, as FAILED if the lease was good and an error followed.
func (s *Service) Redact(ctx context.Context, a authz.Actor, p Proof, output []byte) (Redacted, error) {
	if len(output) > MaxOutput {
		return Redacted{}, fault.Field(fault.Invalid, "output", "An output has at most %d bytes; this one has %d.", MaxOutput, len(output))
	}
	lease, held, err := s.leases.Lease(ctx, s.holder(a, p), p.refusal(a))
	if err != nil {
		return Redacted{}, err
	}
	entry := audit.Record(a, audit.OutputRedacted).On("lease", lease.ID.String(), lease.RunID).With("bytes", len(output))
	set, err := s.set(ctx, a.Region, held)
	if err != nil {
		return Redacted{}, errors.Join(err, s.leases.RecordAll(context.WithoutCancel(ctx), []audit.Entry{entry.Ended(audit.Failed)}))
	}
	clean, counts := set.Redact(output)
	if err := s.leases.RecordAll(ctx, []audit.Entry{entry.With("redactions", onRecord(counts))}); err != nil {
		return Redacted{}, err
	}
	return Redacted{Output: clean, Counts: counts}, nil
}

// set is what finds the secrets of a lease: all of them or none.
func (s *Service) set(ctx context.Context, region string, held []Held) (*redact.Set, error) {
	if ids := destroyed(held); len(ids) > 0 {
		return nil, Destroyed(ids)
	}
	select {
	case s.sets <- struct{}{}:
		defer func() { <-s.sets }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	values, err := s.read(ctx, region, held)
	defer wipe(values)
	if err != nil {
		return nil, err
	}
	secrets := make([]redact.Secret, len(held))
	for i, h := range held {
		secrets[i] = redact.Secret{ID: h.SecretID.String(), Name: h.Name, Version: int(h.Version), Value: values[i].Open(), JSON: h.Format == secret.JSON}
	}
	return redact.NewSet(secrets), nil
}

// onRecord are counts by secret; an empty list where nothing was found.
func onRecord(counts []redact.Count) []map[string]any {
	all := make([]map[string]any, len(counts))
	for i, c := range counts {
		all[i] = map[string]any{"secretId": c.ID, "version": c.Version, "count": c.Count}
	}
	return all
}
