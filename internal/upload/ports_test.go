package upload_test

import (
	"context"
	"errors"
	"testing"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

var (
	bg   = context.Background()
	down = fault.New(fault.Unavailable, "It is down.")
)

// faultyBlobs is a storage that can be broken where the emulator cannot.
type faultyBlobs struct {
	upload.Blobs
	stat    func(object.Place) error
	promote func() error
}

func (f faultyBlobs) Stat(ctx context.Context, p object.Place) (upload.Blob, bool, error) {
	if f.stat != nil {
		if err := f.stat(p); err != nil {
			return upload.Blob{}, false, err
		}
	}
	return f.Blobs.Stat(ctx, p)
}

func (f faultyBlobs) Promote(
	ctx context.Context, from object.Place, generation int64, to object.Place,
) (upload.Blob, error) {
	if f.promote != nil {
		if err := f.promote(); err != nil {
			return upload.Blob{}, err
		}
	}
	return f.Blobs.Promote(ctx, from, generation, to)
}

// faultyStore is a database that can fail around a commit.
type faultyStore struct {
	upload.Store
	before, after func() error
}

func (f faultyStore) Commit(
	ctx context.Context, u upload.Upload, b upload.Blob, made, rejected audit.Entry,
) (upload.Upload, []object.BlobID, error) {
	if f.before != nil {
		if err := f.before(); err != nil {
			return u, nil, err
		}
	}
	u, free, err := f.Store.Commit(ctx, u, b, made, rejected)
	if err == nil && f.after != nil {
		err = f.after()
	}
	return u, free, err
}

func asFault(err error) *fault.Error {
	var e *fault.Error
	errors.As(err, &e)
	return e
}

func (r *rig) complete(t testkit.T, a authz.Actor, id upload.ID) upload.Upload {
	t.Helper()
	u, err := r.uploads.Complete(bg, a, id)
	testkit.Must(t, err)
	return u
}

func (r *rig) wantCompleted(t testkit.T, id upload.ID) {
	t.Helper()
	if u := r.complete(t, r.acme, id); u.State != upload.Completed || u.VersionID == nil {
		t.Fatalf("the upload is %s %v", u.State, u.Rejection)
	}
}

func (r *rig) wantRejected(t testkit.T, id upload.ID, why upload.Rejection) {
	t.Helper()
	u := r.complete(t, r.acme, id)
	if u.State != upload.Rejected || u.Rejection == nil || *u.Rejection != why || u.VersionID != nil {
		t.Fatalf("the upload is %s %v, want %s", u.State, u.Rejection, why)
	}
}

func (r *rig) state(t testkit.T, a authz.Actor, id upload.ID) upload.State {
	t.Helper()
	u, err := r.uploads.Find(bg, a, id)
	testkit.Must(t, err)
	return u.State
}

func (r *rig) read(t testkit.T, key string) object.Object {
	t.Helper()
	o, err := r.objects.Find(bg, r.acme, r.in, key)
	testkit.Must(t, err)
	return o
}

func (r *rig) content(t testkit.T, o object.Object) string {
	t.Helper()
	readings, err := r.objects.Read(bg, r.acme, []object.Version{o.Current}, 1000)
	testkit.Must(t, err)
	testkit.Must(t, readings[0].Err)
	return string(readings[0].Content.Bytes)
}

func (r *rig) keys(t testkit.T) []string {
	t.Helper()
	pages, err := r.objects.List(bg, r.acme, []datastore.ID{r.in}, object.Filter{}, page.Request{First: page.MaxFirst})
	testkit.Must(t, err)
	keys := []string{}
	for _, o := range pages[0].Items {
		keys = append(keys, o.Key)
	}
	return keys
}

func (r *rig) wantNothingAt(t *testing.T, key string) {
	t.Helper()
	_, err := r.objects.Find(bg, r.acme, r.in, key)
	testkit.Refused(t, err, fault.NotFound, "key")
}

func (r *rig) wantBucket(t *testing.T, names ...string) {
	t.Helper()
	got := r.bucket(t, "eu")
	for _, name := range names {
		if _, found := got[name]; !found {
			t.Errorf("the bucket lacks %s", name)
		}
	}
	if len(got) != len(names) {
		t.Errorf("the bucket has %v, want %v", got, names)
	}
}

func blobOf(id upload.ID) string   { return "blobs/" + id.String() }
func stagedOf(id upload.ID) string { return "staging/" + id.String() }

// seenSessions remembers the last session that was opened.
type seenSessions struct {
	upload.Blobs
	uri string
}

func (s *seenSessions) OpenSession(
	ctx context.Context, p object.Place, rule upload.SessionRule,
) (uri string, err error) {
	s.uri, err = s.Blobs.OpenSession(ctx, p, rule)
	return s.uri, err
}
