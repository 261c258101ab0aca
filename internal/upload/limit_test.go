package upload_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestBegin_OfTheEleventhOpenUploadOfAKey_IsConflict(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var first upload.Grant
	for i := range upload.MaxOpenOfKey {
		g := r.begin(t, r.acme, "a")
		if i == 0 {
			first = g
		}
	}
	_, err := r.uploads.Begin(bg, r.acme, ask(r.in, "a"))
	testkit.Refused(t, err, fault.Conflict, "key")
	r.wantUsage(t, "0 objects, 0 used, 1000 reserved")
	r.begin(t, r.acme, "b")
	r.wantCompleted(t, r.land(t, first, "hello"))
	r.begin(t, r.acme, "a")
}

func TestBegin_OfTheThousandAndFirstOpenUpload_IsConflict(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.sql(t, `INSERT INTO upload (workspace_id, id, datastore_id, key, content_type, max_bytes, metadata, state,
		expires_at, created_by_kind, created_by_id, created_by_label)
		SELECT $1, gen_random_uuid(), $2, 'k' || n, 'text/csv', 1, '{}', 'OPEN', $3::timestamptz, 'USER', '', ''
		FROM generate_series(1, $4) n`,
		r.acme.Workspace.String(), r.in.String(), r.clock.now().Add(time.Hour), upload.MaxOpenOfWorkspace-1)
	r.begin(t, r.acme, "a")
	_, err := r.uploads.Begin(bg, r.acme, ask(r.in, "b"))
	testkit.Refused(t, err, fault.Conflict, "")
	if e := asFault(err); e.Details["field"] != nil {
		t.Errorf("it blames %v", e.Details["field"])
	}
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
	other := ask(r.datastore(t, r.globex), "a")
	_, err = r.uploads.Begin(bg, r.globex, other)
	testkit.Must(t, err)
}

func TestBegin_BeyondTheQuota_IsRefusedWithItsNumbers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.sql(t, `UPDATE workspace_usage SET limit_bytes = 150 WHERE workspace_id = $1`, r.acme.Workspace.String())
	size := func(n int64) func(*upload.BeginRequest) { return func(q *upload.BeginRequest) { q.MaxBytes = &n } }
	refused := func(n, used, reserved int64) {
		t.Helper()
		req := ask(r.in, "more")
		size(n)(&req)
		_, err := r.uploads.Begin(bg, r.acme, req)
		e := testkit.Refused(t, err, fault.QuotaExceeded, "maxBytes")
		if e.Details["limitBytes"] != int64(150) || e.Details["usedBytes"] != used ||
			e.Details["reservedBytes"] != reserved {
			t.Fatalf("the numbers are %v, want %d used and %d reserved", e.Details, used, reserved)
		}
	}
	refused(151, 0, 0)
	g := r.begin(t, r.acme, "a")
	refused(51, 0, 100)
	r.begin(t, r.acme, "b", size(50))
	refused(1, 0, 150)
	r.wantCompleted(t, r.land(t, g, "0123456789"))
	refused(91, 10, 50)
	r.begin(t, r.acme, "c", size(90))
	r.wantUsage(t, "1 objects, 10 used, 140 reserved")
}

func TestBegin_InADatastoreThatIsNone_IsNotFoundWhicheverWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	foreign := r.datastore(t, r.globex)
	said := ""
	for _, id := range []datastore.ID{"01890a5d-ac96-774b-bcce-b302099a8057", foreign, "", "reports", "'; --",
		datastore.ID("{" + foreign.String() + "}")} {
		_, err := r.uploads.Begin(bg, r.acme, ask(id, "a"))
		e := testkit.Refused(t, err, fault.NotFound, "datastoreId")
		if said == "" {
			said = e.Say
		}
		if e.Say != said || len(e.Details) != 1 {
			t.Errorf("%q is told apart: %+v", id, e)
		}
	}
	r.wantUsage(t, "0 objects, 0 used, 0 reserved")
	if n := r.events(t, "datastore.upload_url_created"); n != 0 {
		t.Errorf("%d events", n)
	}
}

func TestBegin_InADatastoreThatIsDeleted_IsNotFoundAndWhatWasOpenIsCancelled(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a")
	_, err := datastore.NewService(r.DB.Datastores(), r.uploads, nil, r.clock.now).Delete(bg, r.acme, r.in, false)
	testkit.Must(t, err)
	_, err = r.uploads.Begin(bg, r.acme, ask(r.in, "a"))
	testkit.Refused(t, err, fault.NotFound, "datastoreId")
	r.land(t, g, "hello")
	if u := r.complete(t, r.acme, g.Upload.ID); u.State != upload.Cancelled {
		t.Errorf("it is %s", u.State)
	}
	r.wantNothingAt(t, "a")
	r.wantUsage(t, "0 objects, 0 used, 0 reserved")
}

