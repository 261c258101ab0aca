package deletion_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (r *rig) rename(t *testing.T, from, to string) error {
	t.Helper()
	_, err := r.objects.Rename(t.Context(), r.acme, object.RenameRequest{DatastoreID: r.in, Key: from, NewKey: to})
	return err
}

// TestBegin_WhatIsRenamedAfterwards_Stays holds that a new key is as if it was written then, wherever it leads.
func TestBegin_WhatIsRenamedAfterwards_Stays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, key := range []string{"a/1", "a/2", "a/3", "b"} {
		r.keep(t, r.in, key, "12345")
	}
	r.begin(t, "a/")
	testkit.Must(t, r.rename(t, "a/1", "out"))
	testkit.Must(t, r.rename(t, "b", "a/in"))
	testkit.Must(t, r.rename(t, "a/2", "a/within"))
	r.finish(t)
	if got := r.keys(t, r.in); got != "a/in:1 a/within:1 out:1" {
		t.Errorf("there are %s", got)
	}
	r.wantClean(t, "in the end")
}

// TestDo_WhatSomebodyElseHasLocked_KeepsNothingElseLocked holds that a deletion waits for an object only while it has no
// other: so whoever has that object may go on to any of those.
func TestDo_WhatSomebodyElseHasLocked_KeepsNothingElseLocked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, key := range []string{"a/1", "a/2", "a/3"} {
		r.keep(t, r.in, key, "1")
	}
	r.begin(t, "a/")
	tx, err := r.Super.BeginTx(t.Context(), nil)
	testkit.Must(t, err)
	_, err = tx.ExecContext(t.Context(), `SELECT FROM object WHERE key = 'a/2' FOR UPDATE`)
	testkit.Must(t, err)

	var does sync.WaitGroup
	does.Go(func() { r.finish(t) })
	for end := time.Now().Add(time.Minute); r.keys(t, r.in) != "a/2:1 a/3:1"; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("there are still %s", r.keys(t, r.in))
		}
	}
	_, err = tx.ExecContext(t.Context(), `SELECT FROM object WHERE key = 'a/3' FOR UPDATE NOWAIT`)
	testkit.Must(t, err)
	testkit.Must(t, tx.Commit())
	does.Wait()
	r.wantClean(t, "in the end")
}

// TestDo_AmongRenames_NothingWaitsForItself has objects change their keys all the time while deletions lock ranges of
// them, and copies two at once.
func TestDo_AmongRenames_NothingWaitsForItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 8 {
		r.keep(t, r.in, fmt.Sprintf("a/%d", i), "1")
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 60 {
				from, to := fmt.Sprintf("a/%d", rand.IntN(8)), fmt.Sprintf("a/%d", rand.IntN(8))
				err := r.rename(t, from, to)
				if rand.IntN(3) == 0 {
					_, err = r.objects.Copy(t.Context(), r.acme, object.CopyRequest{
						From:      object.Source{DatastoreID: r.in, Key: from},
						TargetID:  r.in,
						TargetKey: to,
					})
				}
				if err != nil && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) &&
					!fault.Is(err, fault.Invalid) {
					t.Errorf("from %s to %s: %v", from, to, err)
				}
			}
		})
	}
	for range 20 {
		r.begin(t, "a/")
		_, err := work(t.Context(), deletion.NewWorker(r.DB.Deletions(), r.Store, time.Now, silent))
		testkit.Must(t, err)
		r.land(t, r.in, fmt.Sprintf("a/%d", rand.IntN(8)), "1")
	}
	all.Wait()
	for i := range 8 { // what has landed is settled
		_, err := r.objects.FindAt(t.Context(), r.acme, []datastore.ID{r.in}, fmt.Sprintf("a/%d", i))
		testkit.Must(t, err)
	}
	r.finish(t)
	r.wantClean(t, "in the end")
}
