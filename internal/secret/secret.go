// Package secret has credentials: their names, versions and history. Their values are in the vault alone, which is
// Secret Manager behind a cache. Admins and keys with `secrets:read` reveal a value, and its event is committed before
// the value is read. docs/life-of-a-reveal.md follows a reveal and says what each crash leaves of the other mutations.
package secret

import (
	"regexp"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// Format is how a value is to be read; the values are the schema's SecretFormat.
type Format string

// The formats.
const (
	Text   Format = "TEXT"
	JSON   Format = "JSON"
	Binary Format = "BINARY"
)

// VersionState is whether a version is the one in use; the values are the schema's SecretVersionState.
type VersionState string

// The states of a version.
const (
	Current   VersionState = "CURRENT"
	Retained  VersionState = "RETAINED"
	Destroyed VersionState = "DESTROYED"
)

// Secret is a credential's name and history.
type Secret struct {
	ID          ID
	Name        string
	Description *string
	// Format is that of the current version.
	Format Format
	// Fields are the names of its top-level fields, in order; none unless it is a JSON object.
	Fields         []string
	CurrentVersion int32
	CreatedAt      time.Time
	CreatedBy      authz.Who
	RotatedAt      time.Time
	LastRevealedAt *time.Time
	LastInjectedAt *time.Time
	// Rotation is nil where there is no schedule.
	Rotation *ScheduleState
	// PurgeAt is when a deleted secret is destroyed for good; nil for one that is not deleted.
	PurgeAt *time.Time
}

// cron is the schedule by the calendar; nil if there is none.
func (s Secret) cron() *Cron {
	if s.Rotation == nil {
		return nil
	}

	return s.Rotation.Cron
}

// Version is one value that a secret has had. It counts from 1.
type Version struct {
	Version   int32
	State     VersionState
	CreatedAt time.Time
	CreatedBy authz.Who
	// DestroyAt is when its value is destroyed; nil for the current one.
	DestroyAt *time.Time
}

var name = regexp.MustCompile(`^[A-Za-z0-9_./-]{1,120}$`)

// checkName errors: fault.Invalid naming `name`, also for what looks like an id, so that either can say which secret is
// meant. What was named so before the rule keeps its name.
func checkName(text string) error {
	if first, _, _ := strings.Cut(text, "."); ident.HasFormOfID(first) {
		return fault.Field(fault.Invalid, "name", "A secret's name is no UUID, and begins with none before a dot: a "+
			"UUID is the `id` of a secret.")
	}

	if !name.MatchString(text) {
		return fault.Field(fault.Invalid, "name", "A secret's name is 1 to 120 of letters, digits, `_`, `-`, `.` and "+
			"`/`.")
	}

	return nil
}

// NotFound says that a workspace has no such secret.
func NotFound() error {
	return fault.Field(fault.NotFound, "secretId", "There is no such secret in this workspace.")
}

// NameTaken says that a secret that is not deleted has the name.
func NameTaken() error {
	return fault.Field(fault.Conflict, "name", "A secret of this name exists already.")
}

// MovedOn says that another version is current than the caller thought.
func MovedOn(current int32) error {
	return fault.Field(fault.Conflict, "ifVersion", "The secret has moved on: version %d is current.", current).
		With("currentVersion", current)
}

// Rescheduled says that a rotation by schedule is not due any more.
func Rescheduled() error {
	return fault.New(fault.Conflict, "The secret's schedule has changed: no rotation is due.")
}

// ScheduleChanged says that a schedule by the calendar was changed while a value was stored.
func ScheduleChanged() error {
	return fault.New(fault.Conflict, "The secret's schedule was changed meanwhile: nothing was done. Try again.")
}

// NoVersion says that a secret has no such version.
func NoVersion() error {
	return fault.Field(fault.NotFound, "version", "The secret has no such version.")
}

// EmptyField says that the whole value is not asked for by the name of no field.
func EmptyField() error {
	return fault.Field(fault.Invalid, "field", "Leave the field out for the whole value.")
}

// NoField says that a version has no such field.
func NoField() error {
	return fault.Field(fault.NotFound, "field", "This version of the secret has no such field.")
}

// IsDestroyed says that a version's value is gone for ever.
func IsDestroyed() error {
	return fault.Field(fault.Conflict, "version", "The value of this version is destroyed.")
}

// IsCurrent says that a version is the one in use.
func IsCurrent() error {
	return fault.Field(fault.Conflict, "version", "This version is the current one.")
}

// NotDeleted says that there is nothing to restore.
func NotDeleted() error {
	return fault.Field(fault.Conflict, "secretId", "The secret is not deleted.")
}

// NeedsReason says that the workspace requires a reason for each reveal.
func NeedsReason() error {
	return fault.Field(fault.Invalid, "reason", "This workspace requires a reason for each reveal.")
}
