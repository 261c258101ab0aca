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
	// countedAtOnce is how many objects are counted in one transaction.
	countedAtOnce = 10_000
	// defaultBatch is how many objects go in one transaction.
	defaultBatch = 200
	// dropsAtOnce is how many blobs are dropped at the same time.
	dropsAtOnce = 16
	// patience is how long a server that works on a deletion may say nothing before another one takes it on.
	patience = 15 * time.Second
	// slice is how long a server works on one deletion before others have their turn.
	slice = 10 * time.Second
	// dueAtOnce is how many are looked for at once.
	dueAtOnce = 100
)

// Due is a deletion that no server is at.
type Due struct {
	Workspace authz.WorkspaceID `db:"workspace_id" json:"workspace"`
	Region    string            `json:"region"`
	ID        ID                `db:"deletion_id"  json:"id"`
	// Attempt changes whenever River must not take a new job for an earlier one. Jobs call it the version.
	Attempt int32 `json:"version"`
}

// Turn is the right to go on with a deletion, until another server takes it on.
type Turn struct {
	Due
	Number      int32
	DatastoreID datastore.ID
	By          authz.Who
	RequestID   string
}

// TakenOver says that another server has the next turn of a deletion.
func TakenOver() error {
	return fault.New(fault.Conflict, "Another server goes on with this deletion.")
}

// Gone is an object that was deleted.
type Gone struct {
	ID      object.ID
	Key     string
	Version int32
}

// entry puts an object's end on record in the name of who asked for it.
func (t Turn) entry(g Gone) audit.Entry {
	by := authz.Actor{Who: t.By, Workspace: t.Workspace, Region: t.Region, From: authz.Origin{RequestID: t.RequestID}}
	return audit.Record(by, audit.ObjectDeleted).On("object", g.ID.String(), g.Key).
		With("datastoreId", t.DatastoreID).With("key", g.Key).With("version", g.Version).With("deletionId", t.ID)
}

// WorkStore finds deletions in any workspace, and keeps how far each has come. Each method that takes a Turn fails with
// fault.Conflict once another server has taken the next turn.
type WorkStore interface {
	// DueDeletions returns those that no server is at, after one of them: the zero one comes before all.
	DueDeletions(ctx context.Context, after Due, most int) ([]Due, error)
	// TakeTurn takes a deletion on for a time. taken is false if another server works on it, or it is done.
	// Bookkeeping.
	TakeTurn(ctx context.Context, d Due, lasts time.Duration) (t Turn, taken bool, err error)
	// Freed returns blobs that it took the last reference from, and storage has not dropped.
	Freed(ctx context.Context, t Turn, most int) ([]object.BlobID, error)
	// ForgetFreed says that storage has dropped some of them. Bookkeeping.
	ForgetFreed(ctx context.Context, t Turn, ids []object.BlobID, lasts time.Duration) error
	// CountNext counts the next objects of those that existed when the deletion began, at most `most`, and extends the
	// turn. done reports that all are counted.
	CountNext(ctx context.Context, t Turn, most int, lasts time.Duration) (done bool, err error)
	// DeleteNext deletes the next objects, at most `most`, with an event for each, and extends the turn. The deletion
	// is done once none is left.
	DeleteNext(ctx context.Context, t Turn, most int, lasts time.Duration,
		entry func(Gone) audit.Entry) (done bool, err error)
	// EndTurn lets the next server take it on: at once, or, with what went wrong, the later the more often it did.
	// Bookkeeping.
	EndTurn(ctx context.Context, t Turn, why *string) error
}

// Dropper drops blobs of storage.
type Dropper interface {
	// Drop deletes a blob; one that is gone already is no error. Errors: fault.Unavailable.
	Drop(ctx context.Context, p object.Place) error
}

// Worker goes on with deletions. Any number may at once: each deletion is one's at a time, and is resumed from
// wherever it was left.
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

// Find returns some deletions that no server is at, after one of them; nothing at the end.
func (w *Worker) Find(ctx context.Context, after Due) ([]Due, error) {
	return w.store.DueDeletions(ctx, after, dueAtOnce)
}

// Do continues a deletion for a while, or until it is done. It leaves a deletion alone that another server works on.
func (w *Worker) Do(ctx context.Context, d Due) error {
	t, taken, err := w.store.TakeTurn(ctx, d, patience)
	if err != nil || !taken {
		return err
	}

	done, err := w.goOn(ctx, t)
	switch {
	case fault.Is(err, fault.Conflict):
		w.log.WarnContext(ctx, "a deletion was taken over", "deletion", d.ID)
		return nil
	case err != nil:
		why := said(err)
		return fmt.Errorf("deletion %s: %w", d.ID,
			errors.Join(err, w.store.EndTurn(context.WithoutCancel(ctx), t, &why)))
	case done:
		w.log.InfoContext(ctx, "a deletion is done", "deletion", d.ID)
		return nil
	}

	return w.store.EndTurn(ctx, t, nil)
}

// goOn counts what is to go before the first of it goes. It drops what was freed before it frees more: so no more than
// one batch is ever left to a crash, and what is done has left nothing.
func (w *Worker) goOn(ctx context.Context, t Turn) (done bool, err error) {
	counted := false
	for end := w.now().Add(slice); w.now().Before(end); {
		if !counted {
			if counted, err = w.store.CountNext(ctx, t, countedAtOnce, patience); err != nil {
				return false, err
			}

			continue
		}

		freed, err := w.store.Freed(ctx, t, w.batch)
		if err != nil {
			return false, err
		}

		if len(freed) > 0 {
			if err := w.drop(ctx, t, freed); err != nil {
				return false, err
			}

			continue
		}

		if done, err := w.store.DeleteNext(ctx, t, w.batch, patience, t.entry); err != nil || done {
			return done, err
		}
	}

	return false, nil
}

func (w *Worker) drop(ctx context.Context, t Turn, freed []object.BlobID) error {
	drops, dropping := errgroup.WithContext(ctx)
	drops.SetLimit(dropsAtOnce)
	for _, id := range freed {
		drops.Go(func() error { return w.blobs.Drop(dropping, object.BlobPlace(t.Region, id)) })
	}

	if err := drops.Wait(); err != nil {
		return err
	}

	return w.store.ForgetFreed(ctx, t, freed, patience)
}

// said is what may be told of what went wrong: a sentence that is meant to be read.
func said(err error) string {
	var told *fault.Error
	if errors.As(err, &told) {
		return told.Say
	}

	return "Something went wrong in this server; its log has more."
}
