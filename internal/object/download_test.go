package object_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (r *rig) download(t *testing.T, q object.DownloadRequest) object.Download {
	t.Helper()
	q.DatastoreID, q.TTL = r.in, time.Hour
	d, err := r.objects.Download(bg, r.acme, q)
	testkit.Must(t, err)
	return d
}

func TestHostileKeys_ThroughSignedPutAndGet_AreByteExact(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	keys := []string{
		"../../x", "a//b", "/", "?x=1&y", "%2e%2e", "#", ".", "..", "a/", "🧪", "a b+c", `"quo\te"`, "a\u00a0b",
		"می\u200cخواهم", "👩\u200d💻",
		strings.Repeat("k", 900), strings.Repeat("ü", 450), "<script>", "'; DROP TABLE object; --", "CON", "~",
	}
	for _, key := range keys {
		content := "content of " + key + "\x00\xff"
		o := r.keep(t, key, "application/octet-stream", content)
		d := r.download(t, object.DownloadRequest{Key: key})
		res, body := r.get(t, d.URL)
		if o.Key != key || res.StatusCode != http.StatusOK || body != content ||
			res.Header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("%.30q: %d %q", key, res.StatusCode, body)
		}
		if !strings.HasPrefix(res.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%.30q: disposition %q", key, res.Header.Get("Content-Disposition"))
		}
	}
	got, _ := r.list(t, "", 100, nil)
	if len(got) != len(keys) {
		t.Errorf("%d keys became %d objects", len(keys), len(got))
	}
}

func TestDownload_OfAVersionThatIsNotKept_IsNotFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	r.keep(t, "a", "text/plain", "two")
	for _, v := range []int32{1, 3, 0, -1} {
		_, err := r.objects.Download(bg, r.acme, object.DownloadRequest{
			DatastoreID: r.in,
			Key:         "a",
			TTL:         time.Hour,
			Version:     &v,
		})
		testkit.Refused(t, err, fault.NotFound, "version")
	}
	d := r.download(t, object.DownloadRequest{Key: "a", Version: new(int32(2)), Filename: new("Bericht ü.txt")})
	res, body := r.get(t, d.URL)
	if body != "two" || d.Version.Version != 2 ||
		!strings.Contains(res.Header.Get("Content-Disposition"), "Bericht%20%C3%BC.txt") {
		t.Errorf("%d %q %v", res.StatusCode, body, res.Header)
	}
	if !d.ExpiresAt.Equal(r.now.Add(time.Hour)) {
		t.Errorf("it ends at %s", d.ExpiresAt)
	}
	if n := r.events(t, `action = 'datastore.object_read' AND details->>'how' = 'download-url'`); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestDownload_OfAForeignKeyOrWithBadInput_IsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	good := object.DownloadRequest{DatastoreID: r.in, Key: "a", TTL: time.Hour}
	_, err := r.objects.Download(bg, r.globex, good)
	testkit.Refused(t, err, fault.NotFound, "key")
	for _, ttl := range []time.Duration{0, time.Second - 1, 24*time.Hour + 1, -time.Hour} {
		q := good
		q.TTL = ttl
		_, err := r.objects.Download(bg, r.acme, q)
		testkit.Refused(t, err, fault.Invalid, "expiresIn")
	}
	for _, name := range []string{"", "a/b", `a\b`, "a\nb", "a\x00", strings.Repeat("n", 256)} {
		q := good
		q.Filename = &name
		_, err := r.objects.Download(bg, r.acme, q)
		testkit.Refused(t, err, fault.Invalid, "filename")
	}
	q := good
	q.Filename = new(strings.Repeat("n", 255))
	_, err = r.objects.Download(bg, r.acme, q)
	testkit.Must(t, err)
}

func TestSignedGet_DoesWhatWasSignedAndNoMore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "a", "text/plain", "one")
	other := r.keep(t, "b", "text/plain", "two")
	d := r.download(t, object.DownloadRequest{Key: "a"})
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPost} {
		req, err := http.NewRequestWithContext(bg, method, d.URL, strings.NewReader("evil"))
		testkit.Must(t, err)
		if res, _ := r.send(t, req); res.StatusCode < 400 {
			t.Errorf("%s is answered %d", method, res.StatusCode)
		}
	}
	swapped := strings.Replace(d.URL, d.Version.BlobID.String(), other.Current.BlobID.String(), 1)
	if res, _ := r.get(t, swapped); res.StatusCode < 400 {
		t.Errorf("another blob is answered %d", res.StatusCode)
	}
	if _, body := r.get(t, d.URL); body != "one" {
		t.Errorf("the blob is %q", body)
	}
}
