package upload_test

import (
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func (r *rig) upkeep() *upload.Upkeep {
	return upload.NewUpkeep(r.DB.Uploads(), r.Store, r.uploads, []string{"eu"})
}

// sweep does all that is found, twice, as a server does that lost its answer.
func (r *rig) sweep(t *testing.T, find func(*upload.Upkeep) ([]upload.WorkItem, error)) []upload.WorkItem {
	t.Helper()
	due, err := find(r.upkeep())
	testkit.Must(t, err)
	for _, d := range slices.Concat(due, due) {
		testkit.Must(t, r.upkeep().Do(bg, d))
	}
	return due
}

func staged(u *upload.Upkeep) ([]upload.WorkItem, error) { return u.FindStaged(bg, upload.WorkItem{}) }
func overdue(u *upload.Upkeep) ([]upload.WorkItem, error) {
	return u.FindOverdue(bg, upload.WorkItem{})
}

func TestUpkeep_WhatLandedAndNobodyAskedFor_BecomesAnObjectInTheAskersName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a"), "hello")
	r.begin(t, r.acme, "b")
	if due := r.sweep(t, staged); len(due) != 1 || due[0].Workspace != r.acme.Workspace || due[0].ID != id {
		t.Errorf("found %+v", due)
	}
	if got := r.state(t, r.acme, id); got != upload.Completed {
		t.Errorf("it is %s", got)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.object_created' AND actor_id = $1`,
		r.acme.PrincipalID); n != 1 {
		t.Errorf("%d events in the asker's name", n)
	}
	r.wantBucket(t, blobOf(id))
	r.wantUsage(t, "1 objects, 5 used, 100 reserved")
	if due := r.sweep(t, staged); len(due) != 0 {
		t.Errorf("then it finds %+v", due)
	}
}

func TestUpkeep_LateBytesOfEndedUploads_AreDroppedAndNothingElse(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	cancelled, replayed := r.begin(t, r.acme, "a"), r.begin(t, r.acme, "b")
	_, err := r.uploads.Cancel(bg, r.acme, cancelled.Upload.ID)
	testkit.Must(t, err)
	r.wantCompleted(t, r.land(t, replayed, "hello"))
	r.land(t, replayed, "again")
	r.land(t, cancelled, "late")
	r.sweep(t, staged)
	r.wantBucket(t, blobOf(replayed.Upload.ID))
	if got := r.content(t, r.read(t, "b")); got != "hello" {
		t.Errorf("the object is %q", got)
	}
	r.wantNothingAt(t, "a")
}

func TestUpkeep_StagedBlobsOfNoUpload_AreLeftToTheReconciler(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	stranger := r.smuggle(t, "eu", ident.New[upload.Upload](), "text/csv", "hello")
	r.smuggle(t, "eu", "not-an-id", "text/csv", "hello")
	r.clock.pass(48 * time.Hour)
	if due := r.sweep(t, staged); len(due) != 0 {
		t.Errorf("it finds %+v", due)
	}
	testkit.Must(t, r.upkeep().Do(bg, upload.WorkItem{Region: "eu", ID: stranger}))
	r.wantBucket(t, stagedOf(stranger), stagedOf("not-an-id"))
}

func TestUpkeep_OverdueUploads_AreSettledOrGiveBackWhatTheyReserved(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	empty, full := r.begin(t, r.acme, "a").Upload, r.begin(t, r.acme, "b")
	session := r.begin(t, r.acme, "c", resumable).Upload
	r.land(t, full, "hello")
	if due := r.sweep(t, overdue); len(due) != 0 {
		t.Errorf("at once it finds %+v", due)
	}
	r.clock.pass(2 * time.Hour)
	if due := r.sweep(t, overdue); len(due) != 2 {
		t.Errorf("found %+v", due)
	}
	if a, b := r.state(t, r.acme, empty.ID), r.state(t, r.acme, full.Upload.ID); a != upload.Expired ||
		b != upload.Completed {
		t.Errorf("they are %s and %s", a, b)
	}
	r.wantUsage(t, "1 objects, 5 used, 100 reserved")
	r.clock.pass(7 * 24 * time.Hour)
	r.sweep(t, overdue)
	if got := r.state(t, r.acme, session.ID); got != upload.Expired {
		t.Errorf("the session's is %s", got)
	}
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
	if n := r.events(t, "datastore.upload_expired"); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestUpkeep_OfManyPagesAndRegions_FindsAll(t *testing.T) {
	t.Parallel()
	r := newRig(t, "aa")
	testkit.Must(t, r.EnsureBucket(bg, "aa"))
	afar := r.WorkspaceIn(t, "afar", "aa")
	there := r.datastore(t, afar)
	models := []upload.ID{r.begin(t, r.acme, "a").Upload.ID,
		r.begin(t, afar, "a", func(q *upload.BeginRequest) { q.DatastoreID = there }).Upload.ID}
	want := map[upload.ID]bool{}
	for i := range 1003 {
		id := r.smuggle(t, []string{"eu", "aa"}[i%2], ident.New[upload.Upload](), "text/csv", "")
		r.sql(t, `INSERT INTO upload SELECT (jsonb_populate_record(u, jsonb_build_object('id', $2::text, 'state',
			'CANCELLED'))).* FROM upload u WHERE id = $1`, models[i%2], id)
		want[id] = true
	}
	both := upload.NewUpkeep(r.DB.Uploads(), r.Store, r.uploads, []string{"eu", "aa"})
	for after := (upload.WorkItem{}); ; {
		due, err := both.FindStaged(bg, after)
		testkit.Must(t, err)
		if len(due) == 0 {
			break
		}
		for _, d := range due {
			delete(want, d.ID)
		}
		after = due[len(due)-1]
	}
	if len(want) != 0 {
		t.Errorf("%d of 1003 were not found", len(want))
	}
}

func TestLanded_SettlesAsCompletingDoes_AndOnlyWhatIsMeant(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a")
	testkit.Must(t, r.upkeep().Landed(bg, "eu", stagedOf(g.Upload.ID)))
	r.land(t, g, "hello")
	for _, hint := range [][2]string{{"us", stagedOf(g.Upload.ID)}, {"eu", blobOf(g.Upload.ID)},
		{"eu", stagedOf(ident.New[upload.Upload]())}, {"eu", "staging/"},
		{"eu", stagedOf(g.Upload.ID) + "/x"}, {"eu", "staging/'; --"}, {"eu", ""}} {
		testkit.Must(t, r.upkeep().Landed(bg, hint[0], hint[1]))
	}
	if got := r.state(t, r.acme, g.Upload.ID); got != upload.Open {
		t.Fatalf("a hint at something else made it %s", got)
	}
	for range 2 {
		testkit.Must(t, r.upkeep().Landed(bg, "eu", stagedOf(g.Upload.ID)))
	}
	if got := r.state(t, r.acme, g.Upload.ID); got != upload.Completed {
		t.Errorf("it is %s", got)
	}
	if n := r.events(t, "datastore.object_created"); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestLanded_WhileStorageIsDown_SaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a")
	r.land(t, g, "hello")
	uploads, _ := r.services(r.DB.Uploads(), faultyBlobs{Blobs: r.Store, promote: func() error { return down }})
	err := upload.NewUpkeep(r.DB.Uploads(), r.Store, uploads, []string{"eu"}).Landed(bg, "eu", stagedOf(g.Upload.ID))
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
}
