package secret

import (
	"reflect"
	"slices"

	"github.com/provenanceone/data-api/internal/fault"
)

// Facts are what a store finds of a version, and keeps so until its transaction ends.
type Facts struct {
	// Found is whether the version exists, Destroyed whether its value does not any more.
	Found, Destroyed bool
	Format           Format
	// Fields are the names of a JSON object's fields; none where they are not known.
	Fields []string
	// NeedsReason is whether the workspace wants a reason for each reveal.
	NeedsReason bool
}

// Refuse returns why the version's value cannot be read; nil if it can.
//
// Errors: fault.NotFound naming `version`; fault.Conflict if it is destroyed.
func (f Facts) Refuse() error {
	switch {
	case !f.Found:
		return NoVersion()
	case f.Destroyed:
		return IsDestroyed()
	}

	return nil
}

// Refuse returns why a value is not revealed for a reason; nil if it is.
//
// Errors: those of Facts.Refuse; fault.Invalid naming `reason` where the workspace requires one; fault.NotFound naming
// `field`.
func (w RevealTarget) Refuse(f Facts, reason string) error {
	switch {
	case f.Refuse() != nil:
		return f.Refuse()
	case f.NeedsReason && reason == "":
		return NeedsReason()
	case w.Field != nil && (f.Format != JSON || len(f.Fields) > 0 && !slices.Contains(f.Fields, *w.Field)):
		return NoField()
	}

	return nil
}

// RefuseUnless returns fault.Conflict, with currentVersion, if a version was named and another one is current.
func (s Secret) RefuseUnless(ifVersion *int32) error {
	if ifVersion != nil && *ifVersion != s.CurrentVersion {
		return MovedOn(s.CurrentVersion)
	}

	return nil
}

// RefuseDestroy returns fault.Conflict if the version is the current one.
func (s Secret) RefuseDestroy(version int32) error {
	if version == s.CurrentVersion {
		return IsCurrent()
	}

	return nil
}

// Refuse returns why the value does not become the current one of the secret; nil if it does.
//
// Errors: fault.Conflict if another version is current than the one named, if the schedule was changed, or if the value
// is current already.
func (n AdvanceRequest) Refuse(s Secret) error {
	switch {
	case s.RefuseUnless(n.IfVersion) != nil:
		return s.RefuseUnless(n.IfVersion)
	case n.Due != nil && (s.Rotation == nil || !s.Rotation.NextAt.Equal(*n.Due)):
		return Rescheduled()
	case !reflect.DeepEqual(n.Cron, s.cron()):
		return ScheduleChanged()
	case n.From != nil && *n.From == s.CurrentVersion:
		return IsCurrent()
	}

	return nil
}

// Outlived returns the version that must be destroyed before another one is made, if a secret keeps at most that many;
// 0 for none. If it is kept, so are those after it, unless somebody destroyed some. Whatever is before it was destroyed
// when later versions were made.
func (s Secret) Outlived(most int) int {
	if most == 0 || int(s.CurrentVersion) < most {
		return 0
	}

	return int(s.CurrentVersion) + 1 - most
}

// RefuseVersion returns fault.QuotaExceeded if the secret keeps the version that is Outlived; nil if it does not.
func (s Secret) RefuseVersion(most int, kept bool) error {
	if !kept {
		return nil
	}

	return fault.Field(fault.QuotaExceeded, "secretId",
		"The secret's last %d versions are kept, and no more may be: destroy version %d.", most, s.Outlived(most)).
		With("limit", most)
}

// Users are how many consumers use a secret, and the first of them.
type Users struct {
	Count int
	First []map[string]string
}

// Refuse returns fault.InUse, with count and references, if there are any and the deletion is not forced.
func (u Users) Refuse(force bool) error {
	if u.Count == 0 || force {
		return nil
	}

	return fault.Field(fault.InUse, "secretId", "The secret is in use (by: %d): drop the references first, or force "+
		"its deletion.", u.Count).
		With("count", u.Count).With("references", u.First)
}
