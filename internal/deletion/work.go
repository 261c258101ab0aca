package deletion

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

const (
	// countedAtOnce is how many objects one transaction counts.
	countedAtOnce = 10_000
	// defaultBatch is how many objects one transaction deletes.
	defaultBatch = 200
	// dropsAtOnce is how many blobs are dropped at the same time.
	dropsAtOnce = 16
	// patience is how long a lock lasts without progress; then another server may take it.
	patience = 15 * time.Second
	// slice is how long a server works on one deletion before it works on another.
	slice = 10 * time.Second
	// dueAtOnce is how many deletions one search returns.
	dueAtOnce = 100
)

// WorkItem is a deletion that no server works on. It is the argument of a job.
type WorkItem struct {
	Workspace authz.WorkspaceID `db:"workspace_id" json:"workspace"`
	Region    string            `json:"region"`
	ID        ID                `db:"deletion_id"  json:"id"`
	// Attempt changes whenever River must not take a new job for an earlier one. Jobs call it the version.
	Attempt int32 `json:"version"`
}

// Lock is the right to work on a deletion until it expires and another server takes the next one. Number is its fencing
// token: each write checks it, so a server that slept past its lock changes nothing.
type Lock struct {
	WorkItem
	Number      int32
	DatastoreID datastore.ID
	By          authz.Who
	RequestID   string
}

// TakenOver says that another server has the next turn of a deletion.
func TakenOver() error {
	return fault.New(fault.Conflict, "Another server goes on with this deletion.")
}

// DeletedObject is an object that a deletion has deleted.
type DeletedObject struct {
	ID      object.ID
	Key     string
	Version int32
}

// entry returns the event of an object's deletion, in the name of the caller who began the deletion.
func (l Lock) entry(o DeletedObject) audit.Entry {
	by := authz.Actor{Who: l.By, Workspace: l.Workspace, Region: l.Region, From: authz.Origin{RequestID: l.RequestID}}
	return audit.Record(by, audit.ObjectDeleted).On("object", o.ID.String(), o.Key).
		With("datastoreId", l.DatastoreID).With("key", o.Key).With("version", o.Version).With("deletionId", l.ID)
}

// WorkStore finds deletions in any workspace, and keeps how far each has come. A method with a Lock as argument fails
// with fault.Conflict once another server has the next lock.
type WorkStore interface {
	// Due returns deletions that no server works on, after the given one; the zero item comes before all.
	Due(ctx context.Context, after WorkItem, most int) ([]WorkItem, error)
	// TakeLock takes the lock of a deletion for a time. taken is false if another server has it, or the deletion is
	// done. Bookkeeping.
	TakeLock(ctx context.Context, d WorkItem, lasts time.Duration) (t Lock, taken bool, err error)
	// Freed returns blobs whose last reference the deletion removed, and that storage has not dropped yet.
	Freed(ctx context.Context, t Lock, most int) ([]object.BlobID, error)
	// ForgetFreed records that storage has dropped blobs. Bookkeeping.
	ForgetFreed(ctx context.Context, t Lock, ids []object.BlobID, lasts time.Duration) error
	// CountNext counts the next objects of those that existed when the deletion began, at most `most`, and extends the
	// lock. done reports that all are counted.
	CountNext(ctx context.Context, t Lock, most int, lasts time.Duration) (done bool, err error)
	// DeleteNext deletes the next objects, at most `most`, with an event for each, and extends the lock. The deletion
	// is done once none is left.
	DeleteNext(ctx context.Context, t Lock, most int, lasts time.Duration,
		entry func(DeletedObject) audit.Entry) (done bool, err error)
	// ReleaseLock lets the next server take the lock: at once, or after a failure, why, with a delay that grows with
	// each failure. Bookkeeping.
	ReleaseLock(ctx context.Context, t Lock, why *string) error
}

// Dropper drops blobs of storage.
type Dropper interface {
	// Drop deletes a blob; one that is gone already is no error. Errors: fault.Unavailable.
	Drop(ctx context.Context, p object.Place) error
}

// Worker works on deletions. Any number of workers may run at once: one worker at a time holds the lock of a deletion,
// and resumes it where the last one stopped.
type Worker struct {
	store WorkStore
	blobs Dropper
	now   func() time.Time
	log   *slog.Logger
	batch int
}

// NewWorker returns a worker on an index and a storage.
func NewWorker(store WorkStore, blobs Dropper, now func() time.Time, log *slog.Logger) *Worker {
	return &Worker{store: store, blobs: blobs, now: now, log: log, batch: defaultBatch}
}

// Find returns some deletions that no server works on, after the given one; nothing at the end.
func (w *Worker) Find(ctx context.Context, after WorkItem) ([]WorkItem, error) {
	return w.store.Due(ctx, after, dueAtOnce)
}

// Do works on a deletion for one slice, or until it is done; it does nothing while another server has the lock.
func (w *Worker) Do(ctx context.Context, d WorkItem) error {
	lock, taken, err := w.store.TakeLock(ctx, d, patience)
	if err != nil || !taken {
		return err
	}

	done, err := w.proceed(ctx, lock)
	switch {
	case fault.Is(err, fault.Conflict):
		w.log.WarnContext(ctx, "a deletion was taken over", "deletion", d.ID)
		return nil
	case err != nil:
		why := publicReason(err)
		return fmt.Errorf("deletion %s: %w", d.ID,
			errors.Join(err, w.store.ReleaseLock(context.WithoutCancel(ctx), lock, &why)))
	case done:
		w.log.InfoContext(ctx, "a deletion is done", "deletion", d.ID)
		return nil
	}

	return w.store.ReleaseLock(ctx, lock, nil)
}

// proceed counts all objects before it deletes the first one. It drops the freed blobs of a batch before it deletes the
// next batch: so a crash leaves at most one batch of blobs, and a finished deletion leaves none.
func (w *Worker) proceed(ctx context.Context, lock Lock) (done bool, err error) {
	counted := false
	for end := w.now().Add(slice); w.now().Before(end); {
		if !counted {
			if counted, err = w.store.CountNext(ctx, lock, countedAtOnce, patience); err != nil {
				return false, err
			}

			continue
		}

		freed, err := w.store.Freed(ctx, lock, w.batch)
		if err != nil {
			return false, err
		}

		if len(freed) > 0 {
			if err := w.drop(ctx, lock, freed); err != nil {
				return false, err
			}

			continue
		}

		if done, err := w.store.DeleteNext(ctx, lock, w.batch, patience, lock.entry); err != nil || done {
			return done, err
		}
	}

	return false, nil
}

func (w *Worker) drop(ctx context.Context, lock Lock, freed []object.BlobID) error {
	drops, dropping := errgroup.WithContext(ctx)
	drops.SetLimit(dropsAtOnce)
	for _, id := range freed {
		drops.Go(func() error { return w.blobs.Drop(dropping, object.BlobPlace(lock.Region, id)) })
	}

	if err := drops.Wait(); err != nil {
		return err
	}

	return w.store.ForgetFreed(ctx, lock, freed, patience)
}

// publicReason returns the sentence of an error that callers may read.
func publicReason(err error) string {
	var known *fault.Error
	if errors.As(err, &known) {
		return known.Say
	}

	return "Something went wrong in this server; its log has more."
}
