package object_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

// together runs do on n goroutines that start at once.
func together(n int, do func(i int)) {
	var done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		done.Go(func() {
			<-start
			do(i)
		})
	}
	close(start)
	done.Wait()
}

// TestCopy_CrossingAndWithDeletions_CountsExactlyAndNeverDeadlocks has sixteen copy, restore and delete two keys in
// circles, all of which share few blobs.
func TestCopy_CrossingAndWithDeletions_CountsExactlyAndNeverDeadlocks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 3)
	r.keep(t, "seed", "text/plain", "hello")
	keys := []string{"a", "b"}
	for _, key := range keys {
		r.keep(t, key, "text/plain", key+key)
	}
	there := r.second(t, datastore.CreateRequest{KeepVersions: new(int32(2))})
	together(16, func(i int) {
		for n := range 12 {
			from, to := keys[(i+n)%2], keys[(i+n+1)%2]
			var err error
			switch (i + n) % 6 {
			case 0:
				_, err = r.objects.Delete(bg, r.acme, r.in, from, object.Precondition{})
			case 1:
				_, err = r.objects.Restore(bg, r.acme, r.restoring(to, int32(n+1)))
			case 2:
				_, err = r.objects.Copy(bg, r.acme, r.copying("seed", to, nil))
			case 3:
				ask := r.copying(from, to, nil)
				ask.TargetID = there
				_, err = r.objects.Copy(bg, r.acme, ask)
			default:
				_, err = r.objects.Copy(bg, r.acme, r.copying(from, to, nil))
			}
			if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
				t.Errorf("%d: %v", n, err)
			}
		}
	})
	r.usage(t)
	var blobs int
	testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT count(DISTINCT blob_id) FROM object_version`).Scan(&blobs))
	r.wantBlobs(t, blobs)
}

func TestCopy_WhileItsSourceIsReplaced_HasTheOldBytesOrTheNew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "one", "text/plain", "one")
	r.keep(t, "two", "text/plain", "two")
	r.copy(t, "one", "a", nil)
	var copies atomic.Int32
	together(8, func(i int) {
		for n := range 10 {
			var err error
			if i < 2 {
				// What the source held goes for good: it is the only one of its kind.
				_, err = r.objects.Copy(bg, r.acme, r.copying([]string{"one", "two"}[n%2], "a", nil))
			} else {
				_, err = r.objects.Copy(bg, r.acme, r.copying("a", fmt.Sprintf("copy %d %d", i, n), nil))
				copies.Add(1)
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	for i := range 6 {
		key := fmt.Sprintf("copy %d 9", i+2)
		if got := r.history(t, key); len(got) != 1 || got[0] != "1:one" && got[0] != "1:two" {
			t.Errorf("%q has %q", key, got)
		}
	}
	r.wantUsage(t, int64(copies.Load())+3, 3*int64(copies.Load())+9)
	r.wantBlobs(t, 2)
}

// TestCopy_OfWhatIsBeingDropped_LooksAgain holds the transaction open that takes the last reference from the source's
// blob.
func TestCopy_OfWhatIsBeingDropped_LooksAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		version *int32
		want    fault.Kind
	}{"whichever is current": {nil, ""}, "that very version": {new(int32(1)), fault.NotFound}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			old, next := r.keep(t, "a", "text/plain", "old"), r.keep(t, "next", "text/plain", "new")
			tx, err := r.Super.BeginTx(bg, nil)
			testkit.Must(t, err)
			for _, statement := range []string{
				`UPDATE blob SET refs = CASE id WHEN $1 THEN 0 ELSE 2 END WHERE id IN ($1, $2)`,
				`UPDATE object_version SET version = 2, blob_id = $2 WHERE blob_id = $1`,
				`UPDATE object SET current_version = 2 WHERE key = 'a' AND $1::uuid <> $2::uuid`,
			} {
				_, err := tx.ExecContext(bg, statement, old.Current.BlobID.String(), next.Current.BlobID.String())
				testkit.Must(t, err)
			}
			copied := make(chan error)
			go func() {
				v, err := r.objects.Copy(bg, r.acme, r.copying("a", "b", c.version))
				if err == nil && v.BlobID != next.Current.BlobID {
					err = errors.New("the copy refers to the blob that is dropped")
				}
				copied <- err
			}()
			r.waitForLock(t)
			testkit.Must(t, tx.Commit())
			if err := <-copied; c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCopy_BySixtyFourForTheLastBytes_NeverExceedsTheQuota(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.keep(t, "a", "text/plain", "0123456789")
	_, err := r.Super.ExecContext(bg, `UPDATE workspace_usage SET limit_bytes = 55 WHERE workspace_id = $1`,
		r.acme.Workspace.String())
	testkit.Must(t, err)
	var made atomic.Int32
	together(64, func(i int) {
		_, err := r.objects.Copy(bg, r.acme, r.copying("a", fmt.Sprint(i), nil))
		var f *fault.Error
		switch {
		case err == nil:
			made.Add(1)
		case !errors.As(err, &f) || f.Kind != fault.QuotaExceeded || f.Details["limitBytes"] != int64(55) ||
			f.Details["usedBytes"] != int64(50) || f.Details["reservedBytes"] != int64(0):
			t.Errorf("got %v", err)
		}
	})
	if made.Load() != 4 {
		t.Errorf("%d copies were made", made.Load())
	}
	r.wantUsage(t, 5, 50)
	// What takes no more room than it frees is allowed, be the limit what it may.
	_, err = r.Super.ExecContext(bg, `UPDATE workspace_usage SET limit_bytes = 1 WHERE workspace_id = $1`,
		r.acme.Workspace.String())
	testkit.Must(t, err)
	if v := r.copy(t, "a", "a", nil); v.Version != 2 || v.BlobID != o.Current.BlobID {
		t.Errorf("onto itself it is %+v", v)
	}
	r.wantUsage(t, 5, 50)
}

// waitForLock returns once a connection of this database waits for another's transaction.
func (r *rig) waitForLock(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		var waiting int
		testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
			AND wait_event_type = 'Lock'`).Scan(&waiting))
		if waiting > 0 {
			return
		}
	}
	t.Fatal("nobody waits")
}

