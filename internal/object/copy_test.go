package object_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

// second is another datastore of acme's, with a policy.
func (r *rig) second(t *testing.T, n datastore.CreateRequest) datastore.ID {
	t.Helper()
	n.Name = ident.New[rig]().String()
	d, err := r.datastores.Create(bg, r.acme, n)
	testkit.Must(t, err)
	return d.ID
}

// keeps lets the rig's datastore keep so many versions.
func (r *rig) keeps(t *testing.T, versions int32) {
	t.Helper()
	_, err := r.datastores.Update(bg, r.acme, r.in, datastore.UpdateRequest{KeepVersions: &versions})
	testkit.Must(t, err)
}

func (r *rig) copy(t *testing.T, from, to string, version *int32) object.Version {
	t.Helper()
	v, err := r.objects.Copy(bg, r.acme, r.copying(from, to, version))
	testkit.Must(t, err)
	return v
}

func (r *rig) copying(from, to string, version *int32) object.CopyRequest {
	return object.CopyRequest{
		From:      object.Source{DatastoreID: r.in, Key: from, Version: version},
		TargetID:  r.in,
		TargetKey: to,
	}
}

func (r *rig) restoring(key string, version int32) object.RestoreRequest {
	return object.RestoreRequest{DatastoreID: r.in, Key: key, Version: version}
}

// history are the contents of a key's versions, newest first, each with its number.
func (r *rig) history(t *testing.T, key string) (all []string) {
	t.Helper()
	o, err := r.objects.Find(bg, r.acme, r.in, key)
	testkit.Must(t, err)
	pages, err := r.objects.Versions(bg, r.acme, []object.ID{o.ID}, page.Request{First: 100})
	testkit.Must(t, err)
	for _, v := range pages[0].Items {
		c, err := r.read(r.acme, v, 100)
		testkit.Must(t, err)
		all = append(all, fmt.Sprintf("%d:%s", v.Version, c.Bytes))
	}
	if pages[0].Items[0].ID != o.Current.ID {
		t.Errorf("the newest version of %q is not the current one", key)
	}
	return all
}

func (r *rig) wantHistory(t *testing.T, key string, want ...string) {
	t.Helper()
	if got := r.history(t, key); !slices.Equal(got, want) {
		t.Errorf("%q has %q, want %q", key, got, want)
	}
}

// usage is what the workspace holds, and that each datastore agrees with it and with its rows.
func (r *rig) usage(t *testing.T) (objects, bytes int64) {
	t.Helper()
	var inDatastores, rows [2]int64
	testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT object_count, used_bytes FROM workspace_usage WHERE workspace_id = $1`,
		r.acme.Workspace.String()).Scan(&objects, &bytes))
	testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT sum(object_count), sum(used_bytes) FROM datastore`).
		Scan(&inDatastores[0], &inDatastores[1]))
	testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT (SELECT count(*)
		FROM object), coalesce((SELECT sum(size_bytes) FROM object_version), 0)`).Scan(&rows[0], &rows[1]))
	if whole := [2]int64{objects, bytes}; whole != inDatastores || whole != rows {
		t.Errorf("the workspace counts %d, its datastores %d, there are %d", whole, inDatastores, rows)
	}
	return objects, bytes
}

func (r *rig) wantUsage(t *testing.T, wantObjects, wantBytes int64) {
	t.Helper()
	if objects, bytes := r.usage(t); objects != wantObjects || bytes != wantBytes {
		t.Errorf("the workspace holds %d objects, %d bytes; want %d, %d", objects, bytes, wantObjects, wantBytes)
	}
}

// wantBlobs checks that storage has so many blobs, each as often on the books as versions refer to it.
func (r *rig) wantBlobs(t *testing.T, want int) {
	t.Helper()
	var rows, wrong int
	testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT count(*), count(*) FILTER (WHERE refs <> (SELECT count(*)
		FROM object_version v WHERE v.blob_id = b.id)) FROM blob b`).Scan(&rows, &wrong))
	if stored := len(r.bucket(t)); rows != want || wrong != 0 || stored != want {
		t.Errorf("%d blobs are on the books, %d of them miscounted, %d in storage; want %d", rows, wrong, stored, want)
	}
}

func TestCopy_SharesTheBytes_AndCountsThemInFull(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.keep(t, "a", "text/plain", "hello")
	v := r.copy(t, "a", "b", nil)
	if v.Version != 1 || v.ID == o.Current.ID || v.BlobID != o.Current.BlobID || v.SizeBytes != 5 ||
		v.ContentType != "text/plain" ||
		v.CRC32C != o.Current.CRC32C || *v.MD5 != *o.Current.MD5 || v.CreatedBy != r.acme.Who || v.CreatedAt.IsZero() ||
		v.ObjectID == o.ID {
		t.Errorf("the copy is %+v", v)
	}
	r.wantHistory(t, "b", "1:hello")
	r.wantUsage(t, 2, 10)
	r.wantBlobs(t, 1)
	if n := r.events(t, `action = 'datastore.object_created' AND target_label = 'b'
		AND details @> '{"version": 1, "source": {"key": "a", "version": 1}}'`); n != 1 {
		t.Errorf("%d events", n)
	}
	_, err := r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{})
	testkit.Must(t, err)
	r.wantHistory(t, "b", "1:hello")
	r.wantUsage(t, 1, 5)
	r.wantBlobs(t, 1)
	_, err = r.objects.Delete(bg, r.acme, r.in, "b", object.Precondition{})
	testkit.Must(t, err)
	r.wantUsage(t, 0, 0)
	r.wantBlobs(t, 0)
}

