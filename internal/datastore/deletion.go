package datastore

import (
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
)

// DeletionID names a deletion.
type DeletionID = ident.Of[Deletion]

// DeletionState is how far a deletion has come; the values are the schema's.
type DeletionState string

// The states of a deletion.
const (
	DeletionRunning DeletionState = "RUNNING"
	DeletionDone    DeletionState = "DONE"
)

// Deletion is the work of deleting objects of a datastore in the background. The package deletion does it.
type Deletion struct {
	ID          DeletionID
	DatastoreID ID
	// Prefix is nil where the whole datastore is deleted.
	Prefix *string
	State  DeletionState
	// Counting is whether objects are still being counted: then there are ObjectsTotal at least.
	Counting bool
	// ObjectsTotal is how many were there a moment before it began; ObjectsDeleted and BytesFreed are what it has
	// deleted of them.
	ObjectsTotal, ObjectsDeleted, BytesFreed int64
	// LastError is why it is being retried; nil while all goes well.
	LastError  *string
	CreatedAt  time.Time
	FinishedAt *time.Time
	CreatedBy  authz.Who
}
