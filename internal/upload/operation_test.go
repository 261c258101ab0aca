package upload_test

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// Each of these does the same to the services and to the model, and compares what comes of it.

func (w *world) pick(t *rapid.T) place {
	w.now = w.clock.now()
	in := rapid.IntRange(0, datastores-1).Draw(t, "datastore")
	if rapid.IntRange(0, 2).Draw(t, "elsewhere") > 0 {
		in = 2*w.busy + in%2
	}
	return place{in: in, key: rapid.SampledFrom(someKeys).Draw(t, "key")}
}

// pickThere is pick, but mostly of keys that have something: what happens to versions happens there.
func (w *world) pickThere(t *rapid.T) place {
	there := slices.SortedFunc(maps.Keys(w.model.objects),
		func(a, b place) int { return cmp.Or(cmp.Compare(a.in, b.in), cmp.Compare(a.key, b.key)) })
	if len(there) == 0 || rapid.IntRange(0, 4).Draw(t, "anywhere") == 0 {
		return w.pick(t)
	}
	w.now = w.clock.now()
	return rapid.SampledFrom(there).Draw(t, "there")
}

// expected is a version that must be current; nil, most of the time, for any.
func expected(t *rapid.T) *int32 {
	if v := rapid.Int32Range(-6, 4).Draw(t, "ifVersion"); v >= 0 {
		return &v
	}
	return nil
}

// wantFault checks that an operation was refused for that reason; an empty kind that it was not.
func wantFault(t *rapid.T, what string, err error, kind fault.Kind, field string) {
	t.Helper()
	e := asFault(err)
	switch {
	case kind == "":
		testkit.Must(t, err)
	case e == nil || e.Kind != kind || e.Details["field"] != field:
		t.Fatalf("%s: got %v, want %s about %q", what, err, kind, field)
	}
}

func (w *world) begin(t *rapid.T) { w.beginAt(t, w.pick(t), expected(t)) }

// whole is an upload from its beginning to its end, in which nothing need go wrong.
func (w *world) whole(t *rapid.T) {
	before := len(w.model.uploads)
	w.beginAt(t, w.pickThere(t), nil)
	if len(w.model.uploads) > before {
		u := w.model.uploads[before]
		w.arriveAs(t, u, u.most)
		w.complete(t, u)
	}
}

func (w *world) beginAt(t *rapid.T, p place, ifVersion *int32) {
	if len(w.open(func(u *modelUpload) bool { return u.workspace() == p.workspace() })) >= upload.MaxOpenOfKey {
		t.Skip("enough are open")
	}
	u := &modelUpload{
		place:     p,
		most:      rapid.Int64Range(1, 9).Draw(t, "most"),
		asked:     rapid.SampledFrom(someTypes).Draw(t, "type"),
		ifVersion: ifVersion,
		state:     upload.Open,
	}
	req := ask(w.in[p.in], p.key)
	req.MaxBytes, req.ContentType, req.IfVersion = &u.most, u.asked, u.ifVersion
	var err error
	u.grant, err = w.rig.uploads.Begin(bg, w.who[p.workspace()], req)
	switch policy := w.policies[p.in]; {
	case !policy.Takes(u.asked):
		wantFault(t, "begin", err, fault.Invalid, "contentType")
		return
	case !policy.Fits(u.most):
		wantFault(t, "begin", err, fault.Invalid, "maxBytes")
		return
	}
	if !w.fits(p.workspace(), u.most) { // then it makes room where it can
		w.settleOverdue(p.workspace())
	}
	if !w.fits(p.workspace(), u.most) {
		wantFault(t, "begin", err, fault.QuotaExceeded, "maxBytes")
		return
	}
	testkit.Must(t, err)
	w.model.uploads = append(w.model.uploads, u)
}

// arrive puts bytes into staging: as signed while the URL lives, or past all rules at any time.
func (w *world) arrive(t *rapid.T) {
	var without []*modelUpload
	for _, u := range w.model.uploads {
		if u.landed.IsZero() && !w.staged[u.grant.Upload.ID] {
			without = append(without, u)
		}
	}
	if len(without) == 0 {
		t.Skip("all have landed")
	}
	w.arriveAs(t, rapid.SampledFrom(without).Draw(t, "upload"), 10)
}

func (w *world) arriveAs(t *rapid.T, u *modelUpload, most int64) {
	u.typed, u.size = u.asked, rapid.Int64Range(0, most).Draw(t, "size")
	body := strings.Repeat("x", int(u.size))
	signed := u.size <= u.most && w.clock.now().Add(time.Second).Before(u.grant.Upload.ExpiresAt)
	if signed && rapid.IntRange(0, 3).Draw(t, "signed") > 0 {
		w.land(t, u.grant, body)
	} else {
		u.typed = rapid.SampledFrom(someTypes).Draw(t, "landed type")
		w.smuggle(t, w.region, u.grant.Upload.ID, u.typed, body)
	}
	w.staged[u.grant.Upload.ID] = true
	if u.state == upload.Open {
		u.landed = w.clock.now()
	}
}

