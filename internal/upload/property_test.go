package upload_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/upload"
)

// world is two workspaces with a bucket of their own, and the model of them.
type world struct {
	*rig
	*model
	region string
	who    [2]authz.Actor
	in     [2]datastore.ID
}

var (
	someKeys     = []string{"a", "a/b", "a%", "é"}
	somePrefixes = []string{"", "a", "a/", "a%", "z"}
)

func TestAnyOperations_AgreeWithAPlainModel(t *testing.T) {
	t.Parallel()
	var regions []string
	for i := range 2000 {
		regions = append(regions, "r"+strconv.Itoa(i))
	}
	r := newRig(t, regions...)
	round, start := 0, r.clock.nanos.Load()
	rapid.Check(t, func(rt *rapid.T) {
		w := &world{rig: r, model: newModel(), region: regions[round]}
		round++
		r.clock.nanos.Store(start)
		must(rt, r.store.EnsureBucket(bg, w.region))
		for i := range w.who {
			w.who[i] = r.workspace(rt, "w"+strconv.Itoa(i), w.region)
			w.in[i] = r.datastore(rt, w.who[i])
		}
		rt.Repeat(map[string]func(*rapid.T){
			"begin": w.begin, "land": w.arrive, "complete": w.finish, "read": w.look, "list": w.enumerate, "delete": w.remove, "wait": w.wait, "": w.agree,
		})
	})
}

func (w *world) pick(t *rapid.T) (workspace int, key string) {
	w.now = w.clock.now()
	return rapid.IntRange(0, 1).Draw(t, "workspace"), rapid.SampledFrom(someKeys).Draw(t, "key")
}

func (w *world) begin(t *rapid.T) {
	i, key := w.pick(t)
	if len(w.open(func(u *modelUpload) bool { return u.workspace == i })) >= upload.MaxOpenOfKey {
		t.Skip("enough are open")
	}
	u := &modelUpload{workspace: i, key: key, most: rapid.Int64Range(1, 9).Draw(t, "most"), state: upload.Open}
	if v := rapid.Int32Range(-3, 2).Draw(t, "ifVersion"); v >= 0 {
		u.ifVersion = &v
	}
	req := ask(w.in[i], key)
	req.MaxBytes, req.IfVersion = &u.most, u.ifVersion
	w.settleOverdue(i)
	var err error
	u.grant, err = w.rig.uploads.Begin(bg, w.who[i], req)
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
	u.typed, u.size = "text/csv", rapid.Int64Range(0, 10).Draw(t, "size")
	body := strings.Repeat("x", int(u.size))
	signed := u.size <= u.most && w.clock.now().Add(time.Second).Before(u.grant.Upload.ExpiresAt)
	if signed && rapid.Bool().Draw(t, "signed") {
		w.land(t, u.grant, body)
	} else {
		u.typed = rapid.SampledFrom([]string{"text/csv", "text/html"}).Draw(t, "type")
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
	got, err := w.rig.uploads.Complete(bg, w.who[u.workspace], u.grant.Upload.ID)
	if u.state == upload.Open {
		if !fault.Is(err, fault.Conflict) {
			t.Fatalf("completing without bytes: %v", err)
		}
		return
	}
	must(t, err)
	if why := u.why; got.State != u.state || why != "" && *got.Rejection != why {
		t.Fatalf("it is %s %v, want %s %s", got.State, got.Rejection, u.state, why)
	}
}

func (w *world) look(t *rapid.T) {
	i, key := w.pick(t)
	w.settleKey(i, key)
	o, err := w.rig.objects.Find(bg, w.who[i], w.in[i], key)
	want, exists := w.model.objects[i][key]
	if !exists {
		if !fault.Is(err, fault.NotFound) {
			t.Fatalf("got %v for nothing", err)
		}
		return
	}
	must(t, err)
	if o.Current.Version != want.version || o.Current.SizeBytes != want.size {
		t.Fatalf("version %d of %d bytes, want %+v", o.Current.Version, o.Current.SizeBytes, want)
	}
}

// enumerate lists, which settles as much as it can within a second, and reads each key, which settles all.
func (w *world) enumerate(t *rapid.T) {
	i, _ := w.pick(t)
	prefix := rapid.SampledFrom(somePrefixes).Draw(t, "prefix")
	w.settlePrefix(i, prefix)
	_, err := w.rig.objects.List(bg, w.who[i], w.in[i:i+1], prefix, page.Request{First: 10})
	must(t, err)
	for _, key := range someKeys {
		if strings.HasPrefix(key, prefix) {
			must(t, w.rig.uploads.SettleKey(bg, w.who[i], w.in[i:i+1], key))
		}
	}
	w.listed(t, i, prefix)
}

func (w *world) remove(t *rapid.T) {
	i, key := w.pick(t)
	w.settleKey(i, key)
	have, exists := w.model.objects[i][key]
	var ifVersion *int32
	if v := rapid.Int32Range(-2, 2).Draw(t, "ifVersion"); v >= 0 {
		ifVersion = &v
	}
	_, err := w.rig.objects.Delete(bg, w.who[i], w.in[i], key, ifVersion)
	switch {
	case !exists && !fault.Is(err, fault.NotFound):
		t.Fatalf("deleting nothing: %v", err)
	case exists && ifVersion != nil && *ifVersion != have.version:
		if e := asFault(err); e == nil || e.Kind != fault.Conflict || e.Details["currentVersion"] != have.version {
			t.Fatalf("deleting another version: %v", err)
		}
	case exists:
		must(t, err)
		delete(w.model.objects[i], key)
	}
}

func (w *world) wait(t *rapid.T) {
	w.clock.pass(time.Duration(rapid.IntRange(1, 80).Draw(t, "minutes")) * time.Minute)
}

// agree compares everything, without settling anything.
func (w *world) agree(t *rapid.T) {
	for i := range w.who {
		if got, want := w.rig.usage(t, w.who[i]), w.model.usage(i); got != want {
			t.Fatalf("workspace %d has %s, want %s", i, got, want)
		}
		w.listed(t, i, "")
	}
	if got, want := slices.Sorted(maps.Keys(w.rig.bucket(t, w.region))), w.model.bucket(); !slices.Equal(got, want) {
		t.Fatalf("the bucket has %v, want %v", got, want)
	}
}

func (w *world) listed(t *rapid.T, i int, prefix string) {
	pages, err := w.db.ListObjects(bg, w.who[i].Workspace, w.in[i:i+1], prefix, page.Request{First: page.MaxFirst})
	must(t, err)
	lines := []string{}
	for _, o := range pages[0].Items {
		lines = append(lines, line(o.Key, o.Current.Version, o.Current.SizeBytes))
	}
	if want := w.listing(i, prefix); !slices.Equal(lines, want) {
		t.Fatalf("workspace %d lists %q below %q, want %q", i, lines, prefix, want)
	}
}
