package deletion_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/testkit"
)

// errCrash is a process that ended: nobody handles it.
var errCrash = errors.New("the process ended here")

// tripwire ends the process at one of the calls of a store or storage: before it has its effect, or after.
type tripwire struct {
	mu    sync.Mutex
	at    int
	after bool
	calls int
}

func (w *tripwire) call(do func() error) error {
	w.mu.Lock() // one call at a time, so that each has its number
	defer w.mu.Unlock()
	w.calls++
	if w.at > 0 && (w.calls > w.at || w.calls == w.at && !w.after) {
		return errCrash // a process that ended calls nothing more
	}
	if err := do(); err != nil || w.calls != w.at {
		return err
	}
	return errCrash
}

// trapped is an index and a storage behind one tripwire.
type trapped struct {
	postgres.Deletions
	blobs deletion.Dropper
	wire  *tripwire
}

func (t trapped) Drop(ctx context.Context, p object.Place) error {
	return t.wire.call(func() error { return t.blobs.Drop(ctx, p) })
}

func (t trapped) TakeLock(
	ctx context.Context, d deletion.WorkItem, lasts time.Duration,
) (turn deletion.Lock, taken bool, err error) {
	err = t.wire.call(func() error { turn, taken, err = t.Deletions.TakeLock(ctx, d, lasts); return err })
	return turn, taken, err
}

func (t trapped) Freed(ctx context.Context, turn deletion.Lock, most int) (ids []object.BlobID, err error) {
	err = t.wire.call(func() error { ids, err = t.Deletions.Freed(ctx, turn, most); return err })
	return ids, err
}

func (t trapped) ForgetFreed(ctx context.Context, turn deletion.Lock, ids []object.BlobID, lasts time.Duration) error {
	return t.wire.call(func() error { return t.Deletions.ForgetFreed(ctx, turn, ids, lasts) })
}

func (t trapped) DeleteNext(
	ctx context.Context, turn deletion.Lock, most int, lasts time.Duration,
	entry func(deletion.DeletedObject) audit.Entry,
) (done bool, err error) {
	err = t.wire.call(func() error { done, err = t.Deletions.DeleteNext(ctx, turn, most, lasts, entry); return err })
	return done, err
}

func (t trapped) ReleaseLock(ctx context.Context, turn deletion.Lock, why *string) error {
	return t.wire.call(func() error { return t.Deletions.ReleaseLock(ctx, turn, why) })
}

func (r *rig) trappedWorker(w *tripwire) *deletion.Worker {
	both := trapped{r.DB.Deletions(), r.Store, w}
	return deletion.NewWorker(both, both, time.Now, silent).InBatchesOf(2)
}

// TestDo_AfterACrashAtAnyCall_ResumesAndLeavesNothing ends the process before and after each call that a forced
// deletion of a datastore makes.
func TestDo_AfterACrashAtAnyCall_ResumesAndLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	doomed := func(name string) datastore.Deletion {
		in := r.datastore(t, name)
		for i := range 3 {
			r.keep(t, in, fmt.Sprint(i), "12345")
		}
		r.keep(t, in, "0", "another version")
		begun, err := r.datastores.Delete(t.Context(), r.acme, in, true)
		testkit.Must(t, err)
		return *begun
	}
	doomed("whole")
	whole := &tripwire{}
	if _, err := work(t.Context(), r.trappedWorker(whole)); err != nil {
		t.Fatal(err)
	}
	if r.stored(t) != 0 || whole.calls < 10 {
		t.Fatalf("%d blobs are left after %d calls", r.stored(t), whole.calls)
	}
	for call := 1; call <= whole.calls; call++ {
		for _, after := range []bool{false, true} {
			when := fmt.Sprintf("crashed at call %d, after it %v", call, after)
			d := doomed(when)
			if _, err := work(t.Context(),
				r.trappedWorker(&tripwire{at: call, after: after})); !errors.Is(err, errCrash) {
				t.Errorf("%s: %v", when, err)
			}
			r.finish(t)
			if d := r.find(t, d.ID); d.State != datastore.DeletionDone || d.ObjectsDeleted != 3 || d.BytesFreed != 30 {
				t.Errorf("%s: it is %+v", when, d)
			}
			if n := r.Count(t, `SELECT (SELECT count(*) FROM object) + (SELECT count(*) FROM blob)`); n+
				r.stored(t) != 0 {
				t.Fatalf("%s: %d rows and %d blobs are left", when, n, r.stored(t))
			}
			r.wantClean(t, when)
		}
	}
	if got := r.usage(t); got != "0 objects, 0 used, 0 reserved" {
		t.Errorf("usage: %s", got)
	}
}

// flaky is a storage that is down for a while.
type flaky struct {
	deletion.Dropper
	down atomic.Bool
}

func (f *flaky) Drop(ctx context.Context, p object.Place) error {
	if f.down.Load() {
		return fault.New(fault.Unavailable, "Storage did not answer: the stored file was not deleted.")
	}
	return f.Dropper.Drop(ctx, p)
}