func (w *world) finish(t *rapid.T) {
	if len(w.model.uploads) == 0 {
		t.Skip("there is none")
	}
	w.complete(t, rapid.SampledFrom(w.model.uploads).Draw(t, "upload"))
}

func (w *world) complete(t *rapid.T, u *modelUpload) {
	w.now = w.clock.now()
	if u.state == upload.Open {
		w.settle([]*modelUpload{u})
	}
	got, err := w.rig.uploads.Complete(bg, w.who[u.workspace()], u.grant.Upload.ID)
	if u.state == upload.Open {
		wantFault(t, "completing without bytes", err, fault.Conflict, "uploadId")
		return
	}
	testkit.Must(t, err)
	if why := u.why; got.State != u.state || why != "" && *got.Rejection != why {
		t.Fatalf("it is %s %v, want %s %s", got.State, got.Rejection, u.state, why)
	}
}

func (w *world) cancel(t *rapid.T) {
	if len(w.model.uploads) == 0 {
		t.Skip("there is none")
	}
	u := rapid.SampledFrom(w.model.uploads).Draw(t, "upload")
	_, err := w.rig.uploads.Cancel(bg, w.who[u.workspace()], u.grant.Upload.ID)
	if u.state != upload.Open && u.state != upload.Cancelled {
		wantFault(t, "cancelling what has ended", err, fault.Conflict, "uploadId")
		return
	}
	testkit.Must(t, err)
	u.state = upload.Cancelled
	delete(w.staged, u.grant.Upload.ID)
}

func (w *world) look(t *rapid.T) {
	p := w.pick(t)
	w.settleKey(p)
	o, err := w.rig.objects.Find(bg, w.who[p.workspace()], w.in[p.in], p.key)
	want := w.current(p)
	if want.number == 0 {
		wantFault(t, "reading nothing", err, fault.NotFound, "key")
		return
	}
	testkit.Must(t, err)
	if o.Current.Version != want.number || o.Current.BlobID != want.blob {
		t.Fatalf("version %d of %d bytes, want %+v", o.Current.Version, o.Current.SizeBytes, want)
	}
}

// enumerate lists, which settles as much as it can within a second, and reads each key, which settles all.
func (w *world) enumerate(t *rapid.T) {
	p, prefix := w.pick(t), rapid.SampledFrom(somePrefixes).Draw(t, "prefix")
	w.settlePrefix(p.in, prefix)
	_, err := w.rig.objects.List(bg, w.who[p.workspace()], w.in[p.in:p.in+1], object.Filter{Prefix: prefix}, page.Request{First: 10})
	testkit.Must(t, err)
	for _, key := range someKeys {
		if strings.HasPrefix(key, prefix) {
			testkit.Must(t, w.rig.uploads.SettleKey(bg, w.who[p.workspace()], w.in[p.in:p.in+1], key))
		}
	}
	w.listed(t, p.workspace(), prefix)
}

func (w *world) remove(t *rapid.T) {
	p, ifVersion := w.pickThere(t), expected(t)
	w.settleKey(p)
	_, err := w.rig.objects.Delete(bg, w.who[p.workspace()], w.in[p.in], p.key, object.Precondition{Version: ifVersion})
	switch have := w.current(p); {
	case have.number == 0:
		wantFault(t, "deleting nothing", err, fault.NotFound, "key")
	case ifVersion != nil && *ifVersion != have.number:
		wantFault(t, "deleting another version", err, fault.Conflict, "ifVersion")
	default:
		testkit.Must(t, err)
		w.deleted[p] = have.number
		delete(w.model.objects, p)
	}
}

// decide changes a datastore's policy.
func (w *world) decide(t *rapid.T) {
	in := rapid.IntRange(0, datastores-1).Draw(t, "datastore")
	w.keep(t, in, rapid.Int32Range(1, 4).Draw(t, "keep"))
	p := &w.policies[in]
	p.ContentTypes = rapid.SampledFrom([][]string{{}, {}, {}, {"text/*"}, {"image/png", "text/csv"}}).Draw(t, "types")
	p.MaxObjectBytes = nil
	if limit := rapid.Int64Range(1, 40).Draw(t, "limit"); limit < 10 {
		p.MaxObjectBytes = &limit
	}
	_, err := w.stores.Update(bg, w.who[in/2], w.in[in],
		datastore.UpdateRequest{MaxObjectBytes: &p.MaxObjectBytes, ContentTypes: &p.ContentTypes})
	testkit.Must(t, err)
}

// keep changes how many versions of each key a datastore keeps.
func (w *world) keep(t *rapid.T, in int, versions int32) {
	_, err := w.stores.Update(bg, w.who[in/2], w.in[in], datastore.UpdateRequest{KeepVersions: &versions})
	testkit.Must(t, err)
	w.policies[in].KeepVersions = versions
}

func (w *world) wait(t *rapid.T) {
	w.clock.pass(time.Duration(rapid.IntRange(1, 80).Draw(t, "minutes")) * time.Minute)
}
