package upload_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

const quantum = 256 << 10

func resumable(q *upload.BeginRequest) { q.Resumable = true }

func sized(n int64) func(*upload.BeginRequest) {
	return func(q *upload.BeginRequest) { q.MaxBytes = &n }
}

// part sends bytes of a whole to a session, and returns the status and how far it is.
func (r *rig) part(t testkit.T, uri, of, body string) (int, string) {
	t.Helper()
	r.clock.pass(time.Second)
	req, err := http.NewRequestWithContext(bg, http.MethodPut, uri, strings.NewReader(body))
	testkit.Must(t, err)
	if of != "" {
		req.Header.Set("Content-Range", "bytes "+of)
	}
	res, err := r.HTTP.Do(req)
	testkit.Must(t, err)
	testkit.Must(t, res.Body.Close())
	return res.StatusCode, res.Header.Get("Range")
}

func TestSession_InterruptedAndResumed_BecomesOneObject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a", resumable, sized(most))
	if len(g.Put.Headers) != 0 || !g.Upload.ExpiresAt.Equal(r.clock.now().Add(7*24*time.Hour)) {
		t.Errorf("it must be sent with %v, until %s", g.Put.Headers, g.Upload.ExpiresAt)
	}
	content := strings.Repeat("0123456789abcdef", quantum/16)
	if status, _ := r.part(t, g.Put.URL, fmt.Sprintf("0-%d/*", quantum-1),
		content); status != http.StatusPermanentRedirect {
		t.Fatalf("the first part is answered %d", status)
	}
	_, err := r.uploads.Complete(bg, r.acme, g.Upload.ID)
	testkit.Refused(t, err, fault.Conflict, "uploadId")
	r.clock.pass(6 * 24 * time.Hour)
	status, have := r.part(t, g.Put.URL, "*/*", "")
	if status != http.StatusPermanentRedirect || have != fmt.Sprintf("bytes=0-%d", quantum-1) {
		t.Fatalf("six days later it has %q: %d", have, status)
	}
	if status, _ = r.part(t, g.Put.URL, fmt.Sprintf("%d-%d/%d", quantum, quantum+2, quantum+3),
		"end"); status != http.StatusOK {
		t.Fatalf("the last part is answered %d", status)
	}
	if o := r.read(t, "a"); o.Current.SizeBytes != quantum+3 || o.Current.ContentType != "text/csv" {
		t.Errorf("the object is %+v", o.Current)
	}
	r.wantBucket(t, blobOf(g.Upload.ID))
}

