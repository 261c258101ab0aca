package upload_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestComplete_OfWhatLanded_IsAnObjectAndItsReservationUsage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a/b.csv", func(q *upload.BeginRequest) { q.Metadata = map[string]any{"run": "7"} })
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
	r.wantCompleted(t, r.land(t, g, "hello"))
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
	r.wantBucket(t, blobOf(g.Upload.ID))
	o := r.read(t, "a/b.csv")
	v := o.Current
	if v.Version != 1 || v.SizeBytes != 5 || v.ContentType != "text/csv" || v.CRC32C != "mnG7TA==" || v.MD5 == nil ||
		*v.MD5 != "XUFAKrxLKna5cZ2REBfFkg==" ||
		string(v.Metadata) != `{"run": "7"}` || v.CreatedBy != r.acme.Who || r.content(t, o) != "hello" {
		t.Errorf("the version is %+v", v)
	}
	if n := r.events(t, "datastore.object_created"); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestComplete_BeforeAnyBytes_IsConflictAndStaysOpen(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a")
	_, err := r.uploads.Complete(bg, r.acme, g.Upload.ID)
	testkit.Refused(t, err, fault.Conflict, "uploadId")
	r.wantCompleted(t, r.land(t, g, "hello"))
}

func TestComplete_Again_ChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a"), "hello")
	r.wantCompleted(t, id)
	r.wantCompleted(t, id)
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
	if n := r.events(t, "datastore.object_created"); n != 1 || r.read(t, "a").Current.Version != 1 {
		t.Errorf("%d events, version %d", n, r.read(t, "a").Current.Version)
	}
}

func TestComplete_OfAnotherWorkspaceOrNone_IsNotFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a"), "hello")
	for _, unknown := range []upload.ID{id, "", "x", "01890a5d-ac96-774b-bcce-b302099a8057"} {
		_, err := r.uploads.Complete(bg, r.globex, unknown)
		testkit.Refused(t, err, fault.NotFound, "uploadId")
	}
	if r.state(t, r.acme, id) != upload.Open {
		t.Error("globex settled acme's upload")
	}
}

func TestRead_OfTheKey_SettlesWhatLanded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a"), "hello")
	if got := r.content(t, r.read(t, "a")); got != "hello" || r.state(t, r.acme, id) != upload.Completed {
		t.Errorf("read %q", got)
	}
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
}

func TestList_OfAPrefix_SettlesWhatLandedBelowIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, key := range []string{"a/2", "a/1", "b"} {
		r.land(t, r.begin(t, r.acme, key), "hello")
	}
	r.begin(t, r.acme, "a/never")
	if got := r.keys(t); !slices.Equal(got, []string{"a/1", "a/2", "b"}) {
		t.Errorf("listed %v", got)
	}
	r.wantUsage(t, "3 objects, 15 used, 100 reserved")
}

func TestTwoUploads_OfOneKey_TakeEffectInTheOrderOfLanding(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, second := r.begin(t, r.acme, "a"), r.begin(t, r.acme, "a")
	r.land(t, second, "landed first")
	r.land(t, first, "landed last")
	o := r.read(t, "a")
	if o.Current.Version != 2 || r.content(t, o) != "landed last" {
		t.Errorf("version %d is %q", o.Current.Version, r.content(t, o))
	}
	r.wantUsage(t, "1 objects, 11 used, 0 reserved")
	r.wantBucket(t, blobOf(first.Upload.ID))
	r.wantCompleted(t, second.Upload.ID)
	if n := r.Count(t, `SELECT count(*) FROM blob`) + r.Count(t, `SELECT count(*) FROM object_version`); n != 2 {
		t.Errorf("%d rows of blobs and versions", n)
	}
}

func TestOverwrite_KeepsTheObjectAndCountsItsVersionUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.land(t, r.begin(t, r.acme, "a"), "one")
	before := r.read(t, "a")
	r.land(t, r.begin(t, r.acme, "a", func(q *upload.BeginRequest) { q.IfVersion = new(int32(1)) }), "three")
	after := r.read(t, "a")
	if after.ID != before.ID || after.Current.ID == before.Current.ID || after.Current.Version != 2 {
		t.Errorf("%+v became %+v", before, after)
	}
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
}

