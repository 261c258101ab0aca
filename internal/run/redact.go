package run

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/redact"
	"github.com/provenanceone/data-api/internal/secret"
)

// MaxOutput is how many bytes one call redacts.
const MaxOutput = 512 << 10

// maxClean is how many bytes may come of that: a name may be longer than its secret.
const maxClean = 2 * MaxOutput

// chunkBytes is how much of it is redacted before somebody looks whether the caller still waits.
const chunkBytes = 4 << 10

// RedactResult is the output of a run with the names of secrets in place of their values.
type RedactResult struct {
	Output []byte
	// Counts are how often each secret was found that was.
	Counts []redact.Count
	// Unmasked are the secrets of the lease of which parts are left as they are, wherever they stand alone.
	Unmasked []redact.Unmasked
}

// Redact replaces every secret of a lease, in any encoding that redact knows, by its name.
//
// Errors: fault.Invalid naming `output` if it is too long; fault.NotFound if there is no such lease of the actor's, or
// the token is not its own; fault.RateLimited; fault.Conflict if the lease is over, or a version that it pins was
// destroyed; fault.Unavailable if one cannot be read. With an error nothing of the output is returned. Effects: it is
// on record, as FAILED if the lease was good and an error followed.
func (s *Service) Redact(ctx context.Context, a authz.Actor, p Proof, output []byte) (RedactResult, error) {
	if len(output) > MaxOutput {
		return RedactResult{}, fault.Field(fault.Invalid, "output", "An output has at most %d bytes; this one has %d.",
			MaxOutput, len(output))
	}

	lease, held, err := s.leases.Lease(ctx, s.holder(a, p), p.refusal(a))
	if err != nil {
		if fault.Is(err, fault.Conflict) {
			s.sets.forget(p.LeaseID)
		}

		return RedactResult{}, err
	}

	entry := audit.Record(a, audit.OutputRedacted).On("lease", lease.ID.String(), lease.RunID).
		With("bytes", len(output))
	clean, err := s.redact(ctx, a, lease, held, output)
	if err != nil {
		return RedactResult{}, errors.Join(err, s.leases.Record(context.WithoutCancel(ctx), entry.Ended(audit.Failed)))
	}

	if err := s.leases.Record(ctx, entry.With("redactions", onRecord(clean.Counts))); err != nil {
		return RedactResult{}, err
	}

	return clean, nil
}

func (s *Service) redact(
	ctx context.Context, a authz.Actor, l Lease, held []PinnedSecret, output []byte,
) (RedactResult, error) {
	if ids := destroyed(held); len(ids) > 0 {
		s.sets.forget(l.ID)
		return RedactResult{}, Destroyed(ids)
	}

	workspace, caller := a.Sharer()
	share, err := s.shares.Take(ctx, fair.Who{Workspace: workspace, Caller: caller}, int64(max(len(held), leastShare)))
	if err != nil {
		return RedactResult{}, err
	}
	defer share.Release()
	set, err := s.set(ctx, a, l, held)
	if err != nil {
		return RedactResult{}, err
	}
	defer s.sets.giveBack(set)
	share.Resize(leastShare)

	var clean bytes.Buffer
	clean.Grow(len(output))
	w := redact.NewWriter(&clean, set.Set)
	for chunk := range slices.Chunk(output, chunkBytes) {
		if err := ctx.Err(); err != nil {
			return RedactResult{}, err
		}

		_, _ = w.Write(chunk) // a Buffer takes everything
		if clean.Len() > maxClean {
			return RedactResult{}, fault.Field(fault.Invalid, "output",
				"What is redacted would have more than %d bytes: send less at a time.", maxClean)
		}
	}

	err = w.Close()
	return RedactResult{Output: clean.Bytes(), Counts: w.Counts(), Unmasked: set.Unmasked()}, err
}

// set returns what finds the secrets of a lease, to be given back: all of them or none.
func (s *Service) set(ctx context.Context, a authz.Actor, l Lease, held []PinnedSecret) (*cachedSet, error) {
	if set := s.sets.find(l, held); set != nil {
		return set, nil
	}

	values, err := s.read(ctx, a.Region, held)
	defer wipe(values)
	if err != nil {
		return nil, err
	}

	secrets := make([]redact.Secret, len(held))
	for i, h := range held {
		secrets[i] = redact.Secret{
			ID:      h.SecretID.String(),
			Name:    h.Name,
			Version: int(h.Version),
			Value:   values[i].Open(),
			JSON:    h.Format == secret.JSON,
		}
	}

	set, err := redact.Build(ctx, secrets)
	if err != nil {
		return nil, err
	}

	return s.sets.keep(l, held, set), nil
}

// onRecord are counts by secret; an empty list where nothing was found.
func onRecord(counts []redact.Count) []map[string]any {
	all := make([]map[string]any, len(counts))
	for i, c := range counts {
		all[i] = map[string]any{"secretId": c.ID, "version": c.Version, "count": c.Count}
	}

	return all
}
