package object_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (r *rig) renaming(from, to string) object.RenameRequest {
	return object.RenameRequest{DatastoreID: r.in, Key: from, NewKey: to}
}

func (r *rig) rename(t *testing.T, from, to string) object.Object {
	t.Helper()
	o, err := r.objects.Rename(bg, r.acme, r.renaming(from, to))
	testkit.Must(t, err)
	return o
}

func TestRename_MovesTheKey_AndTheHistoryStays(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 3)
	r.keep(t, "a", "text/plain", "one")
	before := r.keep(t, "a", "text/plain", "three")
	o := r.rename(t, "a", "b/c")
	found, err := r.objects.Find(bg, r.acme, r.in, "b/c")
	testkit.Must(t, err)
	if o.ID != before.ID || o.Key != "b/c" || o.Current.ID != before.Current.ID || o.Current.Version != 2 ||
		found.ID != o.ID || found.Key != o.Key || found.Current.Version != 2 {
		t.Errorf("it was %+v and is %+v, found as %+v", before, o, found)
	}
	r.wantHistory(t, "b/c", "2:three", "1:one")
	if folders := r.folders(t, object.Below{Delimiter: "/"}, 10); len(folders) != 1 || folders[0] != "b/" {
		t.Errorf("the folders are %q", folders)
	}
	r.wantUsage(t, 1, 8)
	r.wantBlobs(t, 2)
	if n := r.events(t, `action = 'datastore.object_renamed' AND target_label = 'b/c' AND target_id = $1
		AND details @> '{"from": "a", "version": 2, "versionBefore": 2}'`, o.ID.String()); n != 1 {
		t.Errorf("%d events", n)
	}
	_, err = r.objects.Find(bg, r.acme, r.in, "a")
	testkit.Refused(t, err, fault.NotFound, "key")
	if again := r.keep(t, "a", "text/plain", "new"); again.ID == o.ID || again.Current.Version != 3 {
		t.Errorf("the key that it had has %+v", again)
	}
}

func TestRename_ToAKeyThatHadTheNumbers_GoesAboveThem(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 3)
	for range 2 {
		r.keep(t, "b", "text/plain", "old")
	}
	_, err := r.objects.Delete(bg, r.acme, r.in, "b", object.Precondition{})
	testkit.Must(t, err)
	r.keep(t, "a", "text/plain", "one")
	r.keep(t, "a", "text/plain", "three")
	if o := r.rename(t, "a", "b"); o.Current.Version != 4 {
		t.Errorf("it is version %d", o.Current.Version)
	}
	r.wantHistory(t, "b", "4:three", "3:one")
	r.keep(t, "b", "text/plain", "more")
	r.keep(t, "b", "text/plain", "still more")
	r.wantHistory(t, "b", "6:still more", "5:more", "4:three")
}

// TestRename_ToAndFro_CountsUpSlowly holds that numbers do not double each time.
func TestRename_ToAndFro_CountsUpSlowly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	for range 20 {
		r.rename(t, "a", "b")
		r.rename(t, "b", "a")
	}
	r.wantHistory(t, "a", "21:one")
}

func TestRename_ThatCannotBe_SaysWhy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	r.keep(t, "b", "text/plain", "two")
	for name, row := range map[string]struct {
		ask   object.RenameRequest
		kind  fault.Kind
		field string
	}{
		"onto another object": {r.renaming("a", "b"), fault.Conflict, "newKey"},
		"onto itself":         {r.renaming("a", "a"), fault.Invalid, "newKey"},
		"to no key":           {r.renaming("a", ""), fault.Invalid, "newKey"},
		"of nothing":          {r.renaming("x", "y"), fault.NotFound, "key"},
		"in no datastore": {object.RenameRequest{DatastoreID: datastore.ID("x"), Key: "a", NewKey: "c"},
			fault.NotFound, "key"},
		"of another version": {object.RenameRequest{DatastoreID: r.in, Key: "a", NewKey: "c", IfVersion: new(int32(2))},
			fault.Conflict, "ifVersion"},
		"of another version by its id": {object.RenameRequest{DatastoreID: r.in, Key: "a", NewKey: "c",
			IfVersionID: new(object.VersionID("x"))}, fault.Conflict, "ifVersionId"},
	} {
		_, err := r.objects.Rename(bg, r.acme, row.ask)
		t.Log(name)
		testkit.Refused(t, err, row.kind, row.field)
	}
	_, err := r.objects.Rename(bg, r.globex, r.renaming("a", "c"))
	testkit.Refused(t, err, fault.NotFound, "key")
	r.wantHistory(t, "a", "1:one")
	r.wantHistory(t, "b", "1:two")
	if n := r.events(t, `action = 'datastore.object_renamed'`); n != 0 {
		t.Errorf("%d events", n)
	}
}

