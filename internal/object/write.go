package object

import (
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
)

// WriteRequest asks the store to write the next version of a key.
type WriteRequest struct {
	DatastoreID datastore.ID
	Key         string
	// Only is the version that must be current.
	Only Precondition
	// Version is the version to write, without its object, number and time, which the store sets.
	Version Version
	// LandedAt is when storage had all its bytes, by storage's clock; nil if they were not uploaded: such a version
	// comes after every upload that has landed.
	LandedAt *time.Time
	// Shared is whether the bytes belong to an existing version; else the blob has no row yet.
	Shared bool
	// Names are the input fields that refusals name.
	Names FieldNames
}

// AwaitsVersion returns the entry of a write that makes a version. Only the store knows its object, its number and its
// size.
func AwaitsVersion(e audit.Entry) audit.Entry {
	return e.AwaitsTarget("object").Awaits("version", "sizeBytes")
}

// FieldNames are the names of the caller's input fields, for errors.
type FieldNames struct {
	// Datastore names the datastore, IfVersion the number of the version that must be current; with Id after it, that
	// version's id. Size and Type are those of the bytes.
	Datastore, IfVersion, Size, Type string
}

// Precondition names the version that must be current for a key to be written or deleted; the zero value allows any.
type Precondition struct {
	// Version is its number, 0 for no object; nil for any.
	Version *int32
	// ID is its id; nil for any.
	ID *VersionID
}

// Check returns fault.Conflict, with currentVersion, unless the current version meets the precondition. field is the
// input field of the number.
func (o Precondition) Check(field string, current Version) error {
	switch {
	case o.Version != nil && *o.Version != current.Version:
		return MovedOn(field, current.Version)
	case o.ID != nil && (!o.ID.Valid() || *o.ID != current.ID):
		return MovedOn(field+"Id", current.Version)
	}

	return nil
}

// MovedOn says that another version is current than the one that the field names; current is 0 without an object.
func MovedOn(field string, current int32) *fault.Error {
	say := fault.Field(fault.Conflict, field, "The object has moved on: version %d is current.", current)
	if current == 0 {
		say = fault.Field(fault.Conflict, field, "There is no object at this key.")
	}

	return say.With("currentVersion", current)
}

// NotTaken says that a datastore takes no bytes of this type.
func NotTaken(field string, p datastore.Policy) *fault.Error {
	return fault.Field(fault.Invalid, field, "This datastore does not take this content type.").
		With("contentTypes", p.ContentTypes)
}

// TooLarge says that an object exceeds the limit of the datastore.
func TooLarge(field string, p datastore.Policy) *fault.Error {
	return fault.Field(fault.Invalid, field, "An object in this datastore has at most %d bytes.", *p.MaxObjectBytes).
		With("limitBytes", *p.MaxObjectBytes)
}
