package secretmanager

import (
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/provenanceone/data-api/internal/breaker"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
)

// The halves of sentences that say what did not happen.
const (
	notMade      = "no room was made for the secret"
	maybeAdded   = "the value may or may not have been kept"
	notRead      = "the value was not read"
	notDestroyed = "the version may or may not be destroyed"
	notDeleted   = "the secret may or may not be deleted"
)

// unavailable says that Secret Manager did not answer, or answered that it would not, and what that means; during an
// outage also when to try again.
func unavailable(err error, outcome string) error {
	switch status.Code(err) {
	case codes.PermissionDenied, codes.Unauthenticated, codes.InvalidArgument, codes.FailedPrecondition,
		codes.ResourceExhausted, codes.NotFound:
		return fault.New(fault.Unavailable, "Secret Manager refused: %s.", outcome).Because(err)
	default:
		f := fault.New(fault.Unavailable, "Secret Manager did not answer: %s.", outcome).Because(err)
		return breaker.TryAgain(f, err)
	}
}

func damaged(outcome string) error {
	return fault.New(fault.Unavailable, "Secret Manager's answer was damaged on the way: %s.", outcome)
}

func noSecret() *fault.Error {
	return fault.New(fault.NotFound, "There is no such secret in the vault.")
}

func noVersion() *fault.Error {
	return fault.New(fault.NotFound, "This version of the secret is destroyed or disabled, or was never kept.")
}

func (v *Vault) noPlace(p secret.Place, outcome string) error {
	return fault.New(fault.Unavailable, "This server keeps no secrets in the region %q: %s.", p.Region, outcome)
}

// while adds the operation to what caused an error.
func while(operation string, err error) error { return fmt.Errorf("%s: %w", operation, err) }
