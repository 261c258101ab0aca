package gcs_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/storage"
)

// bound signs what an upload is bound to.
func bound(o *storage.SignedURLOptions) {
	o.ContentType = "text/plain"
	o.Headers = []string{"x-goog-content-length-range:2,10", "x-goog-if-generation-match:0"}
}

func (r *rig) put(name, content string) *http.Request {
	return r.request(http.MethodPut, r.sign(http.MethodPut, name, bound), strings.NewReader(content),
		"Content-Type", "text/plain", "x-goog-content-length-range", "2,10", "x-goog-if-generation-match", "0")
}

func TestSignedPut_AsSigned_IsKept(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.do(r.put("staging/one", "0123456789"))
	a.want(t, http.StatusOK, "")
	for _, name := range []string{"ETag", "X-Goog-Generation", "X-Goog-Hash"} {
		if a.header.Get(name) == "" {
			t.Errorf("the answer has no %s", name)
		}
	}
	attrs, err := r.object("staging/one").Attrs(t.Context())
	r.must(err)
	if attrs.ContentType != "text/plain" || attrs.Size != 10 || r.read("staging/one") != "0123456789" {
		t.Errorf("kept %q of %d bytes", attrs.ContentType, attrs.Size)
	}
}

func TestSignedPut_Chunked_IsKept(t *testing.T) {
	t.Parallel()
	r := start(t)
	req := r.put("staging/one", "")
	body("0123456789", -1)(req)
	r.do(req).want(t, http.StatusOK, "")
}

func TestSignedPut_Again_IsPreconditionFailed(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.do(r.put("staging/one", "first")).want(t, http.StatusOK, "")
	r.do(r.put("staging/one", "second")).want(t, http.StatusPreconditionFailed, "PreconditionFailed")
	if got := r.read("staging/one"); got != "first" {
		t.Errorf("a replay changed the object to %q", got)
	}
}

func TestSignedPut_NotAsSigned_IsRefusedAndNothingIsKept(t *testing.T) {
	t.Parallel()
	r := start(t)
	for name, row := range notAsSigned {
		req := r.put("staging/one", "0123456789")
		row.change(req)
		t.Log(name)
		r.do(req).want(t, row.status, row.code)
	}
	for _, name := range []string{"staging/one", "staging/two", "staging/one/"} {
		if _, err := r.object(name).Attrs(t.Context()); !errors.Is(err, storage.ErrObjectNotExist) {
			t.Errorf("%s is there, or nobody knows: %v", name, err)
		}
	}
}

func TestSignedURL_OfAStranger_IsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	forged := r.sign(http.MethodGet, "a", func(o *storage.SignedURLOptions) { o.SignBytes = signWith(strangerKey) })
	r.do(r.request(http.MethodGet, forged, nil)).want(t, http.StatusForbidden, "SignatureDoesNotMatch")
	unknown := r.sign(http.MethodGet, "a", func(o *storage.SignedURLOptions) { o.GoogleAccessID = "who@dev" })
	r.do(r.request(http.MethodGet, unknown, nil)).want(t, http.StatusForbidden, "AccessDenied")
}

func TestSignedURL_OutOfItsTime_IsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	req := r.put("staging/one", "0123456789")
	r.ahead.Store(int64(time.Hour + time.Second))
	r.do(req).want(t, http.StatusBadRequest, "ExpiredToken")
	r.ahead.Store(-int64(time.Hour))
	r.do(r.put("staging/one", "0123456789")).want(t, http.StatusForbidden, "RequestTimeTooSkewed")
}

