package run

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
)

// maxReads is how many values one call reads at once.
const maxReads = 16

// Leases keeps what runs were given.
type Leases interface {
	// Pin pins the versions of a request and writes an event for each, from the entry `injected`. The caller reads no
	// value before Pin has committed. Pin begins a lease, or continues the named one if that is open and belongs to the
	// same principal, run and consumer. All versions are of one snapshot, which has every rotation that answered before
	// the call.
	// Errors: fault.NotFound naming secrets, `runtimeKeyId` or `leaseId`; fault.Conflict if the lease is over; those of
	// PinRequest.Check. Pin writes the entry `refused` for fault.Forbidden, until there are MaxRefusals of them: then
	// the error is fault.RateLimited.
	Pin(ctx context.Context, c PinRequest, injected, refused audit.Entry) (PinResult, error)
	// Lease returns an open lease and what it pins, to whoever holds it.
	// Errors: fault.NotFound, on record as `refused` says; fault.RateLimited instead, past MaxRefusals; fault.Conflict
	// if it is over.
	Lease(ctx context.Context, h Holder, refused audit.Entry) (Lease, []PinnedSecret, error)
	// EndLease ends a lease; one that has ended already stays as it is, without an event. Errors: as Lease, but for
	// fault.Conflict.
	EndLease(ctx context.Context, h Holder, ended, refused audit.Entry) error

	audit.Recorder
}

// Vault reads values.
type Vault interface {
	// Access is that of secret.Vault. The value is the caller's own, to be wiped.
	Access(ctx context.Context, p secret.Place, n secret.Number) (secret.Value, error)
}

// Service answers for runs and the keys of their runtimes.
type Service struct {
	leases Leases
	keys   Keys
	vault  Vault
	server secret.ServerKeys
	now    func() time.Time
	sets   *sets
	shares *fair.Gate
}

// NewService returns a service on an index and a vault, with the server's keys, those of its hashes.
func NewService(leases Leases, keys Keys, vault Vault, server secret.ServerKeys, now func() time.Time) *Service {
	return &Service{
		leases: leases,
		keys:   keys,
		vault:  vault,
		server: server,
		now:    now,
		sets:   newSets(now),
		shares: newShares(shareWait),
	}
}

// read reads values, some at once, in the order of what they are of. If one cannot be read, the others may be read or
// not.
func (s *Service) read(ctx context.Context, region string, held []PinnedSecret) ([]secret.Value, error) {
	values := make([]secret.Value, len(held))
	readers, ctx := errgroup.WithContext(ctx)
	readers.SetLimit(maxReads)
	for i, h := range held {
		readers.Go(func() (err error) {
			values[i], err = s.vault.Access(ctx, secret.Place{Region: region, ID: h.SecretID}, h.Number)
			if fault.Is(err, fault.NotFound) { // it was there when it was pinned
				err = errors.Join(Destroyed([]secret.ID{h.SecretID}), err)
			}

			return err
		})
	}

	return values, readers.Wait()
}

func wipe(values []secret.Value) {
	for _, v := range values {
		v.Wipe()
	}
}
