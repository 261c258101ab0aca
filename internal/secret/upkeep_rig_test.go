package secret_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// errCrash is a process that ended: nobody handles it.
var errCrash = errors.New("the process ended here")

// tripwire ends the process at one of the calls of a store or vault: before it has its effect, or after.
type tripwire struct {
	at    int
	after bool
	calls int
}

func (w *tripwire) call(do func() error) error {
	w.calls++
	if w.calls > w.at && w.at > 0 {
		return errCrash // a process that ended calls nothing more
	}
	if w.calls == w.at && !w.after {
		return errCrash
	}
	err := do()
	if w.calls == w.at {
		return errCrash
	}
	return err
}

// trapped is a vault behind a tripwire.
type trapped struct {
	secret.UpkeepVault
	wire *tripwire
}

func (t trapped) Find(ctx context.Context, p secret.Place) (h secret.VaultEntry, found bool, err error) {
	err = t.wire.call(func() error { h, found, err = t.UpkeepVault.Find(ctx, p); return err })
	return h, found, err
}

func (t trapped) DeleteHeld(ctx context.Context, h secret.VaultEntry) error {
	return t.wire.call(func() error { return t.UpkeepVault.DeleteHeld(ctx, h) })
}

func (t trapped) Delete(ctx context.Context, p secret.Place) error {
	return t.wire.call(func() error { return t.UpkeepVault.Delete(ctx, p) })
}

func (t trapped) Destroy(ctx context.Context, p secret.Place, n secret.Number) error {
	return t.wire.call(func() error { return t.UpkeepVault.Destroy(ctx, p, n) })
}

func (t trapped) Add(ctx context.Context, p secret.Place, v secret.Value) (n secret.Number, err error) {
	err = t.wire.call(func() error { n, err = t.UpkeepVault.Add(ctx, p, v); return err })
	return n, err
}

// trappedStore is an index behind the same tripwire.
type trappedStore struct {
	postgres.Secrets
	wire *tripwire
}

func (t trappedStore) Reservation(
	ctx context.Context, d secret.WorkItem,
) (r secret.Reservation, found bool, err error) {
	err = t.wire.call(func() error { r, found, err = t.Secrets.Reservation(ctx, d); return err })
	return r, found, err
}

func (t trappedStore) GiveUp(
	ctx context.Context, d secret.WorkItem, r secret.Reservation, at time.Time,
) (given bool, err error) {
	err = t.wire.call(func() error { given, err = t.Secrets.GiveUp(ctx, d, r, at); return err })
	return given, err
}

func (t trappedStore) DropReservation(
	ctx context.Context, d secret.WorkItem, r secret.Reservation, e audit.Entry,
) error {
	return t.wire.call(func() error { return t.Secrets.DropReservation(ctx, d, r, e) })
}

func (t trappedStore) ExpireVersion(
	ctx context.Context, d secret.WorkItem, at time.Time, e audit.Entry,
) (n secret.Number, left bool, err error) {
	err = t.wire.call(func() error { n, left, err = t.Secrets.ExpireVersion(ctx, d, at, e); return err })
	return n, left, err
}

func (t trappedStore) VersionErased(ctx context.Context, ws authz.WorkspaceID, id secret.ID, version int32) error {
	return t.wire.call(func() error { return t.Secrets.VersionErased(ctx, ws, id, version) })
}

func (t trappedStore) MarkPurged(
	ctx context.Context, d secret.WorkItem, at time.Time, e audit.Entry,
) (marked bool, err error) {
	err = t.wire.call(func() error { marked, err = t.Secrets.MarkPurged(ctx, d, at, e); return err })
	return marked, err
}

func (t trappedStore) DropPurged(ctx context.Context, d secret.WorkItem) error {
	return t.wire.call(func() error { return t.Secrets.DropPurged(ctx, d) })
}

func (t trappedStore) OverdueAt(
	ctx context.Context, d secret.WorkItem, at time.Time,
) (o secret.Overdue, overdue bool, err error) {
	err = t.wire.call(func() error { o, overdue, err = t.Secrets.OverdueAt(ctx, d, at); return err })
	return o, overdue, err
}

func (t trappedStore) NoteRotationDue(
	ctx context.Context, d secret.WorkItem, o secret.Overdue, at time.Time, e audit.Entry,
) error {
	return t.wire.call(func() error { return t.Secrets.NoteRotationDue(ctx, d, o, at, e) })
}

func (t trappedStore) RotationFailed(ctx context.Context, d secret.WorkItem, o secret.Overdue, why string) error {
	return t.wire.call(func() error { return t.Secrets.RotationFailed(ctx, d, o, why) })
}

// keeper is the upkeep at a time, behind a tripwire.
func (r *rig) keeper(at time.Time, w *tripwire) *secret.Upkeep {
	vault := trapped{r.vault.(secret.UpkeepVault), w}
	return secret.NewUpkeep(trappedStore{r.DB.Secrets(), w}, vault, r.on(vault), func() time.Time { return at })
}

// tend does a task for all that is due, as jobs do, and returns how much that was and what went wrong.
func tend(t *testing.T, u *secret.Upkeep, task secret.Task) (count int, failed error) {
	t.Helper()
	for after := (secret.WorkItem{}); ; {
		found, err := u.Find(t.Context(), task, after)
		testkit.Must(t, err)
		if len(found) == 0 {
			return count, failed
		}
		for _, d := range found {
			failed = errors.Join(failed, u.Do(t.Context(), task, d))
			count, after = count+1, d
		}
	}
}

// crashes runs a scenario once for each call of the task that a process can end before or after. make prepares what is
// due and returns what must hold once the task was done again, at the same time of day.
func crashes(
	t *testing.T, task secret.Task, at func() time.Time, prepare func(t *testing.T,
		r *rig) (holds func(t *testing.T, r *rig, crashed string)),
) {
	t.Helper()
	r := newRig(t)
	holds := prepare(t, r)
	whole := &tripwire{}
	if n, err := tend(t, r.keeper(at(), whole), task); n != 1 || err != nil {
		t.Fatalf("%d were due, error %v", n, err)
	}
	holds(t, r, "nowhere")
	for call := 1; call <= whole.calls; call++ {
		for _, after := range []bool{false, true} {
			r := newRig(t)
			holds := prepare(t, r)
			if _, err := tend(t, r.keeper(at(), &tripwire{at: call, after: after}), task); err == nil &&
				task != secret.RotateDue {
				t.Errorf("call %d: a crash went unnoticed", call)
			}
			_, err := tend(t, r.keeper(at(), &tripwire{}), task)
			testkit.Must(t, err)
			where := map[bool]string{false: "before", true: "after"}[after]
			holds(t, r, where+" call "+string(rune('0'+call)))
			if n, err := tend(t, r.keeper(at(), &tripwire{}), task); n != 0 || err != nil {
				t.Errorf("%s call %d: %d are still due, error %v", where, call, n, err)
			}
		}
	}
}

func (r *rig) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := r.Super.ExecContext(t.Context(), statement, args...)
	testkit.Must(t, err)
}

// inVault reports whether the vault has anything of a secret.
func (r *rig) inVault(t *testing.T, id secret.ID) bool {
	t.Helper()
	_, found, err := r.vault.(secret.UpkeepVault).Find(t.Context(), secret.Place{Region: "eu", ID: id})
	testkit.Must(t, err)
	return found
}
