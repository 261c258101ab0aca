package upload_test

import (
	"fmt"
	"testing"

	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func (r *rig) tryCopy(from, to string) (object.Version, error) {
	return r.objects.Copy(bg, r.acme, object.CopyRequest{
		From:      object.Source{DatastoreID: r.in, Key: from},
		TargetID:  r.in,
		TargetKey: to,
	})
}

func (r *rig) copy(t testkit.T, from, to string) object.Version {
	t.Helper()
	v, err := r.tryCopy(from, to)
	testkit.Must(t, err)
	return v
}

// TestCopy_BetweenTwoUploads_KeepsTheirOrder is what landed_at is inherited for: the later of two uploads was replaced
// by a copy before the earlier one is settled, which had landed after the copy looked for what had.
func TestCopy_BetweenTwoUploads_KeepsTheirOrder(t *testing.T) {
	t.Parallel()
	for name, then := range map[string]func(*rig){
		"copied": func(r *rig) { r.copy(t, "b", "a") },
		"copied twice": func(r *rig) {
			r.copy(t, "b", "a")
			r.copy(t, "b", "a")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.land(t, r.begin(t, r.acme, "b"), "copied")
			r.read(t, "b")
			earlier, later := r.begin(t, r.acme, "a"), r.begin(t, r.acme, "a")
			// Nobody settles the earlier one while the later one and the copies are committed.
			r.sql(t, `UPDATE upload SET state = 'CANCELLED' WHERE id = $1`, earlier.Upload.ID.String())
			r.land(t, earlier, "earlier")
			r.wantCompleted(t, r.land(t, later, "later"))
			then(r)
			r.sql(t, `UPDATE upload SET state = 'OPEN' WHERE id = $1`, earlier.Upload.ID.String())
			r.wantRejected(t, earlier.Upload.ID, upload.Superseded)
			if got := r.content(t, r.read(t, "a")); got != "copied" {
				t.Errorf("it holds %q", got)
			}
		})
	}
}

func TestCopy_OntoAKeyWithUploads_ComesAfterWhatHasLandedAndBeforeWhatLandsLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.land(t, r.begin(t, r.acme, "b"), "copied")
	landed, pending := r.begin(t, r.acme, "a"), r.begin(t, r.acme, "a")
	r.land(t, landed, "before")
	if v := r.copy(t, "b", "a"); v.Version != 2 {
		t.Errorf("the copy is version %d", v.Version)
	}
	if r.state(t, r.acme, landed.Upload.ID) != upload.Completed {
		t.Error("what had landed was not settled before")
	}
	r.wantCompleted(t, r.land(t, pending, "after"))
	if o := r.read(t, "a"); o.Current.Version != 3 || r.content(t, o) != "after" {
		t.Errorf("version %d is current", o.Current.Version)
	}
}

// TestCopy_WhileAnUploadLands_CountsItAsLater lets the copy look for what has landed, and wait for the key while
// something does.
func TestCopy_WhileAnUploadLands_CountsItAsLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.land(t, r.begin(t, r.acme, "b"), "copied")
	r.read(t, "b")
	g := r.begin(t, r.acme, "a")
	tx, err := r.Super.BeginTx(bg, nil)
	testkit.Must(t, err)
	_, err = tx.ExecContext(bg, `SELECT pg_advisory_xact_lock(hashtextextended($1 || '/a', 0))`, r.in.String())
	testkit.Must(t, err)
	copied := make(chan error)
	go func() {
		v, err := r.tryCopy("b", "a")
		if err == nil && v.Version != 1 {
			err = fmt.Errorf("the copy is version %d", v.Version)
		}
		copied <- err
	}()
	r.waitForLock(t)
	r.land(t, g, "landed")
	testkit.Must(t, tx.Commit())
	if err := <-copied; err != nil {
		t.Error(err)
	}
	if o := r.read(t, "a"); o.Current.Version != 2 || r.content(t, o) != "landed" {
		t.Errorf("version %d is current", o.Current.Version)
	}
}
