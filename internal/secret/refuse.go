package secret

import "slices"

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
	case n.From != nil && *n.From == s.CurrentVersion:
		return IsCurrent()
	}

	return nil
}
