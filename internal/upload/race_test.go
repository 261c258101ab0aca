package upload_test

import (
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// meanwhile returns services that let do happen once, just before they ask storage for a blob or copy one.
func (r *rig) meanwhile(at string, do func()) (*upload.Service, *object.Service) {
	happened := false
	once := func() {
		if !happened {
			happened = true
			do()
		}
	}
	blobs := faultyBlobs{Blobs: r.Store}
	if at == "stat" {
		blobs.stat = func(object.Place) error { once(); return nil }
	} else {
		blobs.promote = func() error { once(); return nil }
	}
	return r.services(r.DB.Uploads(), blobs)
}

func TestComplete_SettledByAnotherMeanwhile_SaysWhatItBecame(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"stat", "promote"} {
		t.Run("before "+at, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.land(t, r.begin(t, r.acme, "a"), "one")
			uploads, _ := r.meanwhile(at, func() { r.wantCompleted(t, id) })
			u, err := uploads.Complete(bg, r.acme, id)
			testkit.Must(t, err)
			if u.State != upload.Completed || u.VersionID == nil {
				t.Errorf("it says %s", u.State)
			}
			r.wantUsage(t, "1 objects, 3 used, 0 reserved")
			r.wantBucket(t, blobOf(id))
		})
	}
}

func TestComplete_RejectedByAnotherMeanwhile_SaysSo(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"stat", "promote"} {
		t.Run("before "+at, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.land(t, r.begin(t, r.acme, "a",
				func(q *upload.BeginRequest) { q.IfVersion = new(int32(1)) }), "one")
			uploads, _ := r.meanwhile(at, func() { r.wantRejected(t, id, upload.Precondition) })
			u, err := uploads.Complete(bg, r.acme, id)
			testkit.Must(t, err)
			if u.State != upload.Rejected || *u.Rejection != upload.Precondition {
				t.Errorf("it says %s", u.State)
			}
			r.wantBucket(t)
		})
	}
}

func TestRead_WhileAnotherRejectsAnUploadOfTheKey_FindsTheObject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.land(t, r.begin(t, r.acme, "a"), "one")
	before := r.read(t, "a")
	id := r.land(t, r.begin(t, r.acme, "a", func(q *upload.BeginRequest) { q.IfVersion = new(int32(0)) }), "two")
	_, objects := r.meanwhile("promote", func() { r.wantRejected(t, id, upload.Precondition) })
	o, err := objects.Find(bg, r.acme, r.in, "a")
	testkit.Must(t, err)
	if o.Current.ID != before.Current.ID {
		t.Errorf("found version %d", o.Current.Version)
	}
}

func TestComplete_CompletedAndOverwrittenMeanwhile_LeavesNoBlobBehind(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.land(t, r.begin(t, r.acme, "a"), "one")
	var second upload.ID
	uploads, _ := r.meanwhile("promote", func() {
		r.wantCompleted(t, first)
		second = r.land(t, r.begin(t, r.acme, "a"), "two")
		r.wantCompleted(t, second)
	})
	u, err := uploads.Complete(bg, r.acme, first)
	testkit.Must(t, err)
	if u.State != upload.Completed || r.read(t, "a").Current.Version != 2 {
		t.Errorf("it says %s; version %d is current", u.State, r.read(t, "a").Current.Version)
	}
	r.wantBucket(t, blobOf(second))
	r.wantUsage(t, "1 objects, 3 used, 0 reserved")
}

