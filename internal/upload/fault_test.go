package upload_test

import (
	"errors"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestStorage_ThatCannotBeAsked_FailsCompleteAndReadButNoList(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.wantCompleted(t, r.land(t, r.begin(t, r.acme, "a"), "one"))
	id := r.land(t, r.begin(t, r.acme, "a"), "two")
	uploads, objects := r.services(r.DB.Uploads(),
		faultyBlobs{Blobs: r.Store, stat: func(object.Place) error { return down }})
	_, err := uploads.Complete(bg, r.acme, id)
	testkit.Refused(t, err, fault.Unavailable, "")
	_, err = objects.Find(bg, r.acme, r.in, "a")
	testkit.Refused(t, err, fault.Unavailable, "")
	_, err = objects.Delete(bg, r.acme, r.in, "a", object.Precondition{})
	testkit.Refused(t, err, fault.Unavailable, "")
	listed, err := objects.List(bg, r.acme, []datastore.ID{r.in}, object.Filter{}, page.Request{First: 10})
	testkit.Must(t, err)
	if len(listed[0].Items) != 1 || listed[0].Items[0].Current.Version != 1 {
		t.Errorf("listed %v", listed[0].Items)
	}
	if r.state(t, r.acme, id) != upload.Open {
		t.Error("the upload did not stay open")
	}
	r.wantUsage(t, "1 objects, 3 used, 100 reserved")
	r.wantCompleted(t, id)
}

func TestComplete_WhenTheCopyFails_ChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a"), "one")
	uploads, _ := r.services(r.DB.Uploads(), faultyBlobs{Blobs: r.Store, promote: func() error { return down }})
	_, err := uploads.Complete(bg, r.acme, id)
	testkit.Refused(t, err, fault.Unavailable, "")
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
	r.wantBucket(t, stagedOf(id))
	r.wantCompleted(t, id)
}

func TestComplete_AfterACrashBetweenCopyAndCommit_IsOneBlobAndOneVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a"), "one")
	uploads, _ := r.services(faultyStore{Store: r.DB.Uploads(), before: func() error { return down }}, r.Store)
	for range 2 {
		_, err := uploads.Complete(bg, r.acme, id)
		testkit.Refused(t, err, fault.Unavailable, "")
	}
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
	r.wantBucket(t, stagedOf(id), blobOf(id))
	r.wantCompleted(t, id)
	r.wantUsage(t, "1 objects, 3 used, 0 reserved")
	r.wantBucket(t, blobOf(id))
	if o := r.read(t, "a"); o.Current.Version != 1 || r.content(t, o) != "one" ||
		r.events(t, "datastore.object_created") != 1 {
		t.Errorf("version %d, %d events", o.Current.Version, r.events(t, "datastore.object_created"))
	}
}

func TestComplete_AfterTheCommitsAnswerWasLost_SaysCompleted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a"), "one")
	uploads, _ := r.services(faultyStore{Store: r.DB.Uploads(), after: func() error { return down }}, r.Store)
	_, err := uploads.Complete(bg, r.acme, id)
	testkit.Refused(t, err, fault.Unavailable, "")
	r.wantCompleted(t, id)
	r.wantUsage(t, "1 objects, 3 used, 0 reserved")
	if o := r.read(t, "a"); o.Current.Version != 1 || r.events(t, "datastore.object_created") != 1 {
		t.Errorf("version %d, %d events", o.Current.Version, r.events(t, "datastore.object_created"))
	}
}

func TestBegin_WhenTheSignerOrDatabaseFails_ReservesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	elsewhere := r.WorkspaceIn(t, "elsewhere", "atlantis")
	_, err := r.uploads.Begin(bg, elsewhere, ask(r.datastore(t, elsewhere), "a"))
	testkit.Refused(t, err, fault.Unavailable, "")
	if got := r.usage(t, elsewhere); got != "0 objects, 0 used, 0 reserved" {
		t.Errorf("it has %s", got)
	}
	r.sql(t, `ALTER TABLE audit_event ADD CONSTRAINT none CHECK (action <> 'datastore.upload_url_created')`)
	if _, err := r.uploads.Begin(bg, r.acme, ask(r.in, "a")); err == nil || errors.Is(err, down) {
		t.Errorf("got %v", err)
	}
	r.wantUsage(t, "0 objects, 0 used, 0 reserved")
	if n := r.Count(t, `SELECT count(*) FROM upload`); n != 0 {
		t.Errorf("%d uploads are on the books without an event", n)
	}
}

func TestStorage_OfOneUploadFailing_LeavesOthersToTheNextRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	good, bad := r.land(t, r.begin(t, r.acme, "a"), "one"), r.land(t, r.begin(t, r.acme, "b"), "two")
	_, objects := r.services(r.DB.Uploads(), faultyBlobs{
		Blobs: r.Store,
		stat: func(p object.Place) error {
			if p.Name == stagedOf(bad) {
				return down
			}
			return nil
		},
	})
	if _, err := objects.Find(bg, r.acme, r.in, "a"); err != nil || r.state(t, r.acme, good) != upload.Completed {
		t.Errorf("a key suffers from another's: %v", err)
	}
	_, err := objects.Find(bg, r.acme, r.in, "b")
	testkit.Refused(t, err, fault.Unavailable, "")
}
