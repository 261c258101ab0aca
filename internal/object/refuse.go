package object

import (
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
)

// Target is what a store finds where the next version of a key is to be written, and keeps so until it has.
type Target struct {
	datastore.Policy
	// Before is the object at the key; the zero value if there is none.
	Before Object
	// Exists is whether the datastore does.
	Exists bool
}

// Rule is what kept bytes from becoming the next version of a key.
type Rule string

// These are the rules, in the order in which they are asked.
const (
	DatastoreExists Rule = "DATASTORE_EXISTS"
	SizeFits        Rule = "SIZE_FITS"
	TypeIsTaken     Rule = "TYPE_IS_TAKEN"
	VersionIsMet    Rule = "VERSION_IS_MET"
	LandedLast      Rule = "LANDED_LAST"
)

// RefusedError is why nothing was written: a fault for whoever waits, and the rule behind it for whoever comes back
// later.
type RefusedError struct {
	error
	Rule Rule
}

// Unwrap returns the fault.
func (r *RefusedError) Unwrap() error { return r.error }

// Refuse returns why the target does not allow what is to be written; nil if it does.
//
// Errors: RefusedError.
func (n WriteRequest) Refuse(at Target) error {
	current, v := at.Before.Current, n.Version
	moved := n.Only.Check(n.Names.IfVersion, current)
	switch {
	case !at.Exists:
		return &RefusedError{datastore.NoneAt(n.Names.Datastore), DatastoreExists}
	case !at.Fits(v.SizeBytes):
		return &RefusedError{TooLarge(n.Names.Size, at.Policy), SizeFits}
	case !at.Takes(v.ContentType):
		return &RefusedError{NotTaken(n.Names.Type, at.Policy), TypeIsTaken}
	case moved != nil:
		return &RefusedError{moved, VersionIsMet}
	case landedBefore(n.LandedAt, current.LandedAt):
		return &RefusedError{fault.New(fault.Conflict, "What has landed at this key since is current."), LandedLast}
	}

	return nil
}

// landedBefore compares times of storage's clock, as exactly as the database keeps them.
func landedBefore(landed, current *time.Time) bool {
	return landed != nil && current != nil && landed.Round(time.Microsecond).Before(*current)
}

// LandingLast returns the write as one that landed no earlier than what is current.
//
// A step that puts an object waits for the answer, so its write replaces whatever landed at the key before the commit.
// An upload that landed before the step's object, and is settled later, does not replace it.
func (n WriteRequest) LandingLast(at Target) WriteRequest {
	if landed := at.Before.Current.LandedAt; landedBefore(n.LandedAt, landed) {
		n.LandedAt = landed
	}

	return n
}

// RefuseRestore returns why a version cannot become current again; nil if it can.
//
// Errors: fault.NotFound if there is no object; fault.Conflict if the version is current.
func (at Target) RefuseRestore(number int32) error {
	switch at.Before.Current.Version {
	case 0:
		return NotFound()
	case number:
		return IsCurrent()
	}

	return nil
}

// RefuseRename returns why an object cannot get the key that was looked at; nil if it can.
//
// Errors: fault.NotFound without the datastore; fault.Conflict naming `newKey` if an object is there.
func (at Target) RefuseRename() error {
	switch {
	case !at.Exists:
		return NotFound()
	case at.Before.ID != "":
		return KeyTaken()
	}

	return nil
}