func TestSignedGet_AnswersAsSigned(t *testing.T) {
	t.Parallel()
	r := start(t)
	attrs := r.write("blobs/a b+c/ü", "content")
	signed := r.sign(http.MethodGet, "blobs/a b+c/ü", func(o *storage.SignedURLOptions) {
		o.QueryParameters = url.Values{
			"response-content-type":        {"image/png"},
			"response-content-disposition": {`attachment; filename="a b.png"`},
		}
	})
	a := r.do(r.request(http.MethodGet, signed, nil))
	a.want(t, http.StatusOK, "")
	if a.body != "content" || a.header.Get("Content-Type") != "image/png" ||
		a.header.Get("Content-Disposition") != `attachment; filename="a b.png"` {
		t.Errorf("answered %q with %v", a.body, a.header)
	}
	if attrs.Generation == 0 || a.header.Get("X-Goog-Generation") == "" || len(a.header.Values("X-Goog-Hash")) != 2 {
		t.Errorf("the answer does not describe the object: %v", a.header)
	}
	part := r.do(r.request(http.MethodGet, signed, nil, "Range", "bytes=1-3"))
	part.want(t, http.StatusPartialContent, "")
	if part.body != "ont" || part.header.Get("Content-Range") != "bytes 1-3/7" {
		t.Errorf("answered %q as %q", part.body, part.header.Get("Content-Range"))
	}
	tampered := strings.Replace(signed, "image%2Fpng", "text%2Fhtml", 1)
	r.do(r.request(http.MethodGet, tampered, nil)).want(t, http.StatusForbidden, "SignatureDoesNotMatch")
}

func TestSignedHead_NeedsItsOwnSignature(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.write("a", "content")
	r.do(r.request(http.MethodHead, r.sign(http.MethodGet, "a"), nil)).want(t, http.StatusForbidden, "")
	a := r.do(r.request(http.MethodHead, r.sign(http.MethodHead, "a"), nil))
	a.want(t, http.StatusOK, "")
	if a.header.Get("Content-Length") != "7" {
		t.Errorf("HEAD answers with %v", a.header)
	}
}

func TestSignedGet_OfNothing_IsNoSuchKey(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.do(r.request(http.MethodGet, r.sign(http.MethodGet, "none"), nil)).want(t, http.StatusNotFound, "NoSuchKey")
}

func TestSignedURL_OpensNothingButItsObject(t *testing.T) {
	t.Parallel()
	r := start(t)
	_, query, _ := strings.Cut(r.sign(http.MethodGet, "a"), "?")
	a := r.do(r.request(http.MethodGet, r.server.URL()+"/storage/v1/b/"+bucket+"/o?"+query, nil))
	a.want(t, http.StatusUnauthorized, "")
}

func TestSignedURLs_AreNeverLogged(t *testing.T) {
	t.Parallel()
	r := start(t)
	req := r.put("staging/one", "0123456789")
	r.do(req)
	r.do(req)
	if text := r.log.String(); strings.Contains(text, "X-Goog") ||
		strings.Contains(text, req.URL.Query().Get("X-Goog-Signature")) {
		t.Errorf("the log has a query: %s", text)
	}
}

func TestSignedPut_WithMD5_TakesThatContentOnly(t *testing.T) {
	t.Parallel()
	r := start(t)
	const sum = "eB5eJF1ptWaXm4bijSPyxw==" // of 0123456789
	signed := r.sign(http.MethodPut, "a", func(o *storage.SignedURLOptions) { o.MD5 = sum })
	r.do(r.request(http.MethodPut, signed, strings.NewReader("9876543210"), "Content-MD5", sum)).
		want(t, http.StatusBadRequest, "BadDigest")
	r.do(r.request(http.MethodPut, signed, strings.NewReader("0123456789"), "Content-MD5", sum)).
		want(t, http.StatusOK, "")
}

func TestSignedPut_ByManyAtOnce_IsKeptOnce(t *testing.T) {
	t.Parallel()
	r := start(t)
	statuses := make(chan int)
	for i := range 8 {
		req := r.put("staging/one", fmt.Sprint("content ", i))
		go func() {
			res, err := r.http.Do(req)
			if err != nil {
				statuses <- 0
				return
			}
			_ = res.Body.Close()
			statuses <- res.StatusCode
		}()
	}
	count := map[int]int{}
	for range 8 {
		count[<-statuses]++
	}
	if count[http.StatusOK] != 1 || count[http.StatusPreconditionFailed] != 7 {
		t.Errorf("answered %v", count)
	}
}
