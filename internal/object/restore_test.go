package object_test

import (
	"slices"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestRestore_MakesAnEarlierVersionCurrentAsANewOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 3)
	r.keep(t, "a", "text/plain", "one")
	r.keep(t, "a", "text/html", "three")
	ask := r.restoring("a", 1)
	ask.IfVersion = new(int32(1))
	_, err := r.objects.Restore(bg, r.acme, ask)
	if e := testkit.Refused(t, err, fault.Conflict, "ifVersion"); e.Details["currentVersion"] != int32(2) {
		t.Errorf("it says %v", e.Details)
	}
	ask.IfVersion = new(int32(2))
	v, err := r.objects.Restore(bg, r.acme, ask)
	testkit.Must(t, err)
	if v.Version != 3 || v.ContentType != "text/plain" {
		t.Errorf("it is %+v", v)
	}
	r.wantHistory(t, "a", "3:one", "2:three", "1:one")
	r.wantUsage(t, 1, 11)
	r.wantBlobs(t, 2)
	if n := r.events(t, `action = 'datastore.object_restored' AND target_label = 'a'
		AND details @> '{"from": 1, "version": 3}'`); n != 1 {
		t.Errorf("%d events", n)
	}
	_, err = r.objects.Restore(bg, r.acme, r.restoring("a", 3))
	testkit.Refused(t, err, fault.Conflict, "version")
	for _, none := range []int32{0, -1, 4} {
		_, err = r.objects.Restore(bg, r.acme, r.restoring("a", none))
		testkit.Refused(t, err, fault.NotFound, "version")
	}
	for _, q := range []object.RestoreRequest{r.restoring("x", 1), {DatastoreID: "x", Key: "a", Version: 1}} {
		_, err = r.objects.Restore(bg, r.acme, q)
		testkit.Refused(t, err, fault.NotFound, "key")
	}
	_, err = r.objects.Restore(bg, r.globex, r.restoring("a", 1))
	testkit.Refused(t, err, fault.NotFound, "key")
}

func TestRestore_OfTheVersionThatIsDroppedForIt_KeepsItsBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 2)
	r.keep(t, "a", "text/plain", "one")
	r.keep(t, "a", "text/plain", "three")
	_, err := r.objects.Restore(bg, r.acme, r.restoring("a", 1))
	testkit.Must(t, err)
	r.wantHistory(t, "a", "3:one", "2:three")
	r.wantUsage(t, 1, 8)
	r.wantBlobs(t, 2)
}

func TestRestore_OfWhatTheDatastoreNoLongerTakes_IsInvalid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 3)
	r.keep(t, "a", "text/plain", "long")
	r.keep(t, "a", "text/csv", "1")
	types, limit := []string{"text/csv"}, new(int64(3))
	_, err := r.datastores.Update(bg, r.acme, r.in, datastore.UpdateRequest{ContentTypes: &types})
	testkit.Must(t, err)
	_, err = r.objects.Restore(bg, r.acme, r.restoring("a", 1))
	testkit.Refused(t, err, fault.Invalid, "version")
	types = nil
	_, err = r.datastores.Update(bg, r.acme, r.in,
		datastore.UpdateRequest{ContentTypes: &types, MaxObjectBytes: &limit})
	testkit.Must(t, err)
	_, err = r.objects.Restore(bg, r.acme, r.restoring("a", 1))
	testkit.Refused(t, err, fault.Invalid, "version")
	r.wantHistory(t, "a", "2:1", "1:long")
}

func TestKeepVersions_Lowered_DropsTheSurplusAtTheNextWrite(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 100)
	for _, content := range []string{"1", "22", "333", "4444"} {
		r.keep(t, "a", "text/plain", content)
	}
	r.keeps(t, 2)
	r.wantHistory(t, "a", "4:4444", "3:333", "2:22", "1:1")
	r.wantUsage(t, 1, 10)
	r.keep(t, "a", "text/plain", "5")
	r.wantHistory(t, "a", "5:5", "4:4444")
	r.wantUsage(t, 1, 5)
	r.wantBlobs(t, 2)
	_, err := r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{Version: new(int32(5))})
	testkit.Must(t, err)
	r.wantUsage(t, 0, 0)
	r.wantBlobs(t, 0)
}

