package object

import (
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
)

// Next is what is to become the next version of a key.
type Next struct {
	DatastoreID datastore.ID
	Key         string
	// Only is what must be current.
	Only Only
	// Version is what it will be, but for its object, its number and its time.
	Version Version
	// LandedAt is when storage had all its bytes, by storage's clock; nil for what was not uploaded: that comes after
	// all that has landed.
	LandedAt *time.Time
	// Shared is whether the bytes are those of a version that is there; else they are a blob's that is on no books yet.
	Shared bool
	// Reserved is whether room for the bytes was reserved: then the quota is not asked again.
	Reserved bool
	// Names are what the caller calls what may be wrong with it.
	Names Names
}

// AwaitsVersion returns the entry of a write that makes a version. Only the store knows its object, its number and its
// size.
func AwaitsVersion(e audit.Entry) audit.Entry {
	return e.AwaitsTarget("object").Awaits("version", "sizeBytes")
}

// Names are input fields, for errors.
type Names struct {
	// Datastore, IfVersion: where it is to be, and the number of what must be current there, whose id's field has Id
	// after it. Size, Type: of the bytes.
	Datastore, IfVersion, Size, Type string
}

// Only is the version that must be current for a key to be written or deleted; the zero one lets any be.
type Only struct {
	// Version is its number, 0 for no object; nil for any.
	Version *int32
	// ID is its id; nil for any.
	ID *VersionID
}

// Check returns fault.Conflict, with currentVersion, unless the current version is the one. The field is that of the
// number.
func (o Only) Check(field string, current Version) error {
	switch {
	case o.Version != nil && *o.Version != current.Version:
		return MovedOn(field, current.Version)
	case o.ID != nil && (!o.ID.Valid() || *o.ID != current.ID):
		return MovedOn(field+"Id", current.Version)
	}

	return nil
}

// MovedOn says that another version is current than the one that the field names; 0 where there is no object.
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

// TooLarge says that a datastore takes no object as large as that.
func TooLarge(field string, p datastore.Policy) *fault.Error {
	return fault.Field(fault.Invalid, field, "An object in this datastore has at most %d bytes.", *p.MaxObjectBytes).
		With("limitBytes", *p.MaxObjectBytes)
}