// TestCommit_AfterItsBlobWasReplaced_FreesTheLateCopy is a settler that copied the staged bytes once more, after the
// version made of them was replaced and while its blob was still on the books as to be dropped.
func TestCommit_AfterItsBlobWasReplaced_FreesTheLateCopy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, second := r.begin(t, r.acme, "a").Upload, r.begin(t, r.acme, "a").Upload
	commit := func(u upload.Upload) []object.BlobID {
		_, free, err := r.DB.Uploads().Commit(bg, u, upload.Blob{
			SizeBytes:   1,
			ContentType: "text/csv",
			CreatedAt:   r.clock.now(),
		}, object.AwaitsVersion(audit.Record(r.acme, audit.ObjectCreated)), audit.Record(r.acme, audit.UploadRejected))
		testkit.Must(t, err)
		return free
	}
	late := []object.BlobID{object.BlobID(first.ID)}
	if free := commit(first); len(free) != 0 {
		t.Fatalf("the first frees %v", free)
	}
	if free := commit(first); len(free) != 0 {
		t.Fatalf("once more frees %v, which is in use", free)
	}
	if free := commit(second); !slices.Equal(free, late) {
		t.Fatalf("the second frees %v", free)
	}
	if free := commit(first); !slices.Equal(free, late) {
		t.Errorf("once more frees %v", free)
	}
}

// TestDelete_WhileTheKeyIsOverwritten_FindsTheNewVersion holds the overwriting transaction open until the deletion
// waits for it.
func TestDelete_WhileTheKeyIsOverwritten_FindsTheNewVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.land(t, r.begin(t, r.acme, "a"), "one")
	o := r.read(t, "a")
	tx, err := r.Super.BeginTx(bg, nil)
	testkit.Must(t, err)
	for _, statement := range []string{
		`UPDATE object SET current_version = 2 WHERE id = $1`,
		`INSERT INTO object_version SELECT workspace_id, gen_random_uuid(), object_id, 2, blob_id, size_bytes,
			content_type, crc32c, md5, metadata,
			landed_at, created_at, created_by_kind, created_by_id, created_by_label FROM object_version
			WHERE object_id = $1`,
		`DELETE FROM object_version WHERE object_id = $1 AND version = 1`,
	} {
		_, err := tx.ExecContext(bg, statement, o.ID.String())
		testkit.Must(t, err)
	}
	deleted := make(chan error)
	go func() {
		_, err := r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{Version: new(int32(2))})
		deleted <- err
	}()
	r.waitForLock(t)
	testkit.Must(t, tx.Commit())
	if err := <-deleted; err != nil {
		t.Errorf("deleting: %v", err)
	}
}

// waitForLock returns once a connection of this database waits for another's transaction.
func (r *rig) waitForLock(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
		if r.Count(t, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
			AND wait_event_type = 'Lock'`) > 0 {
			return
		}
	}
	t.Fatal("nobody waits")
}

// TestComplete_WaitingForTheAskersRightToEnd_IsRevoked settles while what ends the right is not committed yet: once
// that has answered, nothing more appears in the asker's name.
func TestComplete_WaitingForTheAskersRightToEnd_IsRevoked(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"key revoked":    `UPDATE api_key SET revoked_at = now() WHERE id = $1`,
		"member removed": `DELETE FROM member WHERE id = $1`,
		"member lowered": `UPDATE member SET role = 'VIEWER' WHERE id = $1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			asker := r.acme
			if name == "key revoked" {
				asker, _ = r.key(t, 0)
			}
			id := r.land(t, r.begin(t, asker, "a"), "hello")
			tx, err := r.Super.BeginTx(t.Context(), nil)
			testkit.Must(t, err)
			_, err = tx.ExecContext(t.Context(), end, asker.PrincipalID)
			testkit.Must(t, err)

			ended := make(chan error, 1)
			go func() {
				_, err := r.uploads.Complete(bg, r.acme, id)
				ended <- err
			}()
			for waiting := 0; waiting == 0 && len(ended) == 0; {
				waiting = r.Count(t, `SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
					WHERE NOT l.granted AND a.datname = current_database()`)
			}
			testkit.Must(t, tx.Commit())
			testkit.Must(t, <-ended)
			r.wantRejected(t, id, upload.Revoked)
			r.wantNothingAt(t, "a")
		})
	}
}
