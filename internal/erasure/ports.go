package erasure

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
)

// Record is what the deployment knows of a workspace that is deleted, or was.
type Record struct {
	Workspace authz.WorkspaceID `json:"workspaceId"`
	Region    string            `json:"region"`
	Reason    string            `json:"reason"`
	// Export is the directory that the rows were written to.
	Export string `json:"export"`
	// Counts are how many rows each table had when the deletion began, and how many blobs and secrets there were.
	Counts        map[string]int64 `json:"counts"`
	BegunAt       time.Time        `json:"begunAt"`
	AccessEndedAt *time.Time       `json:"accessEndedAt"`
	ExportedAt    *time.Time       `json:"exportedAt"`
	EndedAt       *time.Time       `json:"endedAt"`
}

// Sink takes rows as JSON, each to the file of its table.
type Sink interface {
	// Row adds a row.
	Row(table string, row []byte) error
	// Flush returns once all rows are on the disk.
	Flush() error
}

// Database is the database, as its owner. All of it sees and changes rows of one workspace only.
type Database interface {
	// Instance returns the id of the deployment that the database belongs to.
	Instance(ctx context.Context) (string, error)
	// Lock keeps others from the deletion of a workspace until it is released, or the process ends. Errors:
	// fault.Conflict if another has it.
	Lock(ctx context.Context, id authz.WorkspaceID) (release func() error, err error)
	// Find returns the record of a workspace, or what one would begin with: without one, and where a workspace is there
	// again under the id of one that was deleted. Errors: fault.NotFound if there is neither a record nor a workspace.
	Find(ctx context.Context, id authz.WorkspaceID) (Record, error)
	// Begin makes a record, or replaces one of a deletion that has not ended access yet, or has ended.
	Begin(ctx context.Context, r Record) error
	// Count counts the rows by table.
	Count(ctx context.Context, id authz.WorkspaceID) (map[string]int64, error)
	// EndAccess writes the rows by which somebody is let in to the sink, and drops them: nothing that comes after its
	// commit is let in.
	EndAccess(ctx context.Context, id authz.WorkspaceID, to Sink) error
	// Export writes all other rows, as of one moment, and a list of the versions of objects; it returns where the bytes
	// of these are, each once. No hash and nothing sealed is written.
	Export(ctx context.Context, id authz.WorkspaceID, region string, to Sink) ([]object.Place, error)
	// Exported records that the export is complete.
	Exported(ctx context.Context, id authz.WorkspaceID) error
	// Blobs returns where bytes of the workspace are, or may be.
	Blobs(ctx context.Context, id authz.WorkspaceID, region string) ([]object.Place, error)
	// Secrets returns the secrets that the vault has, or may have.
	Secrets(ctx context.Context, id authz.WorkspaceID) ([]secret.ID, error)
	// Drop drops every row of every table.
	Drop(ctx context.Context, id authz.WorkspaceID) error
	// End records that nothing is left.
	End(ctx context.Context, id authz.WorkspaceID) error
}

// Marked is a store that says which deployment it belongs to.
type Marked interface {
	// Mark returns the mark of a region; the zero value, or no run, without one. Errors: fault.Unavailable.
	Mark(ctx context.Context, region string) (reconcile.Mark, error)
}

// Blobs are the buckets.
type Blobs interface {
	Marked
	// Drop deletes a blob; one that is gone is no error. Errors: fault.Unavailable.
	Drop(ctx context.Context, p object.Place) error
	// Find says whether a blob is there. Errors: fault.Unavailable.
	Find(ctx context.Context, p object.Place) (h object.StoredBlob, found bool, err error)
}

// Vault keeps the values of secrets.
type Vault interface {
	Marked
	// Delete ends a secret with all its versions; one that is gone is no error. Errors: fault.Unavailable.
	Delete(ctx context.Context, p secret.Place) error
	// Find says whether anything is there of a secret. Errors: fault.Unavailable.
	Find(ctx context.Context, p secret.Place) (h secret.VaultEntry, found bool, err error)
}

// NoWorkspace says that nothing is known by an id.
func NoWorkspace() error {
	return fault.New(fault.NotFound, "There is no such workspace, and none of this id was deleted here.")
}

// UnderWay says that another call deletes the workspace.
func UnderWay() error {
	return fault.New(fault.Conflict, "Another command is deleting this workspace. Nothing was done.")
}