func TestSession_KeptInTheDatabase_IsUnreadableThereAndGoneAtItsEnd(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a", resumable)
	id := g.Put.URL[strings.Index(g.Put.URL, "upload_id=")+len("upload_id="):]
	if n := r.Count(t, `SELECT count(*) FROM upload WHERE position($1::bytea IN session) > 0 OR session IS NULL`,
		[]byte(id[:8])); n != 0 {
		t.Error("the URI can be read in the database")
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE details::text LIKE '%' || $1 || '%'`, id); n != 0 {
		t.Error("the URI is in the audit log")
	}
	if status, _ := r.part(t, g.Put.URL, "", "hello"); status != http.StatusOK {
		t.Fatalf("answered %d", status)
	}
	r.wantCompleted(t, g.Upload.ID)
	if n := r.Count(t, `SELECT count(*) FROM upload WHERE session IS NOT NULL`); n != 0 {
		t.Error("the session outlives its upload")
	}
}

func TestSession_AskedForAgain_IsTheSame(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	service := func(keys ...[]byte) *upload.Service {
		silent := slog.New(slog.DiscardHandler)
		return upload.NewService(r.DB.Uploads(), r.Store, object.NewReaper(r.DB.Objects(), r.Store, silent),
			upload.Options{
				Keys:     keys,
				Once:     idempotency.NewService(r.DB.Idempotency(), [][]byte{serverKey}),
				MaxBytes: most,
				Now:      r.clock.now,
				Log:      silent,
			})
	}
	q := ask(r.in, "a")
	q.Resumable, q.IdempotencyKey = true, new("once")
	first, err := service(serverKey).Begin(bg, r.acme, q)
	testkit.Must(t, err)
	r.clock.pass(time.Minute)
	again, err := service(serverKey).Begin(bg, r.acme, q)
	testkit.Must(t, err)
	if first.Put.URL != again.Put.URL || first.Upload.ID != again.Upload.ID ||
		!first.Upload.ExpiresAt.Equal(again.Upload.ExpiresAt) {
		t.Error("the second session is another one")
	}
	next := bytes.Repeat([]byte("o"), 32)
	again, err = service(next, serverKey).Begin(bg, r.acme, q)
	if testkit.Must(t, err); first.Put.URL != again.Put.URL {
		t.Error("once another key is the first, the session is another one")
	}
	_, err = service(next).Begin(bg, r.acme, q)
	testkit.Refused(t, err, fault.Unavailable, "")
	_, err = r.uploads.Cancel(bg, r.acme, first.Upload.ID)
	testkit.Must(t, err)
	late, err := service(serverKey).Begin(bg, r.acme, q)
	if testkit.Must(t, err); late.Put.URL != "" || late.Upload.State != upload.Cancelled {
		t.Errorf("once it is cancelled it answers %s", late.Upload.State)
	}
}

func TestSession_Cancelled_IsEndedAtStorage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a", resumable)
	_, err := r.uploads.Cancel(bg, r.acme, g.Upload.ID)
	testkit.Must(t, err)
	if status, _ := r.part(t, g.Put.URL, "", "hello"); status != http.StatusNotFound {
		t.Errorf("storage answers %d", status)
	}
	r.wantNothingAt(t, "a")
	r.wantBucket(t)
}

func TestSession_OfAnUploadThatIsRefused_IsEndedAtStorage(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.sql(t, `UPDATE workspace_usage SET limit_bytes = 10 WHERE workspace_id = $1`, r.acme.Workspace.String())
	seen := &seenSessions{Blobs: r.Store}
	uploads, _ := r.services(r.DB.Uploads(), seen)
	q := ask(r.in, "a")
	q.Resumable = true
	_, err := uploads.Begin(bg, r.acme, q)
	testkit.Refused(t, err, fault.QuotaExceeded, "maxBytes")
	if status, _ := r.part(t, seen.uri, "", "hello"); seen.uri == "" || status != http.StatusNotFound {
		t.Errorf("storage answers %d", status)
	}
}

func TestSession_OtherBytesThanAllowed_NeverBecomeAnObject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	long := r.begin(t, r.acme, "long", resumable)
	if status, _ := r.part(t, long.Put.URL, "", strings.Repeat("x", 101)); status != http.StatusOK {
		t.Fatalf("answered %d", status)
	}
	r.wantRejected(t, long.Upload.ID, upload.TooLarge)
	wrong := r.begin(t, r.acme, "wrong", resumable,
		func(q *upload.BeginRequest) { q.MD5 = new("eB5eJF1ptWaXm4bijSPyxw==") })
	if status, _ := r.part(t, wrong.Put.URL, "", "9876543210"); status != http.StatusBadRequest {
		t.Errorf("other bytes than the MD5's are answered %d", status)
	}
	r.wantNothingAt(t, "wrong")
	r.wantBucket(t)
}

func TestBegin_OfASession_WithWhatOnlyOnePutHas_IsInvalid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	both := ask(r.in, "a")
	both.Resumable, both.ContentTypeOnly = true, true
	_, err := r.uploads.Begin(bg, r.acme, both)
	testkit.Refused(t, err, fault.Invalid, "contentTypeOnly")
	single := ask(r.in, "a")
	single.Origin = new("https://app.example")
	_, err = r.uploads.Begin(bg, r.acme, single)
	testkit.Refused(t, err, fault.Invalid, "origin")
	for origin, good := range map[string]bool{
		"https://app.example":      true,
		"https://app.example:8443": true,
		"http://127.0.0.1:3000":    true,
		"http://localhost":         true,
		"":                         false,
		"*":                        false,
		"https://*.example":        false,
		"http://app.example":       false,
		"https://app.example/":     false,
		"https://APP.example":      false,
		"https://app.example:443":  false,
		"null":                     false,
		"https://a\r\nb":           false,
		"ftp://app.example":        false,
	} {
		q := ask(r.in, "k"+fmt.Sprint(len(origin)))
		q.Resumable, q.Origin = true, &origin
		if _, err := r.uploads.Begin(bg, r.acme, q); (err == nil) != good {
			t.Errorf("%q: %v", origin, err)
		}
	}
}

func TestSession_ForAPage_AnswersPagesOfItsOriginAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	named := r.begin(t, r.acme, "named", resumable,
		func(q *upload.BeginRequest) { q.Origin = new("https://app.example") })
	fromPage, fromOwnPage := r.acme, r.acme
	fromPage.From.Page, fromOwnPage.From.Page = "https://app.example", "http://api.example"
	byDefault := r.begin(t, fromPage, "by-default", resumable)
	other := r.begin(t, fromPage, "other", resumable,
		func(q *upload.BeginRequest) { q.Origin = new("https://other.example") })
	none := r.begin(t, fromOwnPage, "none", resumable)

	for _, test := range []struct {
		grant  upload.Grant
		origin string
		may    bool
	}{
		{named, "https://app.example", true}, {named, "https://evil.example", false},
		{byDefault, "https://app.example", true}, {byDefault, "https://evil.example", false},
		{other, "https://other.example", true}, {other, "https://app.example", false},
		{none, "http://api.example", false}, {none, "https://app.example", false},
	} {
		if may := r.mayPut(t, test.grant.Put.URL, test.origin); may != test.may {
			t.Errorf("a page of %s may send to the session of %s: %v", test.origin, test.grant.Upload.Key, may)
		}
	}
}

// mayPut asks storage, as a browser does, whether a page may send a part.
func (r *rig) mayPut(t *testing.T, url, origin string) bool {
	t.Helper()
	req, err := http.NewRequestWithContext(bg, http.MethodOptions, url, nil)
	testkit.Must(t, err)
	req.Header.Set("Origin", origin)
	req.Header.Set("Access-Control-Request-Method", http.MethodPut)
	req.Header.Set("Access-Control-Request-Headers", "content-range")

	res, err := r.HTTP.Do(req)
	testkit.Must(t, err)
	testkit.Must(t, res.Body.Close())
	return res.Header.Get("Access-Control-Allow-Origin") == origin
}
