// Package run serves the runs of workflows. It hands a run the secrets that its consumer references, sealed to a
// runtime's key; it replaces these values in what the run puts out; and it carries out storage steps. API keys with
// `secrets:inject` or `runs:execute` do all of that, and no person; admins register the runtimes' keys. Each call is on
// record. docs/life-of-an-injection.md follows an injection.
package run

import (
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/secret"
)

// MaxSecrets is how many secrets one injection hands out at most, and how many one lease pins in all of its steps: at
// 64 KiB each, redaction never has to find more than 6.4 MB of values at once.
const MaxSecrets = 100

// The bounds of a lease's life.
const (
	MinLease = time.Minute
	MaxLease = 24 * time.Hour
)

// MaxRefusals is how many refusals one principal gets within an hour, for secrets that a consumer does not reference
// and for wrong tokens, that say why; further ones say only that there were too many. Correct calls still pass, so
// nobody can keep a runtime from redacting.
const MaxRefusals = 100

// Run is a step of a workflow run, by the platform's ids.
type Run = ident.Run

// Consumer is whose secrets are handed out, by the platform's id.
type Consumer struct {
	Kind       reference.Kind
	ExternalID string
}

// LeaseID names a lease.
type LeaseID = ident.Of[Lease]

// Lease is the versions that a run was given, for as long as it may have them again.
type Lease struct {
	ID LeaseID
	// RunID is the platform's.
	RunID     string
	ExpiresAt time.Time
}

// PinnedSecret is a version of a secret that is handed out, or that a lease pins, as the index has it.
type PinnedSecret struct {
	SecretID secret.ID
	Name     string
	Version  int32
	Number   secret.Number
	Format   secret.Format
	// Fields are the names of a JSON secret's fields; empty where they are not known.
	Fields []string
	// Referenced is whether the consumer uses it.
	Referenced bool
	// Destroyed is whether its value can no longer be read.
	Destroyed bool
}

// check says whether the one field that is asked for can be there.
func (h PinnedSecret) check(field *string) error {
	known := h.Format == secret.JSON && (len(h.Fields) == 0 || field != nil && slices.Contains(h.Fields, *field))
	if field != nil && !known {
		return NoField(h.SecretID)
	}

	return nil
}

// NoField says that a secret has no such field, or none at all.
func NoField(of secret.ID) error {
	return fault.Field(fault.NotFound, "field", "A secret has no such field.").With("secretId", of)
}

// Missing says that secrets do not exist here, or are deleted.
func Missing(ids []secret.ID) error {
	return fault.Field(fault.NotFound, "secrets", "Secrets that are not in this workspace, or are deleted: %d.",
		len(ids)).With("missing", ids)
}

// Unreferenced says that a consumer does not use secrets.
func Unreferenced(ids []secret.ID) error {
	return fault.Field(fault.Forbidden, "secrets", "Secrets that the consumer does not reference: %d.", len(ids)).
		With("secretIds", ids)
}

// Destroyed says that versions which a lease pins can no longer be read.
func Destroyed(ids []secret.ID) error {
	return fault.New(fault.Conflict, "Secrets whose version in this lease was destroyed: %d.", len(ids)).
		With("secretIds", ids)
}

// NoKey says that a workspace has no such runtime key.
func NoKey() error {
	return fault.Field(fault.NotFound, "runtimeKeyId", "There is no such runtime key in this workspace.")
}

// KeyTaken says that a public key is registered already.
func KeyTaken() error {
	return fault.Field(fault.Conflict, "publicKey", "This public key is registered already.")
}
