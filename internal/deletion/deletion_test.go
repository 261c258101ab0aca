package deletion_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestBegin_WhatWasThere_GoesAndWhatComesLaterStays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, key := range []string{"a/1", "a/2", "a/2", "a/3", "b"} {
		r.keep(t, r.in, key, "12345")
	}
	r.land(t, r.in, "a/landed", "12345") // before it began, though nobody has looked
	begun := r.begin(t, "a/")
	if begun.Objects != 4 || begun.Bytes != 25 || begun.Deletion.ObjectsTotal != 4 ||
		begun.Deletion.State != datastore.DeletionRunning || *begun.Deletion.Prefix != "a/" {
		t.Errorf("begun: %+v, %+v", begun.Count, begun.Deletion)
	}
	r.keep(t, r.in, "a/2", "123")
	r.keep(t, r.in, "a/4", "123")
	// and is new when it is written again, under the next number
	if _, err := r.objects.Delete(t.Context(), r.acme, r.in, "a/3", object.Precondition{}); err != nil {
		t.Fatal(err)
	}
	r.keep(t, r.in, "a/3", "1")
	r.finish(t)
	if got := r.keys(t, r.in); got != "a/2:3 a/3:2 a/4:1 b:1" {
		t.Errorf("there are %s", got)
	}
	d := r.find(t, begun.Deletion.ID)
	if d.State != datastore.DeletionDone || d.FinishedAt == nil || d.ObjectsTotal != 4 || d.ObjectsDeleted != 2 ||
		d.BytesFreed != 10 || d.LastError != nil {
		t.Errorf("it is %+v", d)
	}
	if got := r.usage(t); got != "4 objects, 22 used, 0 reserved" {
		t.Errorf("usage: %s", got)
	}
	r.wantClean(t, "in the end")
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.object_deleted'
		AND details->>'deletionId' = $1 AND actor_label = 'admin@acme.example' AND request_id = 'request'`,
		d.ID.String()); n != 2 {
		t.Errorf("%d objects are on record", n)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.prefix_deleted' AND risk = 'HIGH'
		AND target_label = 'reports' AND details->>'prefix' = 'a/' AND details->>'objects' = '4'`); n != 1 {
		t.Errorf("the prefix is on record %d times", n)
	}
}

func TestBegin_DryRun_CountsAndChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, key := range []string{"a", "a", "b"} {
		r.keep(t, r.in, key, "12345")
	}
	for prefix, want := range map[string]deletion.Count{
		"":           {Objects: 2, Bytes: 15},
		"a":          {Objects: 1, Bytes: 10},
		"c":          {},
		"\U0010FFFF": {},
	} {
		got, err := r.deletions.Begin(t.Context(), r.acme, deletion.BeginRequest{
			DatastoreID: r.in,
			Prefix:      prefix,
			DryRun:      true,
		})
		if err != nil || got.Deletion != nil || got.Count != want {
			t.Errorf("%q: %+v, %v", prefix, got, err)
		}
	}
	if n := r.Count(t, `SELECT (SELECT count(*) FROM deletion) + (SELECT count(*) FROM audit_event
		WHERE action = 'datastore.prefix_deleted')`); n != 0 {
		t.Errorf("a dry run left %d rows", n)
	}
}

func TestBegin_NothingThere_IsDoneAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, r.in, "a", "1")
	if d := r.begin(t, "b").Deletion; d.State != datastore.DeletionDone || d.FinishedAt == nil || d.ObjectsTotal != 0 {
		t.Errorf("it is %+v", d)
	}
}

func TestBegin_OfWhatCannotBe_SaysWhy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	globex := r.acme
	globex.Workspace = authz.NewWorkspaceID()
	for name, test := range map[string]struct {
		who  authz.Actor
		in   datastore.ID
		long bool
		want fault.Kind
	}{
		"unknown": {r.acme, "01980000-0000-7000-8000-000000000000", false, fault.NotFound},
		"malformed": {r.acme, "x",
			false, fault.NotFound},
		"foreign": {globex, r.in, false, fault.NotFound},
		"long":    {r.acme, r.in, true, fault.Invalid},
	} {
		for _, dry := range []bool{true, false} {
			q := deletion.BeginRequest{DatastoreID: test.in, DryRun: dry}
			if test.long {
				q.Prefix = strings.Repeat("a", 901)
			}
			if _, err := r.deletions.Begin(t.Context(), test.who, q); !fault.Is(err, test.want) {
				t.Errorf("%s, dry run %v: %v", name, dry, err)
			}
		}
	}
}