func TestCancel_MakesLateBytesWorthless(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a")
	for range 2 {
		u, err := r.uploads.Cancel(bg, r.acme, g.Upload.ID)
		testkit.Must(t, err)
		if u.State != upload.Cancelled {
			t.Errorf("it is %s", u.State)
		}
	}
	r.land(t, g, "hello")
	r.wantNothingAt(t, "a")
	r.wantUsage(t, "0 objects, 0 used, 0 reserved")
	if n := r.events(t, "datastore.upload_cancelled"); n != 1 {
		t.Errorf("%d events", n)
	}
	done := r.land(t, r.begin(t, r.acme, "b"), "hello")
	r.wantCompleted(t, done)
	_, err := r.uploads.Cancel(bg, r.acme, done)
	testkit.Refused(t, err, fault.Conflict, "uploadId")
	_, err = r.uploads.Cancel(bg, r.globex, done)
	testkit.Refused(t, err, fault.NotFound, "uploadId")
}

// beginAtOnce tries to begin uploads at once, and counts those that were.
func (r *rig) beginAtOnce(t *testing.T, n int, key func(i int) string) (begun int64) {
	t.Helper()
	var all sync.WaitGroup
	var count atomic.Int64
	for i := range n {
		all.Go(func() {
			_, err := r.uploads.Begin(bg, r.acme, ask(r.in, key(i)))
			switch {
			case err == nil:
				count.Add(1)
			case !fault.Is(err, fault.Conflict):
				t.Error(err)
			}
		})
	}
	all.Wait()
	return count.Load()
}

func TestBegin_OfManyUploadsAtOnce_NeverExceedsTheLimits(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if n := r.beginAtOnce(t, 40, func(int) string { return "a" }); n != upload.MaxOpenOfKey {
		t.Errorf("%d uploads of one key were begun at once", n)
	}
	r.sql(t, `INSERT INTO upload (workspace_id, id, datastore_id, key, content_type, max_bytes, metadata, state,
		expires_at, created_by_kind, created_by_id, created_by_label)
		SELECT $1, gen_random_uuid(), $2, 'k' || n, 'text/csv', 0, '{}', 'OPEN', $3::timestamptz, 'USER', '', ''
		FROM generate_series(1, $4) n`,
		r.acme.Workspace.String(), r.in.String(), r.clock.now().Add(time.Hour),
		upload.MaxOpenOfWorkspace-upload.MaxOpenOfKey-5)
	if n := r.beginAtOnce(t, 40, func(i int) string { return fmt.Sprint("b", i) }); n != 5 {
		t.Errorf("%d uploads of a workspace with room for 5 were begun at once", n)
	}
	r.wantUsage(t, "0 objects, 0 used, 1500 reserved")
}

// TestSettle_OfMoreOpenUploadsThanMayBeOpenNow_PassesNoneOver is a deployment that lowered its limits while uploads
// were open.
func TestSettle_OfMoreOpenUploadsThanMayBeOpenNow_PassesNoneOver(t *testing.T) {
	t.Parallel()
	const last = upload.ID("ffffffff-ffff-7fff-bfff-ffffffffffff")
	for name, c := range map[string]struct {
		open   int
		settle func(*rig) error
	}{
		"of a datastore": {upload.MaxOpenOfWorkspace + 1, func(r *rig) error {
			return r.uploads.SettleAll(bg, r.acme, r.in)
		}},
		"below a prefix": {upload.MaxOpenOfWorkspace + 1, func(r *rig) error {
			return r.uploads.SettleBelow(bg, r.acme, r.in, "k")
		}},
		"of a key": {upload.MaxOpenOfKey + 1, func(r *rig) error {
			return r.uploads.SettleKey(bg, r.acme, []datastore.ID{r.in}, "k")
		}},
	} {
		r := newRig(t)
		r.sql(t, `INSERT INTO upload (workspace_id, id, datastore_id, key, content_type, max_bytes, metadata, state,
			expires_at, created_at, created_by_kind, created_by_id, created_by_label)
			SELECT $1, CASE WHEN n = $4 THEN $5 ELSE gen_random_uuid() END, $2, 'k', 'text/csv', 5, '{}', 'OPEN',
				$3::timestamptz, now() + make_interval(secs => n), 'USER', $6, '' FROM generate_series(1, $4) n`,
			r.acme.Workspace.String(), r.in.String(), r.clock.now().Add(time.Hour), c.open, last.String(),
			r.acme.PrincipalID)
		r.sql(t, `UPDATE workspace_usage SET reserved_bytes = 5 * $2 WHERE workspace_id = $1`,
			r.acme.Workspace.String(), c.open)
		r.smuggle(t, r.acme.Region, last, "text/csv", "hello")
		testkit.Must(t, c.settle(r))
		found, err := r.uploads.Find(bg, r.acme, last)
		if testkit.Must(t, err); found.State == upload.Open {
			t.Errorf("%s: an upload that landed was passed over", name)
		}
	}
}
