package upload_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

// world is three workspaces with a bucket of their own, and the model of them.
type world struct {
	*rig
	*model
	region string
	who    [workspaces]authz.Actor
	in     [datastores]datastore.ID
	// stores are the service of datastores, whose policies change.
	stores *datastore.Service
	// busy is the workspace in which most happens.
	busy int
}

var (
	someKeys     = []string{"a", "a", "a", "a/b", "a%", "é"} // mostly one, so that something comes of it
	somePrefixes = []string{"", "a", "a/", "a%", "z"}
	someTypes    = []string{"text/csv", "image/png"}
)

// TestAnyOperations_AgreeWithAPlainModel does anything in any order, and compares everything after each step: usage,
// listings, versions, storage.
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
		w.found(rt)
		rt.Repeat(map[string]func(*rapid.T){
			"begin":    w.begin,
			"whole":    w.whole,
			"land":     w.arrive,
			"complete": w.finish,
			"cancel":   w.cancel,
			"read":     w.look,
			"list":     w.enumerate,
			"delete":   w.remove,
			"copy":     w.duplicate,
			"restore":  w.restore,
			"policy":   w.decide,
			"wait":     w.wait,
			"":         w.agree,
			// What makes versions is done more often than what only looks at them.
			"another whole":   w.whole,
			"one more whole":  w.whole,
			"another copy":    w.duplicate,
			"one more copy":   w.duplicate,
			"another restore": w.restore,
		})
	})
}

// found makes the workspaces, two of which have a quota, and their datastores.
func (w *world) found(t *rapid.T) {
	testkit.Must(t, w.EnsureBucket(bg, w.region))
	w.busy = rapid.IntRange(0, workspaces-1).Draw(t, "busy")
	w.stores = datastore.NewService(w.DB.Datastores(), w.rig.uploads, nil, w.clock.now)
	for i := range w.who {
		w.who[i] = w.WorkspaceIn(t, "w"+strconv.Itoa(i), w.region)
	}
	for i := range w.in {
		d, err := w.stores.Create(bg, w.who[i/2], datastore.CreateRequest{Name: strconv.Itoa(i)})
		testkit.Must(t, err)
		w.in[i] = d.ID
		w.keep(t, i, rapid.Int32Range(1, 4).Draw(t, "keep"))
	}
	w.limits = [workspaces]int64{0, 25, 12}
	for i, limit := range w.limits {
		w.sql(t, `UPDATE workspace_usage SET limit_bytes = nullif($2, 0) WHERE workspace_id = $1`,
			w.who[i].Workspace.String(), limit)
	}
}

// agree compares everything, without settling anything.
func (w *world) agree(t *rapid.T) {
	for i := range w.who {
		objects, used, reserved := w.counted(i)
		want := fmt.Sprintf("%d objects, %d used, %d reserved", objects, used, reserved)
		if got := w.usage(t, w.who[i]); got != want {
			t.Fatalf("workspace %d has %s, want %s", i, got, want)
		}
		all, err := w.stores.FindAll(bg, w.who[i], w.in[2*i:2*i+2])
		testkit.Must(t, err)
		for _, d := range all {
			in := slices.Index(w.in[:], d.ID)
			if objects, used := w.holds(func(p place) bool { return p.in == in }); d.ObjectCount != objects ||
				d.UsedBytes != used {
				t.Fatalf("datastore %d has %d objects, %d bytes; want %d, %d", in, d.ObjectCount, d.UsedBytes,
					objects, used)
			}
		}
		w.listed(t, i, "")
	}
	if got, want := slices.Sorted(maps.Keys(w.rig.bucket(t, w.region))), w.model.bucket(); !slices.Equal(got, want) {
		t.Fatalf("the bucket has %v, want %v", got, want)
	}
}

// listed compares what the datastores of a workspace have below a prefix, with all versions.
func (w *world) listed(t *rapid.T, workspace int, prefix string) {
	mine := w.in[2*workspace : 2*workspace+2]
	found, err := w.DB.Objects().List(bg, w.who[workspace].Workspace, mine, object.Filter{Prefix: prefix}, page.Request{First: page.MaxFirst})
	testkit.Must(t, err)
	for i, p := range found {
		ids := make([]object.ID, len(p.Items))
		for n, o := range p.Items {
			ids[n] = o.ID
		}
		versions, err := w.DB.Objects().ListVersions(bg, w.who[workspace].Workspace, ids,
			page.Request{First: page.MaxFirst})
		testkit.Must(t, err)
		lines := []string{}
		for n, o := range p.Items {
			line := o.Key
			for _, v := range versions[n].Items {
				line += lineOf(v.Version, v.SizeBytes, v.ContentType, v.BlobID)
			}
			if o.Current.ID != versions[n].Items[0].ID {
				t.Fatalf("version %d of %q is current, which is not the newest", o.Current.Version, o.Key)
			}
			lines = append(lines, line)
		}
		if want := w.listing(2*workspace+i, prefix); !slices.Equal(lines, want) {
			t.Fatalf("datastore %d lists %q below %q, want %q", 2*workspace+i, lines, prefix, want)
		}
	}
}