func TestUpload_AfterDelete_IsTheNextVersionOfANewObject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.land(t, r.begin(t, r.acme, "a"), "one")
	r.land(t, r.begin(t, r.acme, "a"), "two")
	before := r.read(t, "a")
	_, err := r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{})
	testkit.Must(t, err)
	r.wantUsage(t, "0 objects, 0 used, 0 reserved")
	r.wantBucket(t)
	r.land(t, r.begin(t, r.acme, "a", func(q *upload.BeginRequest) { q.IfVersion = new(int32(0)) }), "three")
	if after := r.read(t, "a"); after.ID == before.ID || after.Current.Version != 3 {
		t.Errorf("version %d of %s, which was %s", after.Current.Version, after.ID, before.ID)
	}
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
}

func TestDelete_TakesWhatHadLandedWithIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a"), "one")
	pending := r.begin(t, r.acme, "a")
	_, err := r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{})
	testkit.Must(t, err)
	if r.state(t, r.acme, id) != upload.Completed {
		t.Error("what had landed was not settled")
	}
	r.wantNothingAt(t, "a")
	r.land(t, pending, "later")
	if o := r.read(t, "a"); o.Current.Version != 2 {
		t.Errorf("what landed after the deletion is version %d", o.Current.Version)
	}
}

// together runs do on n goroutines that start at once.
func together(n int, do func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			do(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

func TestComplete_BySixteenAtOnce_IsOneVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 5 {
		id := r.land(t, r.begin(t, r.acme, "a"), "hello")
		together(16, func(i int) {
			if i%4 == 3 {
				if _, err := r.objects.Find(bg, r.acme, r.in, "a"); err != nil {
					t.Errorf("reading: %v", err)
				}
				return
			}
			u, err := r.uploads.Complete(bg, r.acme, id)
			if err != nil || u.State != upload.Completed {
				t.Errorf("completing: %s, %v", u.State, err)
			}
		})
	}
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
	if v, n := r.read(t, "a").Current.Version, r.events(t, "datastore.object_created"); v != 5 || n != 5 {
		t.Errorf("version %d, %d events", v, n)
	}
	if got := r.bucket(t, "eu"); len(got) != 1 {
		t.Errorf("the bucket has %v", got)
	}
}

func TestComplete_OfWhatIsRejected_BySixteenAtOnce_SaysSoToAll(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.land(t, r.begin(t, r.acme, "a"), "one")
	kept := r.read(t, "a").Current.BlobID
	for range 5 {
		id := r.land(t, r.begin(t, r.acme, "a", func(q *upload.BeginRequest) { q.IfVersion = new(int32(0)) }), "two")
		together(16, func(i int) {
			if i%4 == 3 {
				if _, err := r.objects.Find(bg, r.acme, r.in, "a"); err != nil {
					t.Errorf("reading: %v", err)
				}
				return
			}
			u, err := r.uploads.Complete(bg, r.acme, id)
			if err != nil || u.State != upload.Rejected {
				t.Errorf("completing: %s, %v", u.State, err)
			}
		})
	}
	r.wantUsage(t, "1 objects, 3 used, 0 reserved")
	r.wantBucket(t, "blobs/"+kept.String())
	if n := r.events(t, "datastore.upload_rejected"); n != 5 {
		t.Errorf("%d events", n)
	}
}

func TestManyUploads_OfOneKeyAtOnce_CountUsageExactly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var ids [8]upload.ID
	for i := range ids {
		ids[i] = r.land(t, r.begin(t, r.acme, "a"), "1234567890"[:i+1])
	}
	together(8, func(i int) {
		if _, err := r.uploads.Complete(bg, r.acme, ids[i]); err != nil {
			t.Error(err)
		}
	})
	r.wantUsage(t, "1 objects, 8 used, 0 reserved")
	r.wantBucket(t, blobOf(ids[7]))
	r.clock.pass(48 * time.Hour)
	r.begin(t, r.acme, "b")
	r.wantUsage(t, "1 objects, 8 used, 100 reserved")
}
