package run_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestPut_ThenGetByALaterRun_GivesWhatWasPut(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	v := y.putText("out/summary.txt", "größer")
	if v.Version != 1 || v.SizeBytes != 8 || v.ContentType != "text/plain; charset=utf-8" || v.MD5 == nil ||
		v.CRC32C == "" || v.CreatedBy != y.acme.Who ||
		v.WrittenBy == nil || *v.WrittenBy != first {
		t.Errorf("it answers %+v", v)
	}
	later := y.step(run.Get, "out/summary.txt")
	later.Run = run.Run{RunID: "run-2", StepID: "read"}
	got := y.do(later)
	if string(got.Content.Bytes) != "größer" {
		t.Errorf("it reads %q", got.Content.Bytes)
	}
	if diff := cmp.Diff(v, *got.Version); diff != "" {
		t.Errorf("the version differs (-put +got):\n%s", diff)
	}
	if got := y.text(`SELECT string_agg(concat_ws(' ', details->>'runId', details->>'step',
		details->>'versionId' = $1), ', ' ORDER BY id) FROM audit_event
		WHERE action = 'datastore.step_executed'`, v.ID); got != "run-1 PUT t, run-2 GET t" {
		t.Errorf("on record: %s", got)
	}
}

func TestPut_OfAsManyBytesAsItMay_IsKept_AndOfOneMoreRefused(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	most := strings.Repeat("x", object.MaxContentBytes)
	y.putText("text", most)
	raw := y.step(run.Put, "base64")
	raw.Bytes = []byte(most)
	y.do(raw)
	y.putText("empty", "")
	for key, size := range map[string]int{"text": len(most), "base64": len(most), "empty": 0} {
		if got := y.do(y.step(run.Get, key)); len(got.Content.Bytes) != size || got.Version.SizeBytes != int64(size) {
			t.Errorf("%s has %d bytes", key, len(got.Content.Bytes))
		}
	}
	text := y.step(run.Put, "text")
	text.Text = new(most + "x")
	wantField(t, y.refused(text), fault.Invalid, "text")
	raw.Bytes = []byte(most + "x")
	wantField(t, y.refused(raw), fault.Invalid, "base64")
}

func TestPut_IfItsVersionIsCurrent_IsTheNextOne_AndElseLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	isNew := func(s *run.Step) { s.IfVersion = new(int32(0)) }
	y.putText("a", "one", isNew)
	s := y.step(run.Put, "a")
	s.Text = new("two")
	for _, v := range []int32{0, 2} {
		s.IfVersion = &v
		if current := wantKind(t, y.refused(s), fault.Conflict, "currentVersion"); current != int32(1) {
			t.Errorf("it says %v", current)
		}
	}
	s.IfVersion = new(int32(1))
	if v := y.do(s).Version; v.Version != 2 {
		t.Errorf("it is version %d", v.Version)
	}
	s.Key = new("b")
	if current := wantKind(t, y.refused(s), fault.Conflict, "currentVersion"); current != int32(0) {
		t.Errorf("of a key without an object it says %v", current)
	}
	if blobs := y.bucket(); len(blobs) != 1 {
		t.Errorf("storage holds %v", blobs)
	}
}

func TestPut_AgainstThePolicyOfItsDatastore_IsRefused(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	types, most := []string{"text/*"}, int64(3)
	limit := &most
	_, err := y.datastores.Update(t.Context(), y.acme, y.in, datastore.UpdateRequest{
		MaxObjectBytes: &limit,
		ContentTypes:   &types,
		KeepVersions:   new(int32(2)),
	})
	testkit.Must(t, err)
	for _, text := range []string{"1", "2", "333"} {
		y.putText("a", text)
	}
	s := y.step(run.Put, "a")
	s.Text = new("4444")
	wantField(t, y.refused(s), fault.Invalid, "text")
	s.Text, s.ContentType = new("4"), new("application/json")
	wantField(t, y.refused(s), fault.Invalid, "contentType")
	if got := y.text(`SELECT string_agg(version::text, ' ' ORDER BY version) FROM object_version`); got != "2 3" {
		t.Errorf("kept are the versions %s", got)
	}
	old := y.step(run.Get, "a")
	old.Version = new(int32(2))
	if got := y.do(old); string(got.Content.Bytes) != "2" {
		t.Errorf("version 2 is %q", got.Content.Bytes)
	}
	old.Version = new(int32(1))
	wantField(t, y.refused(old), fault.NotFound, "version")
}

