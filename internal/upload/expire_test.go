package upload_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// atGrace moves the clock to the last moment at which bytes of the upload count.
func (r *rig) atGrace(u upload.Upload) { r.clock.pass(u.ExpiresAt.Add(time.Hour).Sub(r.clock.now())) }

func TestBegin_WithoutRoom_EndsWhatCanReceiveNoMoreBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.sql(t, `UPDATE workspace_usage SET limit_bytes = 100 WHERE workspace_id = $1`, r.acme.Workspace.String())
	u := r.begin(t, r.acme, "a").Upload
	r.atGrace(u)
	_, err := r.uploads.Begin(bg, r.acme, ask(r.in, "b"))
	testkit.Refused(t, err, fault.QuotaExceeded, "maxBytes")
	if got := r.state(t, r.acme, u.ID); got != upload.Open {
		t.Fatalf("within its grace it is %s", got)
	}
	r.clock.pass(time.Millisecond)
	r.begin(t, r.acme, "b")
	if got := r.state(t, r.acme, u.ID); got != upload.Expired {
		t.Fatalf("after its grace it is %s", got)
	}
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
	if n := r.events(t, "datastore.upload_expired"); n != 1 {
		t.Errorf("%d events of its end", n)
	}
	if n := r.events(t, "datastore.upload_url_created"); n != 2 {
		t.Errorf("%d events of uploads that were begun", n)
	}
}

func TestBegin_OfAKeyWithTenUploads_EndsThoseThatCanReceiveNoMoreBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var last upload.Upload
	for range upload.MaxOpenOfKey {
		last = r.begin(t, r.acme, "a").Upload
	}
	r.atGrace(last)
	r.clock.pass(time.Millisecond)
	r.begin(t, r.acme, "a")
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
}

func TestComplete_AnHourAfterExpiry_IsExpired(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	u := r.begin(t, r.acme, "a").Upload
	r.atGrace(u)
	r.clock.pass(time.Second)
	for range 2 {
		if got := r.complete(t, r.acme, u.ID); got.State != upload.Expired || got.Rejection != nil {
			t.Errorf("it is %s %v", got.State, got.Rejection)
		}
	}
	r.wantUsage(t, "0 objects, 0 used, 0 reserved")
}

func TestBytes_ThatLandedWithinTheGrace_BecomeAnObject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	u := r.begin(t, r.acme, "a").Upload
	r.clock.pass(u.ExpiresAt.Add(30 * time.Minute).Sub(r.clock.now()))
	r.smuggle(t, "eu", u.ID, "text/csv", "hello")
	r.clock.pass(24 * time.Hour)
	r.wantCompleted(t, u.ID)
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
}

func TestBytes_AfterTheUploadExpired_NeverBecomeAnObject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a")
	r.atGrace(g.Upload)
	r.clock.pass(time.Second)
	if got := r.complete(t, r.acme, g.Upload.ID); got.State != upload.Expired {
		t.Fatalf("it is %s", got.State)
	}
	r.smuggle(t, "eu", g.Upload.ID, "text/csv", "late")
	if got := r.complete(t, r.acme, g.Upload.ID); got.State != upload.Expired {
		t.Errorf("it is %s", got.State)
	}
	r.wantNothingAt(t, "a")
	if got := r.keys(t); len(got) != 0 {
		t.Errorf("listed %v", got)
	}
	r.wantUsage(t, "0 objects, 0 used, 0 reserved")
	r.wantBucket(t, stagedOf(g.Upload.ID))
}

func TestSignedPut_PastItsExpiryOrReplayed_IsRefusedByStorage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a")
	r.land(t, g, "hello")
	if status := r.put(t, g, "other"); status != http.StatusPreconditionFailed {
		t.Errorf("a replay is answered %d", status)
	}
	late := r.begin(t, r.acme, "b")
	r.clock.pass(ttl + time.Second)
	if status := r.put(t, late, "hello"); status < 400 {
		t.Errorf("a late PUT is answered %d", status)
	}
	r.wantCompleted(t, g.Upload.ID)
	r.wantBucket(t, blobOf(g.Upload.ID))
}

// TestSignedPut_ReplayedAfterSettlement is the case in which storage has forgotten that the name was used.
func TestSignedPut_ReplayedAfterSettlement_NeverChangesTheObject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a")
	r.wantCompleted(t, r.land(t, g, "hello"))
	r.put(t, g, "other")
	r.wantCompleted(t, g.Upload.ID)
	if o := r.read(t, "a"); o.Current.Version != 1 || r.content(t, o) != "hello" {
		t.Errorf("version %d is %q", o.Current.Version, r.content(t, o))
	}
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
}

func TestBegin_WithoutRoomAndAnOverdueUploadThatCannotBeAskedAfter_IsRefusedUntilItCan(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.sql(t, `UPDATE workspace_usage SET limit_bytes = 100 WHERE workspace_id = $1`, r.acme.Workspace.String())
	r.begin(t, r.acme, "old")
	r.clock.pass(48 * time.Hour)
	uploads, _ := r.services(r.DB.Uploads(),
		faultyBlobs{Blobs: r.Store, stat: func(object.Place) error { return down }})
	_, err := uploads.Begin(bg, r.acme, ask(r.in, "new"))
	testkit.Refused(t, err, fault.QuotaExceeded, "maxBytes")
	r.begin(t, r.acme, "new")
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
}
