package upload_test

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/upload"
)

// Each of these does the same to the services and to the model, and compares what comes of it.

func (w *world) pick(t *rapid.T) place {
	w.now = w.clock.now()
	return place{in: rapid.IntRange(0, datastores-1).Draw(t, "datastore"), key: rapid.SampledFrom(someKeys).Draw(t, "key")}
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
		must(t, err)
	case e == nil || e.Kind != kind || e.Details["field"] != field:
		t.Fatalf("%s: got %v, want %s about %q", what, err, kind, field)
	}
}

func (w *world) begin(t *rapid.T) {
	p := w.pick(t)
	if len(w.open(func(u *modelUpload) bool { return u.workspace() == p.workspace() })) >= upload.MaxOpenOfKey {
		t.Skip("enough are open")
	}
	u := &modelUpload{place: p, most: rapid.Int64Range(1, 9).Draw(t, "most"), asked: rapid.SampledFrom(someTypes).Draw(t, "type"), ifVersion: expected(t), state: upload.Open}
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
	w.settleOverdue(p.workspace())
	if !w.fits(p.workspace(), u.most) {
		wantFault(t, "begin", err, fault.QuotaExceeded, "maxBytes")
		return
	}
	must(t, err)
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
	u := rapid.SampledFrom(without).Draw(t, "upload")
	u.typed, u.size = u.asked, rapid.Int64Range(0, 10).Draw(t, "size")
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
	w.now = w.clock.now()
	u := rapid.SampledFrom(w.model.uploads).Draw(t, "upload")
	if u.state == upload.Open {
		w.settle([]*modelUpload{u})
	}
	got, err := w.rig.uploads.Complete(bg, w.who[u.workspace()], u.grant.Upload.ID)
	if u.state == upload.Open {
		wantFault(t, "completing without bytes", err, fault.Conflict, "uploadId")
		return
	}
	must(t, err)
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
	must(t, err)
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
	must(t, err)
	if o.Current.Version != want.number || o.Current.BlobID != want.blob {
		t.Fatalf("version %d of %d bytes, want %+v", o.Current.Version, o.Current.SizeBytes, want)
	}
}

// enumerate lists, which settles as much as it can within a second, and reads each key, which settles all.
func (w *world) enumerate(t *rapid.T) {
	p, prefix := w.pick(t), rapid.SampledFrom(somePrefixes).Draw(t, "prefix")
	w.settlePrefix(p.in, prefix)
	_, err := w.rig.objects.List(bg, w.who[p.workspace()], w.in[p.in:p.in+1], prefix, page.Request{First: 10})
	must(t, err)
	for _, key := range someKeys {
		if strings.HasPrefix(key, prefix) {
			must(t, w.rig.uploads.SettleKey(bg, w.who[p.workspace()], w.in[p.in:p.in+1], key))
		}
	}
	w.listed(t, p.workspace(), prefix)
}

func (w *world) remove(t *rapid.T) {
	p, ifVersion := w.pick(t), expected(t)
	w.settleKey(p)
	_, err := w.rig.objects.Delete(bg, w.who[p.workspace()], w.in[p.in], p.key, ifVersion)
	switch have := w.current(p); {
	case have.number == 0:
		wantFault(t, "deleting nothing", err, fault.NotFound, "key")
	case ifVersion != nil && *ifVersion != have.number:
		wantFault(t, "deleting another version", err, fault.Conflict, "ifVersion")
	default:
		must(t, err)
		delete(w.model.objects, p)
	}
}