func TestCopy_OfAnEarlierVersionOverAnother_KeepsWhatItsDatastoreKeeps(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 2)
	r.keep(t, "a", "text/plain", "one")
	r.keep(t, "a", "text/plain", "three")
	r.keep(t, "b", "text/plain", "x")
	r.copy(t, "a", "b", new(int32(1)))
	r.wantHistory(t, "b", "2:one", "1:x")
	r.copy(t, "a", "b", nil)
	r.wantHistory(t, "b", "3:three", "2:one")
	r.copy(t, "b", "b", new(int32(2)))
	r.wantHistory(t, "b", "4:one", "3:three")
	r.wantHistory(t, "a", "2:three", "1:one")
	r.wantUsage(t, 2, 16)
	r.wantBlobs(t, 2)
}

func TestCopy_OnlyWhileTheTargetIsAsExpected(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	ask := r.copying("a", "b", nil)
	for _, c := range []struct {
		expected, current int32
		fine              bool
	}{{1, 0, false}, {0, 0, true}, {0, 1, false}, {2, 1, false}, {1, 1, true}} {
		ask.IfTargetVersion = &c.expected
		_, err := r.objects.Copy(bg, r.acme, ask)
		if c.fine {
			testkit.Must(t, err)
			continue
		}
		if e := testkit.Refused(t, err, fault.Conflict, "ifTargetVersion"); e.Details["currentVersion"] != c.current {
			t.Errorf("it says %v", e.Details)
		}
	}
	r.wantUsage(t, 2, 6)
}

func TestCopy_OfOrToWhatIsNotThere_NamesTheField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	elsewhere, err := r.datastores.Create(bg, r.globex, datastore.CreateRequest{Name: "globex"})
	testkit.Must(t, err)
	for name, c := range map[string]struct {
		change func(*object.CopyRequest)
		kind   fault.Kind
		field  string
	}{
		"no such key":   {func(q *object.CopyRequest) { q.From.Key = "x" }, fault.NotFound, "key"},
		"no key at all": {func(q *object.CopyRequest) { q.From.Key = "" }, fault.NotFound, "key"},
		"no such version": {func(q *object.CopyRequest) { q.From.Version = new(int32(2)) },
			fault.NotFound, "version"},
		"no version at all": {func(q *object.CopyRequest) { q.From.Version = new(int32(-1)) },
			fault.NotFound, "version"},
		"no such datastore": {func(q *object.CopyRequest) { q.From.DatastoreID = "x" }, fault.NotFound, "key"},
		"a foreign datastore": {func(q *object.CopyRequest) { q.From.DatastoreID = elsewhere.ID },
			fault.NotFound, "key"},
		"no such target": {func(q *object.CopyRequest) { q.TargetID = "x" }, fault.NotFound, "targetDatastoreId"},
		"a foreign target": {func(q *object.CopyRequest) { q.TargetID = elsewhere.ID }, fault.NotFound,
			"targetDatastoreId"},
		"no target key": {func(q *object.CopyRequest) { q.TargetKey = "" }, fault.Invalid, "targetKey"},
		"a hostile key": {func(q *object.CopyRequest) { q.TargetKey = "a\x00" }, fault.Invalid, "targetKey"},
		"a negative version": {func(q *object.CopyRequest) { q.IfTargetVersion = new(int32(-1)) }, fault.Invalid,
			"ifTargetVersion"},
		"a bad key": {func(q *object.CopyRequest) { q.IdempotencyKey = new("") }, fault.Invalid,
			"idempotencyKey"},
	} {
		ask := r.copying("a", "b", nil)
		c.change(&ask)
		_, err := r.objects.Copy(bg, r.acme, ask)
		if e := testkit.Refused(t, err, c.kind, c.field); t.Failed() {
			t.Fatalf("%s: %v", name, e)
		}
	}
	_, err = r.objects.Copy(bg, r.globex, r.copying("a", "b", nil))
	testkit.Refused(t, err, fault.NotFound, "key")
	r.wantUsage(t, 1, 3)
}

func TestCopy_IntoADatastoreThatDoesNotTakeIt_IsInvalid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "hello")
	for field, n := range map[string]datastore.CreateRequest{
		"limitBytes":   {MaxObjectBytes: new(int64(4))},
		"contentTypes": {ContentTypes: []string{"text/csv", "image/*"}},
	} {
		ask := r.copying("a", "b", nil)
		ask.TargetID = r.second(t, n)
		_, err := r.objects.Copy(bg, r.acme, ask)
		if e := testkit.Refused(t, err, fault.Invalid, "targetDatastoreId"); e.Details[field] == nil {
			t.Errorf("it says %v", e.Details)
		}
	}
	ask := r.copying("a", "b", nil)
	ask.TargetID = r.second(t, datastore.CreateRequest{MaxObjectBytes: new(int64(5)), ContentTypes: []string{"Text/*"}})
	_, err := r.objects.Copy(bg, r.acme, ask)
	testkit.Must(t, err)
	r.wantUsage(t, 2, 10)
}
