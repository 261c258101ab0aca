package upload_test

import (
	"net/http"
	"testing"

	"github.com/provenanceone/data-api/internal/upload"
)

func typeOnly(q *upload.BeginRequest) { q.ContentTypeOnly = true }

func TestTypeOnly_Replayed_BecomesWhatWasThereAtSettlementAndThenNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a", typeOnly)
	r.land(t, g, "first")
	r.land(t, g, "second")
	r.wantCompleted(t, g.Upload.ID)
	r.land(t, g, "third")
	r.wantCompleted(t, g.Upload.ID)
	o := r.read(t, "a")
	if got := r.content(t, o); got != "second" || o.Current.Version != 1 {
		t.Errorf("version %d is %q", o.Current.Version, got)
	}
	r.wantUsage(t, "1 objects, 6 used, 0 reserved")
}

// Another body that lands between the look at the first and its copy is looked at in its turn.
func TestTypeOnly_ReplacedDuringSettlement_IsLookedAtAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a", typeOnly)
	replace := func() error { r.land(t, g, string(make([]byte, 101))); return nil }
	uploads, _ := r.services(r.DB.Uploads(), faultyBlobs{Blobs: r.Store, promote: replace})
	r.land(t, g, "small enough")
	if _, err := uploads.Complete(bg, r.acme, g.Upload.ID); err == nil {
		t.Error("what was not looked at became an object")
	}
	r.wantRejected(t, g.Upload.ID, upload.TooLarge)
	r.wantNothingAt(t, "a")
	r.wantBucket(t)
}

func TestTypeOnly_OtherBodyThanAllowed_IsRejectedAtSettlement(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	long := r.begin(t, r.acme, "long", typeOnly)
	r.land(t, long, string(make([]byte, 101)))
	r.wantRejected(t, long.Upload.ID, upload.TooLarge)
	wrong := r.begin(t, r.acme, "wrong", typeOnly,
		func(q *upload.BeginRequest) { q.MD5 = new("eB5eJF1ptWaXm4bijSPyxw==") })
	r.land(t, wrong, "9876543210")
	r.wantRejected(t, wrong.Upload.ID, upload.Checksum)
	typed := r.begin(t, r.acme, "typed", typeOnly)
	typed.Put.Headers[0].Value = "text/html"
	if status := r.put(t, typed, "hello"); status != http.StatusForbidden {
		t.Errorf("another type is answered %d", status)
	}
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
	r.wantBucket(t)
}
