package secret

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
)

// Filter narrows a list of secrets, and says in which order it is; a nil or empty field keeps all.
type Filter struct {
	// NameContains keeps those whose name contains the text, whatever its case.
	NameContains string `json:",omitzero"`
	// Name keeps those of exactly this name; nil keeps all.
	Name *string `json:",omitzero"`
	// Referenced keeps those that something references, or those that nothing does.
	Referenced *bool `json:",omitzero"`
	// Overdue keeps those whose rotation is overdue, or those whose is not.
	Overdue *bool `json:",omitzero"`
	// Deleted adds those that are deleted and can still be restored.
	Deleted bool `json:",omitzero"`
	// Labels keep those that have them all.
	Labels []label.Filter `json:",omitzero"`
	Order  Order          `json:",omitzero"`
}

// Order is the order of a list of secrets; the zero one is by name, from A to Z.
type Order struct {
	Field      OrderField `json:",omitzero"`
	Descending bool       `json:",omitzero"`
}

// OrderField is what a list of secrets is ordered by.
type OrderField string

// The fields; secrets that are equal in one stand in the order of their ids.
const (
	ByName      OrderField = ""
	ByCreatedAt OrderField = "createdAt"
	ByRotatedAt OrderField = "rotatedAt"
)

// UpdateRequest changes a secret; a nil field stays.
type UpdateRequest struct {
	Name *string
	// Description and Rotation: what they point to is nil to have none.
	Description **string
	Rotation    **Schedule
	// Labels replace all that it has.
	Labels *[]label.Label
}

// Store keeps the names, states and version numbers of secrets.
type Store interface {
	// Reserve holds a name while the vault is being written; a reservation with the same id goes on. One whose
	// last attempt began AliveFor before is let go if it has the name. Bookkeeping. Errors: fault.Conflict if the name
	// is taken.
	Reserve(ctx context.Context, ws authz.WorkspaceID, s Secret) error
	// Activate makes a reserved secret real, with its first version and its labels.
	// Errors: fault.Unavailable if it is not reserved any more; fault.ErrUnconfirmed. After all but that it is no
	// secret.
	Activate(ctx context.Context, s Secret, k StoredValue, labels []label.Label, e audit.Entry) error
	// Abandon ends a reservation of which nothing is left in the vault. Where there is none, nothing is put on
	// record.
	Abandon(ctx context.Context, id ID, e audit.Entry) error
	// LetGo gives a reserved name back while something may be left in the vault: the reservation cannot become a
	// secret any more, and waits for the sweep. Bookkeeping.
	LetGo(ctx context.Context, ws authz.WorkspaceID, id ID) error
	// Get returns those of the ids that exist in the workspace, deleted ones that can be restored included, in any
	// order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Secret, error)
	// List returns secrets in the order of the filter.
	List(ctx context.Context, ws authz.WorkspaceID, f Filter, r page.Request) (page.Page[Secret], error)
	// Labels returns the labels of each secret, in the order of their keys.
	Labels(ctx context.Context, ws authz.WorkspaceID, of []ID) ([][]label.Label, error)
	// ListVersions returns each secret's versions, newest first; their page key is their number.
	ListVersions(ctx context.Context, ws authz.WorkspaceID, of []ID, r page.Request) ([]page.Page[Version], error)
	// Version returns one version; found is false when the secret has none with that number.
	Version(ctx context.Context, ws authz.WorkspaceID, id ID, number int32) (v Version, found bool, err error)
	// Update errors: fault.NotFound; fault.Conflict naming `name` if the name is taken.
	Update(ctx context.Context, id ID, c UpdateRequest, e audit.Entry) (Secret, error)
	// Delete errors: fault.NotFound; fault.InUse with `count` and `references` while something uses it, unless
	// forced.
	Delete(ctx context.Context, id ID, force bool, recoverable time.Duration, e audit.Entry) (Secret, error)
	// Restore undoes a deletion, under another name if one is given.
	// Errors: fault.NotFound; fault.Conflict naming `name` if the name is taken, or if the secret is not deleted.
	Restore(ctx context.Context, id ID, name *string, e audit.Entry) (Secret, error)

	// Advance makes a new value current. This commit is the switch: it decides, whatever was seen before.
	// Errors: fault.NotFound; fault.Conflict with currentVersion, or if From is destroyed, or if Due is not when it is
	// due; fault.ErrUnconfirmed. After every other one the value is not current.
	Advance(ctx context.Context, n AdvanceRequest, e audit.Entry) (Secret, Version, error)
	// KeptVersion returns what is kept of a version, as it is now. Errors: fault.NotFound; fault.Conflict if it is
	// destroyed.
	KeptVersion(ctx context.Context, ws authz.WorkspaceID, id ID, version int32) (StoredValue, error)
	// DestroyVersion ends a version: from its commit on nobody is given the value. It returns where the vault keeps it;
	// one that is destroyed already is returned as it is, without an event. Errors: fault.NotFound; fault.Conflict if
	// the version is current.
	DestroyVersion(ctx context.Context, id ID, version int32, e audit.Entry) (Secret, Number, error)
	// VersionErased records that the vault has destroyed the version. Bookkeeping.
	VersionErased(ctx context.Context, ws authz.WorkspaceID, id ID, version int32) error
	// Reveal puts a reveal on record and says where the value is. Nothing may be read before it has committed.
	// Errors: fault.NotFound; fault.Conflict if the version is destroyed; fault.Invalid naming `reason` where the
	// workspace requires one.
	Reveal(ctx context.Context, w RevealTarget, e audit.Entry) (RevealedVersion, error)

	audit.Recorder
}

// AdvanceRequest makes a value the current one.
type AdvanceRequest struct {
	SecretID ID
	// IfVersion is the version that must be current; nil for whichever is.
	IfVersion *int32
	// From is the version that has the value already; nil for a new value.
	From *int32
	// Due is the time at which the schedule must still say that a rotation is due; nil for any.
	Due *time.Time
	StoredValue
	// Retain is how long the replaced value is kept.
	Retain time.Duration
	// EndLeases ends the leases that pinned the replaced value.
	EndLeases bool
	// Cron is that of the secret's schedule, which must still be it, and NextAt what it says is next; nil without one.
	Cron   *Cron
	NextAt *time.Time
}

// RevealTarget names the value to reveal.
type RevealTarget struct {
	SecretID ID
	// Version is nil for the current one.
	Version *int32
	// Field is one top-level field of a JSON object; nil for the whole value.
	Field *string
}

// RevealedVersion is a version whose reveal is on record.
type RevealedVersion struct {
	Secret  Secret
	Version int32
	Number  Number
	Format  Format
}

// StoredValue describes a value that the vault stores.
type StoredValue struct {
	Number      Number
	Format      Format
	Fields      []string
	Fingerprint Fingerprint
	// Others are the fingerprints of the value by other keys of the server, by which it may have been stored before.
	Others []Fingerprint
}
