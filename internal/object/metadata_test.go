package object_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (r *rig) updating(key string, metadata map[string]any) object.UpdateRequest {
	return object.UpdateRequest{DatastoreID: r.in, Key: key, Metadata: metadata}
}

func TestUpdate_MakesAVersionOfTheSameBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keeps(t, 2)
	o := r.keep(t, "a", "text/plain", "one")
	v, err := r.objects.Update(bg, r.acme, r.updating("a", map[string]any{"checked": true, "n": json.Number("1e2")}))
	testkit.Must(t, err)
	if v.Version != 2 || v.ID == o.Current.ID || v.BlobID != o.Current.BlobID || v.ContentType != "text/plain" ||
		v.CreatedBy != r.acme.Who {
		t.Errorf("it is %+v", v)
	}
	found, err := r.objects.Find(bg, r.acme, r.in, "a")
	testkit.Must(t, err)
	if got := string(found.Current.Metadata); got != `{"n": 100, "checked": true}` {
		t.Errorf("its metadata is %s", got)
	}
	r.wantHistory(t, "a", "2:one", "1:one")
	r.wantUsage(t, 1, 6)
	r.wantBlobs(t, 1)
	const events = `action = 'datastore.object_updated' AND target_label = 'a' AND details @> '{"version": 2}'`
	if n := r.events(t, events); n != 1 {
		t.Errorf("%d events", n)
	}

	// the same again, in another order and with another number of the same size
	again, err := r.objects.Update(bg, r.acme, r.updating("a", map[string]any{"n": json.Number("100"), "checked": true}))
	testkit.Must(t, err)
	if again.ID != v.ID || again.Version != 2 || r.events(t, events) != 1 {
		t.Errorf("then it is %+v", again)
	}
	_, err = r.objects.Update(bg, r.acme, r.updating("a", nil))
	testkit.Must(t, err)
	found, err = r.objects.Find(bg, r.acme, r.in, "a")
	testkit.Must(t, err)
	if string(found.Current.Metadata) != `{}` {
		t.Errorf("at last its metadata is %s", found.Current.Metadata)
	}
}

func TestUpdate_ThatCannotBe_SaysWhy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	some := map[string]any{"k": "v"}
	for name, row := range map[string]struct {
		ask   object.UpdateRequest
		kind  fault.Kind
		field string
	}{
		"too large":           {r.updating("a", map[string]any{"k": strings.Repeat("x", 8<<10)}), fault.Invalid, "metadata"},
		"a number for months": {r.updating("a", map[string]any{"k": json.Number("1e999")}), fault.Invalid, "metadata"},
		"of nothing":          {r.updating("x", some), fault.NotFound, "key"},
		"of another version": {object.UpdateRequest{DatastoreID: r.in, Key: "a", Metadata: some,
			Only: object.Precondition{Version: new(int32(2))}}, fault.Conflict, "ifVersion"},
		"of another version, to what it is": {object.UpdateRequest{DatastoreID: r.in, Key: "a",
			Only: object.Precondition{Version: new(int32(2))}}, fault.Conflict, "ifVersion"},
	} {
		_, err := r.objects.Update(bg, r.acme, row.ask)
		t.Log(name)
		testkit.Refused(t, err, row.kind, row.field)
	}
	_, err := r.objects.Update(bg, r.globex, r.updating("a", some))
	testkit.Refused(t, err, fault.NotFound, "key")
	types := []string{"image/png"}
	_, err = r.datastores.Update(bg, r.acme, r.in, datastore.UpdateRequest{ContentTypes: &types})
	testkit.Must(t, err)
	_, err = r.objects.Update(bg, r.acme, r.updating("a", some))
	testkit.Refused(t, err, fault.Invalid, "datastoreId")
	r.wantHistory(t, "a", "1:one")
}