func TestCopyAndRestore_SentAgain_MakeOneVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 5)
	r.keep(t, "a", "text/plain", "one")
	copying := r.copying("a", "a", nil)
	copying.IdempotencyKey = new("k")
	first, err := r.objects.Copy(bg, r.acme, copying)
	testkit.Must(t, err)
	restoring := r.restoring("a", 1)
	restoring.IdempotencyKey = new("k")
	second, err := r.objects.Restore(bg, r.acme, restoring)
	testkit.Must(t, err)
	for range 2 {
		v, err := r.objects.Copy(bg, r.acme, copying)
		testkit.Must(t, err)
		w, err := r.objects.Restore(bg, r.acme, restoring)
		testkit.Must(t, err)
		if v.ID != first.ID || v.Version != 2 || w.ID != second.ID || w.Version != 3 {
			t.Errorf("again they are versions %d and %d", v.Version, w.Version)
		}
	}
	r.wantHistory(t, "a", "3:one", "2:one", "1:one")
	r.keeps(t, 1)
	r.keep(t, "a", "text/plain", "two")
	_, err = r.objects.Copy(bg, r.acme, copying)
	testkit.Refused(t, err, fault.NotFound, "")
	copying.TargetKey = "b"
	_, err = r.objects.Copy(bg, r.acme, copying)
	testkit.Refused(t, err, fault.IdempotencyMismatch, "idempotencyKey")
}

func TestVersions_OfManyInPages_AreNewestFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 100)
	var ids []object.ID
	for _, key := range []string{"a", "b"} {
		for range 5 {
			r.keep(t, key, "text/plain", key)
		}
		o, err := r.objects.Find(bg, r.acme, r.in, key)
		testkit.Must(t, err)
		ids = append(ids, o.ID)
	}
	ids = append(ids, "x", "01890a5d-ac96-774b-bcce-b302099a8057")
	var got [4][]int32
	pages, err := r.objects.Versions(bg, r.acme, ids, page.Request{First: 2})
	testkit.Must(t, err)
	mark := pages[0].Keys[0][0]
	for i, p := range pages {
		for read := 2; ; read += 2 {
			for _, v := range p.Items {
				got[i] = append(got[i], v.Version)
			}
			if p.HasNext != (i < 2 && read < 5) {
				t.Errorf("after %v of %d there are more: %t", got[i], i, p.HasNext)
			}
			if !p.HasNext {
				break
			}
			next, err := r.objects.Versions(bg, r.acme, ids[i:i+1], page.Request{First: 2, After: p.Keys[1]})
			testkit.Must(t, err)
			p = next[0]
		}
	}
	want := []int32{5, 4, 3, 2, 1}
	if !slices.Equal(got[0], want) || !slices.Equal(got[1], want) || got[2] != nil || got[3] != nil {
		t.Errorf("got %v", got)
	}
	for _, hostile := range []string{"", "x", "99999999999999999999", "-1", "2.5"} {
		_, err := r.objects.Versions(bg, r.acme, ids[:1], page.Request{First: 2, After: page.Key{mark, hostile}})
		testkit.Must(t, err)
	}
	if pages, err := r.objects.Versions(bg, r.globex, ids[:1], page.Request{First: 2}); err != nil ||
		len(pages[0].Items) != 0 {
		t.Errorf("globex sees %v, %v", pages, err)
	}
}

func TestDownload_OfAnEarlierVersion_ServesItsBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 2)
	r.keep(t, "a", "text/plain", "one")
	r.keep(t, "a", "text/html", "two")
	d := r.download(t, object.DownloadRequest{Key: "a", Version: new(int32(1))})
	if res, body := r.get(t, d.URL); body != "one" || d.Version.Version != 1 ||
		res.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("version %d is %q", d.Version.Version, body)
	}
	if n := r.events(t, `action = 'datastore.object_read' AND details->>'version' = '1'`); n != 1 {
		t.Errorf("%d events", n)
	}
}