func TestPut_OfManyAtOnceForTheLastBytes_NeverOvershoots(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	_, err := y.Super.ExecContext(t.Context(), `UPDATE workspace_usage SET limit_bytes = 50 WHERE workspace_id = $1`,
		y.acme.Workspace.String())
	testkit.Must(t, err)
	var kept, full atomic.Int32
	var all sync.WaitGroup
	for i := range 16 {
		all.Go(func() {
			s := y.step(run.Put, fmt.Sprint(i))
			s.Text = new("0123456789")
			_, err := y.Execute(t.Context(), y.acme, s)
			// a busy machine keeps them waiting for each other's locks: nothing was done
			for fault.Is(err, fault.Unavailable) && t.Context().Err() == nil {
				_, err = y.Execute(t.Context(), y.acme, s)
			}
			switch {
			case err == nil:
				kept.Add(1)
			case fault.Is(err, fault.QuotaExceeded):
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if kept.Load() != 5 || full.Load() != 11 || len(y.bucket()) != 5 {
		t.Errorf("%d were kept, %d refused, storage holds %v", kept.Load(), full.Load(), y.bucket())
	}
	if got := y.text(`SELECT concat_ws(' ', object_count, used_bytes, reserved_bytes) FROM workspace_usage
		WHERE workspace_id = $1`, y.acme.Workspace); got != "5 50 0" {
		t.Errorf("usage is %s", got)
	}
}

func TestPut_WhenItsCommitFails_LeavesNothingInStorage(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	for name, why := range map[string]error{
		"for sure":                errors.New("a constraint"),
		"because the caller left": context.Canceled,
	} {
		y.rows.before.Store(&why)
		s := y.step(run.Put, "a")
		s.Text = new("one")
		if err := y.refused(s); !errors.Is(err, why) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if blobs := y.bucket(); len(blobs) != 0 {
		t.Errorf("storage holds %v", blobs)
	}
}

func TestPut_WhenNobodyKnowsWhetherItWasCommitted_TakesNothingAway(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	lost := fmt.Errorf("the connection broke: %w", fault.ErrUnconfirmed)
	y.rows.after.Store(&lost)
	s := y.step(run.Put, "a")
	s.Text, s.IdempotencyKey = new("one"), new("k")
	v := y.do(s).Version // by what the log says
	y.rows.after.Store(nil)
	if got := y.do(y.step(run.Get, "a")); string(got.Content.Bytes) != "one" || got.Version.ID != v.ID {
		t.Errorf("it has %q", got.Content.Bytes)
	}
}

func TestPut_WhenStorageFails_LeavesNothingThere(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.blobs.noWrite.Store(true)
	s := y.step(run.Put, "a")
	s.Text = new("one")
	wantKind(t, y.refused(s), fault.Unavailable, "")
	if blobs := y.bucket(); len(blobs) != 0 {
		t.Errorf("storage holds %v", blobs)
	}
}

func TestGet_WhenStorageFails_IsOnRecordAsFailedToo(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.putText("a", "one")
	y.blobs.noRead.Store(true)
	_, err := y.Execute(t.Context(), y.acme, y.step(run.Get, "a"))
	wantKind(t, err, fault.Unavailable, "")
	if got := y.text(`SELECT string_agg(concat_ws(' ', f.action, f.details->>'version', f.details->>'stepId'), ', '
		ORDER BY f.action) FROM audit_event f
		JOIN audit_event a ON a.id::text = f.details->>'eventId' AND a.action = 'datastore.object_read'
		AND a.outcome = 'ALLOWED' WHERE f.outcome = 'FAILED'`); got !=
		"datastore.object_read 1 step-1, datastore.step_executed 1 step-1" {
		t.Errorf("on record as failed: %s", got)
	}
}

func TestGet_WhenNoURLCanBeSigned_IsNotOnRecord(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.lands(y.request("large"), strings.Repeat("x", object.MaxContentBytes+1))
	_, err := y.objects.Find(t.Context(), y.acme, y.in, "large")
	testkit.Must(t, err)
	y.blobs.noSign.Store(true)
	wantKind(t, y.refused(y.step(run.Get, "large")), fault.Unavailable, "")
}

func TestPut_SentAgainWithItsKey_AnswersTheSameVersion_OrNoneOnceThatIsGone(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	s := y.step(run.Put, "a")
	s.Text, s.IdempotencyKey = new("one"), new("k")
	v := y.do(s).Version
	if again := y.do(s).Version; !cmp.Equal(v, again) {
		t.Errorf("again it is %+v, was %+v", again, v)
	}
	y.putText("a", "two")
	if gone := y.do(s); gone.Version != nil {
		t.Errorf("after it was replaced: %+v", gone)
	}
	if got := y.do(y.step(run.Get, "a")); string(got.Content.Bytes) != "two" {
		t.Errorf("it has %q", got.Content.Bytes)
	}
	s.Text = new("three")
	wantField(t, y.refused(s), fault.IdempotencyMismatch, "idempotencyKey")
}

func TestPut_OfWhatLandedBefore_ComesNext_AndIsNotReplacedByItLater(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.lands(y.request("a"), "landed")
	if v := y.putText("a", "put"); v.Version != 2 {
		t.Errorf("it is version %d", v.Version)
	}
	var late upload.Grant
	y.blobs.beforeWrite = func() { late = y.lands(y.request("a"), "landed unseen") }
	v := y.putText("a", "put again")
	y.blobs.beforeWrite = nil
	if got := y.do(y.step(run.Get, "a")); string(got.Content.Bytes) != "put again" || got.Version.ID != v.ID {
		t.Errorf("it has %q, version %d", got.Content.Bytes, got.Version.Version)
	}
	u, err := y.uploads.Find(t.Context(), y.acme, late.Upload.ID)
	testkit.Must(t, err)
	if u.State != upload.Rejected || *u.Rejection != upload.Superseded {
		t.Errorf("the upload is %s", u.State)
	}
}

func TestPut_OfWhatLandsWhileItIsCommitted_ComesNext(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.blobs.afterWrite = func() {
		y.lands(y.request("a"), "landed meanwhile")
		_, err := y.objects.Find(t.Context(), y.acme, y.in, "a")
		testkit.Must(t, err)
	}
	v := y.putText("a", "put")
	y.blobs.afterWrite = nil
	if got := y.do(y.step(run.Get, "a")); string(got.Content.Bytes) != "put" || got.Version.ID != v.ID ||
		v.Version != 2 {
		t.Errorf("it has %q, version %d", got.Content.Bytes, v.Version)
	}
	y.lands(y.request("a"), "landed after")
	if got := y.do(y.step(run.Get, "a")); string(got.Content.Bytes) != "landed after" {
		t.Errorf("then it has %q", got.Content.Bytes)
	}
}
