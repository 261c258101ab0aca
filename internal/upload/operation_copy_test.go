package upload_test

import (
	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

// duplicate copies between keys of one workspace, be it onto itself.
func (w *world) duplicate(t *rapid.T) {
	from, ifVersion := w.pickThere(t), expected(t)
	to := place{
		in: from.in&^1 + rapid.IntRange(0, 1).Draw(t, "target datastore"),
		key: rapid.SampledFrom(someKeys).
			Draw(t, "target key"),
	}
	q := object.CopyRequest{
		From:            object.Source{DatastoreID: w.in[from.in], Key: from.key},
		TargetID:        w.in[to.in],
		TargetKey:       to.key,
		IfTargetVersion: ifVersion,
	}
	if rapid.Bool().Draw(t, "of a version") {
		q.From.Version = w.recent(t, from)
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

// recent is the number of a version that may be kept.
func (w *world) recent(t *rapid.T, p place) *int32 {
	n := w.current(p).number + rapid.Int32Range(-3, 1).Draw(t, "version")
	return &n
}

func (w *world) restore(t *rapid.T) {
	p, ifVersion := w.pickThere(t), expected(t)
	number := *w.recent(t, p)
	v, err := w.rig.objects.Restore(bg, w.who[p.workspace()], object.RestoreRequest{
		DatastoreID: w.in[p.in],
		Key:         p.key,
		Version:     number,
		IfVersion:   ifVersion,
	})
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
func (w *world) shared(
	t *rapid.T, source modelVersion, to place, ifVersion *int32, n names, v object.Version, err error,
) {
	policy := w.policies[to.in]
	switch {
	case !policy.Fits(source.size), !policy.Takes(source.typed):
		wantFault(t, "what is not taken", err, fault.Invalid, n.what)
	case ifVersion != nil && *ifVersion != w.current(to).number:
		wantFault(t, "another version", err, fault.Conflict, n.ifVersion)
	case !w.fits(to.workspace(), w.grows(to, source.size)):
		wantFault(t, "beyond the quota", err, fault.QuotaExceeded, n.what)
	default:
		testkit.Must(t, err)
		w.write(to, modelVersion{size: source.size, typed: source.typed, blob: source.blob})
		if got := w.current(to); v.Version != got.number || v.BlobID != got.blob || v.SizeBytes != got.size {
			t.Fatalf("it became version %d of %d bytes, want %+v", v.Version, v.SizeBytes, got)
		}
	}
}
