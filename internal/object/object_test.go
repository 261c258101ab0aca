package object_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestFind_OfNothingAForeignOrHostileKey_IsNotFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	for _, key := range []string{"b", "A", "a ", "", "a\x00", "\xff", strings.Repeat("k", 901), "u\u0308"} {
		_, err := r.objects.Find(bg, r.acme, r.in, key)
		testkit.Refused(t, err, fault.NotFound, "key")
	}
	_, err := r.objects.Find(bg, r.globex, r.in, "a")
	testkit.Refused(t, err, fault.NotFound, "key")
	_, err = r.objects.Find(bg, r.acme, "no-uuid", "a")
	testkit.Refused(t, err, fault.NotFound, "key")
}

func TestFindAll_OfMixedIDs_ReturnsThoseOfTheWorkspace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.keep(t, "a", "text/plain", "one")
	ids, versions := []object.ID{"", "x", o.ID, o.ID, "01890a5d-ac96-774b-bcce-b302099a8057"}, []object.VersionID{"x",
		o.Current.ID}
	for want, who := range []authz.Actor{r.globex, r.acme} {
		objects, err := r.objects.FindAll(bg, who, ids)
		testkit.Must(t, err)
		found, err := r.objects.FindVersions(bg, who, versions)
		testkit.Must(t, err)
		if len(objects) != want || len(found) != want {
			t.Errorf("%s finds %d objects, %d versions", who.Label, len(objects), len(found))
		}
	}
}

func TestDelete_OfAnotherVersion_IsConflictNamingTheCurrent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	r.keep(t, "a", "text/plain", "two")
	for _, v := range []int32{0, 1, 3, -1} {
		_, err := r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{Version: &v})
		if e := testkit.Refused(t, err, fault.Conflict, "ifVersion"); e.Details["currentVersion"] != int32(2) {
			t.Errorf("it says %v", e.Details)
		}
	}
	_, err := r.objects.Delete(bg, r.globex, r.in, "a", object.Precondition{})
	testkit.Refused(t, err, fault.NotFound, "key")
	if n := r.events(t, `action = 'datastore.object_deleted'`); n != 0 {
		t.Errorf("%d events before any deletion", n)
	}
	_, err = r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{Version: new(int32(2))})
	testkit.Must(t, err)
	_, err = r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{})
	testkit.Refused(t, err, fault.NotFound, "key")
	if n := r.events(t, `action = 'datastore.object_deleted' AND risk = 'MEDIUM' AND target_label = 'a'
		AND details->>'version' = '2'`); n != 1 {
		t.Errorf("%d events", n)
	}
}

// stuck is a storage that drops nothing.
type stuck struct{ object.Blobs }

func (stuck) Drop(context.Context, object.Place) error {
	return fault.New(fault.Unavailable, "It is down.")
}

func TestDelete_WhenTheBlobCannotBeDropped_KeepsItOnTheBooks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.keep(t, "a", "text/plain", "one")
	_, objects := r.services(stuck{r.Store})
	_, err := objects.Delete(bg, r.acme, r.in, "a", object.Precondition{})
	testkit.Must(t, err)
	var refs int
	testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT refs FROM blob WHERE id = $1`, o.Current.BlobID.String()).Scan(&refs))
	if refs != 0 {
		t.Errorf("it has %d references", refs)
	}
}

func TestRead_WithinItsBounds_IsTruncatedWhereItIsLonger(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	content := strings.Repeat("0123456789abcdef", 16<<10) + "!"
	o := r.keep(t, "a", "text/plain", content)
	for most, want := range map[int32]int{1: 1, 16: 16, object.MaxContentBytes: object.MaxContentBytes} {
		c, err := r.read(r.acme, o.Current, most)
		testkit.Must(t, err)
		if string(c.Bytes) != content[:want] || !c.Truncated {
			t.Errorf("of %d: %d bytes, truncated %t", most, len(c.Bytes), c.Truncated)
		}
	}
	small := r.keep(t, "b", "text/plain", "héllo")
	for most, truncated := range map[int32]bool{5: true, 6: false, 7: false} {
		c, err := r.read(r.acme, small.Current, most)
		testkit.Must(t, err)
		if c.Truncated != truncated {
			t.Errorf("of %d: truncated %t", most, c.Truncated)
		}
	}
	for _, most := range []int32{0, -1, object.MaxContentBytes + 1} {
		_, err := r.read(r.acme, o.Current, most)
		testkit.Refused(t, err, fault.Invalid, "maxBytes")
	}
}

func TestRead_IsOnRecordFirstAndOnlyInItsWorkspace(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	o := r.keep(t, "a", "text/plain", "one")
	for _, v := range []object.Version{{}, {ID: "x", ObjectID: "x"}, o.Current} {
		_, err := r.read(r.globex, v, 10)
		testkit.Refused(t, err, fault.NotFound, "")
	}
	if n := r.events(t, `action = 'datastore.object_read'`); n != 0 {
		t.Errorf("%d events of nothing", n)
	}
	_, err := r.read(r.acme, o.Current, 10)
	testkit.Must(t, err)
	if n := r.events(t, `action = 'datastore.object_read' AND details->>'how' = 'content' AND target_label = 'a'`); n != 1 {
		t.Errorf("%d events", n)
	}
	_, err = r.Super.ExecContext(bg,
		`ALTER TABLE audit_event ADD CONSTRAINT none CHECK (action <> 'datastore.object_read') NOT VALID`)
	testkit.Must(t, err)
	if c, err := r.read(r.acme, o.Current, 10); err == nil || c.Bytes != nil {
		t.Error("it was read without an event")
	}
	if d, err := r.objects.Download(bg, r.acme, object.DownloadRequest{
		DatastoreID: r.in,
		Key:         "a",
		TTL:         time.Hour,
	}); err == nil || d.URL != "" {
		t.Error("a URL was handed out without an event")
	}
}

func TestContent_OfBinary_HasNoText(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	binary := "\x00\x01\xff\xfe\x80"
	c, err := r.read(r.acme, r.keep(t, "a", "application/octet-stream", binary).Current, 10)
	testkit.Must(t, err)
	if c.Text() != nil || !bytes.Equal(c.Bytes, []byte(binary)) || c.Truncated {
		t.Errorf("got %+v", c)
	}
	c, err = r.read(r.acme, r.keep(t, "b", "text/plain", "").Current, 10)
	testkit.Must(t, err)
	if text := c.Text(); text == nil || *text != "" || c.Truncated {
		t.Errorf("an empty object has %v", text)
	}
}
