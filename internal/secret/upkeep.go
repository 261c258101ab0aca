package secret

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// Task is a background task on secrets.
type Task string

// The tasks.
const (
	// Sweep ends what a creation left that nobody came back for.
	Sweep Task = "sweep"
	// Destroy ends the values of versions whose time is over, and of those that were destroyed before the vault could
	// be told.
	Destroy Task = "destroy"
	// Purge ends deleted secrets that nobody may restore any more.
	Purge Task = "purge"
	// RotateDue rotates secrets whose schedule is due, or records that people should.
	RotateDue Task = "rotate"
)

// ReservedFor is how long a reservation may wait for its value. No attempt to bring one takes longer than idempotency
// allows: seconds.
const ReservedFor = time.Hour

// AliveFor is longer than any call that creates a secret goes on. Should one do so all the same, its commit finds that
// its reservation was given up.
const AliveFor = 30 * time.Second

// dueAtOnce is how many items one search returns.
const dueAtOnce = 500

// WorkItem is a secret, or one version of it, that a task is about. It is the argument of a job.
type WorkItem struct {
	Workspace authz.WorkspaceID `db:"workspace_id" json:"workspace"`
	Region    string            `json:"region"`
	ID        ID                `db:"secret_id"    json:"id"`
	// Version is 0 where the task is about the whole secret.
	Version int32 `json:"version"`
}

func (d WorkItem) place() Place { return Place{Region: d.Region, ID: d.ID} }

// by returns the system as the actor.
func (d WorkItem) by() authz.Actor {
	return authz.Actor{Who: authz.Who{Kind: authz.System, Label: "system"}, Workspace: d.Workspace, Region: d.Region}
}

// VaultEntry is a secret as the vault has it.
type VaultEntry struct {
	Place
	// Etag changes when the secret is deleted and made again.
	Etag string
	// Instance is the deployment that made it; empty if that is unknown.
	Instance string
}

// UpkeepVault is a vault that can also find and delete what it has of a secret.
type UpkeepVault interface {
	Vault
	// Find says what is there of a secret; found is false if nothing is. Errors: fault.Unavailable.
	Find(ctx context.Context, p Place) (h VaultEntry, found bool, err error)
	// DeleteHeld ends a secret if it still is the one that was found; one that is gone already is no error.
	// Errors: fault.Conflict if another one has been made under the same name; fault.Unavailable.
	DeleteHeld(ctx context.Context, h VaultEntry) error
}

// UpkeepStore finds what is due in any workspace, and keeps how far it was done.
type UpkeepStore interface {
	// DueFor returns the items of a task at a time, after the given one; the zero item comes before all.
	DueFor(ctx context.Context, t Task, at time.Time, after WorkItem, most int) ([]WorkItem, error)

	// Reservation returns one; found is false if there is none.
	Reservation(ctx context.Context, d WorkItem) (r Reservation, found bool, err error)
	// GiveUp keeps a reservation from becoming a secret, if no other attempt has begun. Bookkeeping.
	GiveUp(ctx context.Context, d WorkItem, r Reservation, at time.Time) (given bool, err error)
	// DropReservation gives back the name of a reservation that was given up. Where there is none, nothing is put on
	// record.
	DropReservation(ctx context.Context, d WorkItem, r Reservation, e audit.Entry) error

	// ExpireVersion destroys a retained version if its time is over and nothing pins it: from its commit on nobody is
	// given the value. left is whether the vault has not been told yet; then number is where it keeps it.
	ExpireVersion(ctx context.Context, d WorkItem, at time.Time, e audit.Entry) (number Number, left bool, err error)
	// VersionErased records that the vault has destroyed the version. Bookkeeping.
	VersionErased(ctx context.Context, ws authz.WorkspaceID, id ID, version int32) error
	// MarkPurged ends the time in which a deleted secret can be restored, if that time is over. marked reports whether
	// the secret is marked, by this call or an earlier one; only the call that marks writes the event.
	MarkPurged(ctx context.Context, d WorkItem, at time.Time, e audit.Entry) (marked bool, err error)
	// DropPurged removes what is left of a secret that was marked: versions, references, and its row. Bookkeeping.
	DropPurged(ctx context.Context, d WorkItem) error

	// OverdueAt returns a secret's schedule if it is overdue at a time.
	OverdueAt(ctx context.Context, d WorkItem, at time.Time) (o Overdue, overdue bool, err error)
	// NoteRotationDue puts on record that a rotation is due, once for each.
	NoteRotationDue(ctx context.Context, d WorkItem, o Overdue, at time.Time, e audit.Entry) error
	// RotationFailed keeps why a rotation by schedule failed, until the next one that does not. Bookkeeping.
	RotationFailed(ctx context.Context, d WorkItem, o Overdue, why string) error
}

// Upkeep does the tasks. Each can be done again, from wherever it was left, by whoever comes next.
type Upkeep struct {
	store   UpkeepStore
	vault   UpkeepVault
	service *Service
	now     func() time.Time
}

// NewUpkeep returns the upkeep of secrets; rotations go through the service.
func NewUpkeep(store UpkeepStore, vault UpkeepVault, service *Service, now func() time.Time) *Upkeep {
	return &Upkeep{store: store, vault: vault, service: service, now: now}
}

// Find returns some of what is due, after one of them; nothing at the end.
func (u *Upkeep) Find(ctx context.Context, t Task, after WorkItem) ([]WorkItem, error) {
	at := u.now()
	if t == Sweep {
		at = at.Add(-ReservedFor)
	}

	return u.store.DueFor(ctx, t, at, after, dueAtOnce)
}

// Do does a task for one that was found. What is not due any more is left as it is.
func (u *Upkeep) Do(ctx context.Context, t Task, d WorkItem) (err error) {
	switch t {
	case Sweep:
		err = u.sweep(ctx, d)
	case Destroy:
		err = u.destroy(ctx, d)
	case Purge:
		err = u.purge(ctx, d)
	case RotateDue:
		err = u.rotateDue(ctx, d)
	default:
		err = errors.New("there is no such task")
	}

	if err != nil {
		return fmt.Errorf("%s of secret %s: %w", t, d.ID, err)
	}

	return nil
}

// GivenUp says that a reservation was given up before its value came.
func GivenUp() error {
	return fault.New(fault.Unavailable, "Keeping the value took too long, and nothing was kept: send it again.")
}

// IsBeingSwept says that a reservation was given up just now; the same call begins anew once it is gone.
func IsBeingSwept() error {
	return fault.New(fault.Unavailable, "What an earlier attempt left is being cleared away: send it again.")
}

func (d WorkItem) entry(action audit.Action, name string) audit.Entry {
	return audit.Record(d.by(), action).On("secret", d.ID.String(), name)
}
