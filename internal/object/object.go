// Package object has what is stored at a key: numbered versions, of which one is current. Versions share immutable
// blobs, and a blob that no version refers to is dropped from storage. Viewers read, editors write; each write and each
// read of content is on record. docs/life-of-an-upload.md follows one from the signed URL on.
package object

import (
	"encoding/json"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// ID names an object: a key of a datastore, from its first write to its deletion.
type ID = ident.Of[Object]

// VersionID names one version of an object.
type VersionID = ident.Of[Version]

// BlobID names the bytes of a version in storage.
type BlobID = ident.Of[blob]

type blob struct{}

// BlobPlace is where the bytes of a version are kept.
func BlobPlace(region string, id BlobID) Place {
	return Place{Region: region, Name: "blobs/" + id.String()}
}

// Object is what is stored at a key.
type Object struct {
	ID          ID
	DatastoreID datastore.ID
	// Key is exactly as it was given at upload.
	Key     string
	Current Version
}

// Version is one immutable state of an object.
type Version struct {
	ID       VersionID
	ObjectID ID
	// Version counts up from 1 with each write to the key.
	Version     int32
	BlobID      BlobID
	SizeBytes   int64
	ContentType string
	// CRC32C is base64 of four big-endian bytes.
	CRC32C string
	// MD5 is base64; nil for objects uploaded in parts.
	MD5 *string
	// Metadata is a JSON object as it is stored, which nobody reads before it is asked for; nil is the empty one.
	Metadata json.RawMessage
	// LandedAt is when storage had all bytes of the last upload up to this version, by its own clock; nil if nothing
	// was uploaded.
	LandedAt *time.Time
	// WrittenBy is the step of a run that wrote it; nil where a person or a key did, by a copy or a restored version
	// too.
	WrittenBy *ident.Run
	CreatedAt time.Time
	CreatedBy authz.Who
}

// NotFound says that a datastore holds no such object.
func NotFound() error {
	return fault.Field(fault.NotFound, "key", "There is no object at this key.")
}