// duplicate copies between keys of one workspace, be it onto itself.
func (w *world) duplicate(t *rapid.T) {
	from, ifVersion := w.pick(t), expected(t)
	to := place{in: from.in&^1 + rapid.IntRange(0, 1).Draw(t, "target datastore"), key: rapid.SampledFrom(someKeys).Draw(t, "target key")}
	q := object.CopyRequest{From: object.Source{DatastoreID: w.in[from.in], Key: from.key}, TargetID: w.in[to.in], TargetKey: to.key, IfTargetVersion: ifVersion}
	if n := rapid.Int32Range(-3, 5).Draw(t, "version"); n > 0 {
		q.From.Version = &n
	}
	v, err := w.rig.objects.Copy(bg, w.who[from.workspace()], q)
	w.settleKey(from)
	if w.current(from).number == 0 {
		wantFault(t, "copying nothing", err, fault.NotFound, "key")
		return
	}
	w.settleKey(to)
	source := w.current(from)
	if q.From.Version != nil {
		var kept bool
		if source, kept = w.version(from, *q.From.Version); !kept {
			wantFault(t, "copying a version that is not kept", err, fault.NotFound, "version")
			return
		}
	}
	w.shared(t, source, to, ifVersion, names{"ifTargetVersion", "targetDatastoreId"}, v, err)
}

func (w *world) restore(t *rapid.T) {
	p, ifVersion := w.pick(t), expected(t)
	number := rapid.Int32Range(1, 5).Draw(t, "version")
	v, err := w.rig.objects.Restore(bg, w.who[p.workspace()], object.RestoreRequest{DatastoreID: w.in[p.in], Key: p.key, Version: number, IfVersion: ifVersion})
	w.settleKey(p)
	source, kept := w.version(p, number)
	switch current := w.current(p).number; {
	case current == 0:
		wantFault(t, "restoring nothing", err, fault.NotFound, "key")
	case current == number:
		wantFault(t, "restoring what is current", err, fault.Conflict, "version")
	case !kept:
		wantFault(t, "restoring what is not kept", err, fault.NotFound, "version")
	default:
		w.shared(t, source, p, ifVersion, names{"ifVersion", "version"}, v, err)
	}
}

type names struct{ ifVersion, what string }

// shared compares what came of writing the bytes of a version to a key.
func (w *world) shared(t *rapid.T, source modelVersion, to place, ifVersion *int32, n names, v object.Version, err error) {
	policy := w.policies[to.in]
	switch {
	case !policy.Fits(source.size), !policy.Takes(source.typed):
		wantFault(t, "what is not taken", err, fault.Invalid, n.what)
	case ifVersion != nil && *ifVersion != w.current(to).number:
		wantFault(t, "another version", err, fault.Conflict, n.ifVersion)
	case !w.fits(to.workspace(), w.grows(to, source.size)):
		wantFault(t, "beyond the quota", err, fault.QuotaExceeded, n.what)
	default:
		must(t, err)
		w.write(to, modelVersion{size: source.size, typed: source.typed, blob: source.blob})
		if got := w.current(to); v.Version != got.number || v.BlobID != got.blob || v.SizeBytes != got.size {
			t.Fatalf("it became version %d of %d bytes, want %+v", v.Version, v.SizeBytes, got)
		}
	}
}

// decide changes a datastore's policy.
func (w *world) decide(t *rapid.T) {
	in := rapid.IntRange(0, datastores-1).Draw(t, "datastore")
	p := datastore.Policy{KeepVersions: rapid.Int32Range(1, 4).Draw(t, "keep")}
	p.ContentTypes = rapid.SampledFrom([][]string{{}, {}, {"text/*"}, {"image/png", "text/csv"}}).Draw(t, "types")
	if limit := rapid.Int64Range(1, 20).Draw(t, "limit"); limit < 10 {
		p.MaxObjectBytes = &limit
	}
	_, err := w.stores.Update(bg, w.who[in/2], w.in[in], datastore.Change{MaxObjectBytes: &p.MaxObjectBytes, ContentTypes: &p.ContentTypes, KeepVersions: &p.KeepVersions})
	must(t, err)
	w.policies[in] = p
}

func (w *world) wait(t *rapid.T) {
	w.clock.pass(time.Duration(rapid.IntRange(1, 80).Draw(t, "minutes")) * time.Minute)
}