func TestRename_SentAgain_IsDoneOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	ask := r.renaming("a", "b")
	ask.IdempotencyKey = new("once")
	first, err := r.objects.Rename(bg, r.acme, ask)
	testkit.Must(t, err)
	r.rename(t, "b", "c")
	again, err := r.objects.Rename(bg, r.acme, ask)
	testkit.Must(t, err)
	if again.ID != first.ID || again.Key != "c" {
		t.Errorf("it is %+v", again)
	}
	_, err = r.objects.Delete(bg, r.acme, r.in, "c", object.Precondition{})
	testkit.Must(t, err)
	_, err = r.objects.Rename(bg, r.acme, ask)
	testkit.Refused(t, err, fault.NotFound, "")
}

// TestCopy_SentAgainOnceItsNumberHasGoneUp_ReturnsTheSameVersion holds that what a call has made is found by its id: its
// number names another version by then.
func TestCopy_SentAgainOnceItsNumberHasGoneUp_ReturnsTheSameVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 5)
	r.keep(t, "b", "text/plain", "old")
	_, err := r.objects.Delete(bg, r.acme, r.in, "b", object.Precondition{})
	testkit.Must(t, err)
	r.keep(t, "a", "text/plain", "one")
	ask := r.copying("a", "a", nil)
	ask.IdempotencyKey = new("once")
	first, err := r.objects.Copy(bg, r.acme, ask)
	testkit.Must(t, err)
	r.copy(t, "a", "a", nil)
	r.rename(t, "a", "b")
	r.rename(t, "b", "a")
	again, err := r.objects.Copy(bg, r.acme, ask)
	testkit.Must(t, err)
	if again.ID != first.ID || again.Version == first.Version {
		t.Errorf("it was %+v and is %+v", first, again)
	}
}

// TestRename_BesideAllOtherWrites_LosesNothing has all that writes a key at work on three keys at once. A number of a
// key names one version throughout, and nothing waits for itself.
func TestRename_BesideAllOtherWrites_LosesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 3)
	keys := []string{"a", "b", "c"}
	for _, key := range keys {
		r.keep(t, key, "text/plain", key)
	}
	var mu sync.Mutex
	names, renames := map[string]object.VersionID{}, 0
	see := func(key string, v object.Version) {
		mu.Lock()
		defer mu.Unlock()
		name := fmt.Sprintf("%s:%d", key, v.Version)
		if was, seen := names[name]; seen && was != v.ID {
			t.Errorf("%s named %s, and names %s", name, was, v.ID)
		}
		names[name] = v.ID
	}
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			for range 60 {
				from, to := keys[rand.IntN(3)], keys[rand.IntN(3)]
				var err error
				switch n := rand.IntN(10); {
				case n < 4 && from != to:
					var o object.Object
					if o, err = r.objects.Rename(bg, r.acme, r.renaming(from, to)); err == nil {
						see(to, o.Current)
						mu.Lock()
						renames++
						mu.Unlock()
					}
				case n < 7:
					var v object.Version
					if v, err = r.objects.Copy(bg, r.acme, r.copying(from, to, nil)); err == nil {
						see(to, v)
					}
				case n < 9:
					_, err = r.objects.Delete(bg, r.acme, r.in, from, object.Precondition{})
				default:
					_, err = r.put(r.acme, from)
				}
				var f *fault.Error
				if err != nil && (!errors.As(err, &f) || f.Kind != fault.NotFound && f.Kind != fault.Conflict) {
					t.Errorf("from %s to %s: %v", from, to, err)
				}
			}
		})
	}
	all.Wait()
	if renames < 5 {
		t.Errorf("only %d renames: it shows little", renames)
	}
	r.usage(t)
	var wrong int
	testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT count(*) FROM object o WHERE NOT EXISTS (SELECT FROM object_version v
		WHERE v.object_id = o.id AND v.version = o.current_version)`).Scan(&wrong))
	if wrong > 0 {
		t.Errorf("%d objects have no current version", wrong)
	}
}

// put writes a key as a step does.
func (r *rig) put(who authz.Actor, key string) (object.Version, error) {
	return r.objects.Put(bg, who, object.PutRequest{
		DatastoreID: r.in,
		Key:         key,
		Content:     []byte("put"),
		ContentType: "text/plain",
	}, nil)
}