func TestDo_StorageDown_SaysWhyAndGoesOnOnceItIsUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 5 {
		r.keep(t, r.in, fmt.Sprint(i), "12345")
	}
	id := r.begin(t, "").Deletion.ID
	blobs := &flaky{Dropper: r.Store}
	blobs.down.Store(true)
	w := deletion.NewWorker(r.DB.Deletions(), blobs, time.Now, silent).InBatchesOf(2)
	for try := range 3 {
		if n, err := work(t.Context(), w); n != 1 || !fault.Is(err, fault.Unavailable) {
			t.Fatalf("%d were due, %v", n, err)
		}
		if n, _ := work(t.Context(), w); n != 0 {
			t.Fatal("it is tried again at once")
		}
		if wait := r.Count(t, `SELECT round(extract(epoch FROM due_at - now())) FROM deletion`); wait != 2<<try &&
			wait != 2<<try-1 {
			t.Errorf("after %d failures it waits for %d s", try+1, wait)
		}
		r.sql(t, `UPDATE deletion SET due_at = now()`)
	}
	d := r.find(t, id)
	if d.State != datastore.DeletionRunning || d.LastError == nil ||
		*d.LastError != "Storage did not answer: the stored file was not deleted." || d.ObjectsDeleted != 2 {
		t.Errorf("while storage is down it is %+v", d)
	}
	blobs.down.Store(false)
	if _, err := work(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if d := r.find(t, id); d.State != datastore.DeletionDone || d.LastError != nil || d.ObjectsDeleted != 5 ||
		r.stored(t) != 0 {
		t.Errorf("then it is %+v, and storage has %d blobs", d, r.stored(t))
	}
}

// TestDo_ByManyAtOnce_IsOnesAtATime has workers who each believe that the others are dead.
func TestDo_ByManyAtOnce_IsOnesAtATime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 12 {
		r.keep(t, r.in, fmt.Sprint(i), "12345")
	}
	id := r.begin(t, "").Deletion.ID
	stop := make(chan struct{})
	var impatient, workers sync.WaitGroup
	impatient.Go(func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(3 * time.Millisecond):
				_, _ = r.Super.ExecContext(t.Context(), `UPDATE deletion SET due_at = now() WHERE state = 'RUNNING'`)
			}
		}
	})
	for range 4 {
		workers.Go(func() {
			w := r.worker()
			for range 10 {
				// it waited for another's lock
				if _, err := work(t.Context(), w); err != nil && !fault.Is(err, fault.Unavailable) {
					t.Error(err)
				}
			}
		})
	}
	workers.Wait()
	close(stop)
	impatient.Wait()
	r.finish(t)
	if d := r.find(t, id); d.State != datastore.DeletionDone || d.ObjectsDeleted != 12 {
		t.Errorf("it is %+v", d)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.object_deleted'`); n != 12 {
		t.Errorf("%d ends are on record", n)
	}
	r.wantClean(t, "in the end")
}

// TestDo_TurnThatIsOver_ChangesNothing wakes a worker that slept while another one took its deletion on.
func TestDo_TurnThatIsOver_ChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, r.in, "a", "12345")
	r.begin(t, "")
	found, err := r.DB.Deletions().Due(t.Context(), deletion.WorkItem{}, 10)
	testkit.Must(t, err)
	slept, taken, err := r.DB.Deletions().TakeLock(t.Context(), found[0], time.Minute)
	if err != nil || !taken {
		t.Fatal(taken, err)
	}
	if _, taken, err := r.DB.Deletions().TakeLock(t.Context(), found[0], time.Minute); err != nil || taken {
		t.Errorf("a second one took it on: %v", err)
	}
	r.sql(t, `UPDATE deletion SET due_at = now()`)
	if _, taken, err := r.DB.Deletions().TakeLock(t.Context(), found[0], time.Minute); err != nil || !taken {
		t.Errorf("nobody took it on: %v", err)
	}
	entry := func(deletion.DeletedObject) audit.Entry { return audit.Record(r.acme, audit.ObjectDeleted) }
	_, err = r.DB.Deletions().DeleteNext(t.Context(), slept, 10, time.Minute, entry)
	for what, err := range map[string]error{
		"delete": err,
		"end":    r.DB.Deletions().ReleaseLock(t.Context(), slept, nil),
		"forget": r.DB.Deletions().ForgetFreed(t.Context(), slept, nil, time.Minute),
	} {
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if got := r.keys(t, r.in); got != "a:1" {
		t.Errorf("there are %q", got)
	}
}

// TestDo_BlobsThatOthersShare_Stay deletes objects with the same bytes as others.
func TestDo_BlobsThatOthersShare_Stay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := r.keep(t, r.datastore(t, "other"), "kept", "12345")
	for i := range 3 {
		o := r.keep(t, r.in, fmt.Sprint(i), "12345")
		r.sql(t, `UPDATE object_version SET blob_id = $2 WHERE object_id = $1`, o.ID.String(),
			other.Current.BlobID.String())
		r.sql(t, `UPDATE blob SET refs = 0 WHERE id = $1`, o.Current.BlobID.String())
		r.sql(t, `UPDATE blob SET refs = refs + 1 WHERE id = $1`, other.Current.BlobID.String())
	}
	r.begin(t, "")
	r.finish(t)
	if n := r.Count(t, `SELECT refs FROM blob WHERE id = $1`, other.Current.BlobID.String()); n != 1 {
		t.Errorf("the shared blob has %d references", n)
	}
	r.dropFreed(t, 3) // those that nothing referred to before it began are not its own
	r.wantClean(t, "in the end")
	if content, err := r.Read(t.Context(), object.BlobPlace("eu", other.Current.BlobID), 100); err != nil ||
		string(content) != "12345" {
		t.Errorf("it reads %q, %v", content, err)
	}
}

// dropFreed drops what nothing refers to, as the batch job does, and checks how much that was.
func (r *rig) dropFreed(t *testing.T, want int) {
	t.Helper()
	reaper := object.NewReaper(r.DB.Objects(), r.Store, silent)
	n := 0
	for after := (object.WorkItem{}); ; {
		found, err := reaper.Find(t.Context(), after)
		testkit.Must(t, err)
		if len(found) == 0 {
			break
		}
		for _, f := range found {
			testkit.Must(t, reaper.Drop(t.Context(), f))
			n, after = n+1, f
		}
	}
	if n != want {
		t.Errorf("%d blobs were dropped, want %d", n, want)
	}
}