// TestCopy_WaitingForItsSourceToBeDeleted_FindsNothing copies from a key while the transaction is open that deletes
// it, and that leaves its blob to another key: once a deletion has answered, nothing more is copied from there.
func TestCopy_WaitingForItsSourceToBeDeleted_FindsNothing(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"a", "z"} { // before and after the target, in the order of locks
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.keep(t, source, "text/plain", "hello")
			r.copy(t, source, "other", nil)
			r.keep(t, "m", "text/plain", "target")
			tx, err := r.Super.BeginTx(bg, nil)
			testkit.Must(t, err)
			for _, statement := range []string{
				`SELECT FROM object WHERE key = $1 FOR UPDATE`,
				`UPDATE blob SET refs = refs - 1
					WHERE id = (SELECT v.blob_id FROM object_version v JOIN object o ON o.id = v.object_id
					WHERE o.key = $1)`,
				`DELETE FROM object WHERE key = $1`,
			} {
				_, err := tx.ExecContext(bg, statement, source)
				testkit.Must(t, err)
			}

			ended := make(chan error, 1)
			go func() { _, err := r.objects.Copy(bg, r.acme, r.copying(source, "m", nil)); ended <- err }()
			for waiting := 0; waiting == 0 && len(ended) == 0; {
				testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
					WHERE NOT l.granted AND a.datname = current_database()`).Scan(&waiting))
			}
			testkit.Must(t, tx.Commit())
			if err := <-ended; !fault.Is(err, fault.NotFound) {
				t.Errorf("got %v", err)
			}
		})
	}
}