// TestBegin_AmongWriters_EachVersionIsEitherBeforeOrAfter has writers at the keys while it begins: whoever was
// answered before is gone, whoever asked after it was answered stays, and of the others each is one or the other.
func TestBegin_AmongWriters_EachVersionIsEitherBeforeOrAfter(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 5 {
		r.keep(t, r.in, fmt.Sprintf("old/%d", i), "1")
	}
	var writers sync.WaitGroup
	for i := range 4 {
		writers.Go(func() {
			for n := range 5 {
				r.keep(t, r.in, fmt.Sprintf("during/%d/%d", i, n), "1")
			}
		})
	}
	time.Sleep(20 * time.Millisecond)
	begun := r.begin(t, "")
	r.keep(t, r.in, "new", "1")
	writers.Wait()
	r.finish(t)
	d := r.find(t, begun.Deletion.ID)
	if d.ObjectsDeleted != d.ObjectsTotal || d.ObjectsTotal < 5 {
		t.Errorf("%d of %d are deleted", d.ObjectsDeleted, d.ObjectsTotal)
	}
	if left := r.Count(t, `SELECT count(*) FROM object`); int64(left) != 26-d.ObjectsTotal {
		t.Errorf("%d are left of 26 less %d", left, d.ObjectsTotal)
	}
	if r.Count(t, `SELECT count(*) FROM object WHERE key LIKE 'old/%'`) != 0 ||
		r.Count(t, `SELECT count(*) FROM object WHERE key = 'new'`) != 1 {
		t.Errorf("there are %s", r.keys(t, r.in))
	}
	r.wantClean(t, "in the end")
}

func TestDelete_Forced_IsGoneAtOnceAndUsageGoesWithTheBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var kept object.Object
	for i := range 5 {
		kept = r.keep(t, r.in, fmt.Sprint(i), "12345")
	}
	r.land(t, r.in, "landed", "123")
	open, err := r.uploads.Begin(t.Context(), r.acme, upload.BeginRequest{
		DatastoreID: r.in,
		Key:         "open",
		ContentType: "a/b",
		TTL:         time.Hour,
	})
	testkit.Must(t, err)
	if _, err := r.datastores.Delete(t.Context(), r.acme, r.in, false); !fault.Is(err, fault.InUse) {
		t.Fatalf("unforced: %v", err)
	}
	begun, err := r.datastores.Delete(t.Context(), r.acme, r.in, true)
	testkit.Must(t, err)
	if begun == nil || begun.State != datastore.DeletionRunning || begun.Prefix != nil || begun.ObjectsTotal != 6 ||
		begun.DatastoreID != r.in {
		t.Fatalf("begun: %+v", begun)
	}
	r.wantOutOfReach(t, kept)
	if u, err := r.uploads.Find(t.Context(), r.acme, open.Upload.ID); err != nil || u.State != upload.Cancelled {
		t.Errorf("an open upload is %s, %v", u.State, err)
	}
	if got := r.usage(t); got != "6 objects, 28 used, 0 reserved" {
		t.Errorf("usage before: %s", got)
	}
	again := r.datastore(t, "reports") // its name is free
	r.keep(t, again, "1", "1")
	r.finish(t)
	if got := r.usage(t); got != "1 objects, 1 used, 0 reserved" {
		t.Errorf("usage after: %s", got)
	}
	if d := r.find(t, begun.ID); d.State != datastore.DeletionDone || d.ObjectsDeleted != 6 || d.BytesFreed != 28 {
		t.Errorf("it is %+v", d)
	}
	r.wantClean(t, "in the end")
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.deleted'
		AND details->>'forced' = 'true' AND details->>'objects' = '6' AND details->>'uploadsCancelled' = '1'`); n != 1 {
		t.Errorf("the datastore is on record %d times", n)
	}
}

// wantOutOfReach asks for an object of a deleted datastore in every way there is.
func (r *rig) wantOutOfReach(t *testing.T, o object.Object) {
	t.Helper()
	if _, err := r.objects.Find(t.Context(), r.acme, r.in, o.Key); !fault.Is(err, fault.NotFound) {
		t.Errorf("by its key: %v", err)
	}
	if found, err := r.objects.FindAll(t.Context(), r.acme, []object.ID{o.ID}); err != nil || len(found) != 0 {
		t.Errorf("by its id: %v, %v", found, err)
	}
	if found, err := r.objects.FindVersions(t.Context(), r.acme, []object.VersionID{o.Current.ID}); err != nil ||
		len(found) != 0 {
		t.Errorf("its version: %v, %v", found, err)
	}
	if _, err := r.objects.Delete(t.Context(), r.acme, r.in, o.Key, object.Precondition{}); !fault.Is(err,
		fault.NotFound) {
		t.Errorf("deleting it: %v", err)
	}
	if _, err := r.datastores.Delete(t.Context(), r.acme, r.in, true); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleting the datastore again: %v", err)
	}
	if _, err := r.deletions.Begin(t.Context(), r.acme, deletion.BeginRequest{DatastoreID: r.in}); !fault.Is(err,
		fault.NotFound) {
		t.Errorf("deleting all in it: %v", err)
	}
}

func TestDelete_ForcedOfAnEmptyOne_BeginsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if begun, err := r.datastores.Delete(t.Context(), r.acme, r.in, true); begun != nil || err != nil {
		t.Errorf("begun %+v, %v", begun, err)
	}
}
