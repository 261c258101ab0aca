package gcs_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"cloud.google.com/go/storage"
)

const quantum = 256 << 10

// begin opens a resumable upload that is pinned to a type, and returns its URI.
func (r *rig) begin(name, metadata string) string {
	r.t.Helper()
	a := r.do(r.request(http.MethodPost, r.server.URL()+"/upload/storage/v1/b/"+bucket+
		"/o?uploadType=resumable&ifGenerationMatch=0&name="+name,
		strings.NewReader(metadata), "Authorization", "Bearer "+token))
	a.want(r.t, http.StatusOK, "")
	return a.header.Get("Location")
}

// chunk sends a part with no credential but the URI.
func (r *rig) chunk(uri, contentRange, part string) answer {
	r.t.Helper()
	headers := []string{}
	if contentRange != "" {
		headers = append(headers, "Content-Range", contentRange)
	}
	return r.do(r.request(http.MethodPut, uri, strings.NewReader(part), headers...))
}

func TestResumable_GoesOnAfterARestart(t *testing.T) {
	t.Parallel()
	r := start(t)
	content := strings.Repeat("0123456789abcdef", quantum/16) + "the end"
	uri := r.begin("a", `{"contentType":"text/plain"}`)
	a := r.chunk(uri, fmt.Sprintf("bytes 0-%d/*", quantum-1), content[:quantum])
	a.want(t, http.StatusPermanentRedirect, "")
	r.must(r.server.Close())
	again := startOn(t, r.dir)
	uri = again.server.URL() + strings.TrimPrefix(uri, r.server.URL())
	a = again.chunk(uri, "bytes */*", "")
	if a.want(t, http.StatusPermanentRedirect, ""); a.header.Get("Range") != fmt.Sprintf("bytes=0-%d", quantum-1) {
		t.Errorf("the upload has %q", a.header.Get("Range"))
	}
	last := fmt.Sprintf("bytes %d-%d/%d", quantum, len(content)-1, len(content))
	for range 2 {
		again.chunk(uri, last, content[quantum:]).want(t, http.StatusOK, "")
	}
	attrs, err := again.object("a").Attrs(t.Context())
	r.must(err)
	if again.read("a") != content || attrs.ContentType != "text/plain" || attrs.Size != int64(len(content)) {
		t.Errorf("the object is %+v", attrs)
	}
}

func TestResumable_BrokenChunk_ChangesNothing(t *testing.T) {
	t.Parallel()
	r := start(t)
	uri := r.begin("a", `{}`)
	part := strings.Repeat("x", quantum)
	r.chunk(uri, fmt.Sprintf("bytes 0-%d/*", 2*quantum-1), part).want(t, http.StatusBadRequest, "")
	r.chunk(uri, "bytes 0-99/*", part[:100]).want(t, http.StatusBadRequest, "")
	r.chunk(uri, fmt.Sprintf("bytes %d-%d/*", quantum, 2*quantum-1), part).want(t, http.StatusBadRequest, "")
	r.chunk(uri, fmt.Sprintf("bytes 0-%d/*", quantum-1), part).want(t, http.StatusPermanentRedirect, "")
	r.chunk(uri, fmt.Sprintf("bytes */%d", quantum), "").want(t, http.StatusOK, "")
	if r.read("a") != part {
		t.Error("the object is not what was acknowledged")
	}
}

func TestResumable_AgainstItsRules_IsOver(t *testing.T) {
	t.Parallel()
	r := start(t)
	pinned := r.begin("a", `{"md5Hash":"eB5eJF1ptWaXm4bijSPyxw=="}`)
	r.chunk(pinned, "", "9876543210").want(t, http.StatusBadRequest, "")
	r.chunk(pinned, "", "0123456789").want(t, http.StatusNotFound, "")
	raced := r.begin("b", `{}`)
	r.write("b", "first")
	r.chunk(raced, "", "second").want(t, http.StatusPreconditionFailed, "")
	if _, err := r.object("a").Attrs(t.Context()); !errors.Is(err, storage.ErrObjectNotExist) ||
		r.read("b") != "first" {
		t.Errorf("a refused upload took effect: %v", err)
	}
}

func TestResumable_Cancelled_TakesNoMore(t *testing.T) {
	t.Parallel()
	r := start(t)
	uri := r.begin("a", `{}`)
	r.do(r.request(http.MethodDelete, uri, nil)).want(t, 499, "")
	r.chunk(uri, "", "content").want(t, http.StatusNotFound, "")
	r.chunk(strings.Replace(uri, "upload_id=", "upload_id=x", 1), "", "content").want(t, http.StatusNotFound, "")
}

// torn is a body that breaks off after its content.
func torn(content string) io.Reader {
	return io.MultiReader(strings.NewReader(content), iotest.ErrReader(errors.New("the line is cut")))
}

// cutOff sends some of so many bytes, and then the line is cut.
func (r *rig) cutOff(uri, content string, whole int) {
	r.t.Helper()
	req := r.request(http.MethodPut, uri, torn(content))
	req.ContentLength = int64(whole)
	if res, err := r.http.Do(req); err == nil {
		_ = res.Body.Close()
		if res.StatusCode != http.StatusServiceUnavailable {
			r.t.Fatalf("the line was not cut: %v", res.Status)
		}
	}
}

func TestResumable_CutOffInTheMiddle_GoesOnFromTheLastQuantum(t *testing.T) {
	t.Parallel()
	r := start(t)
	content := strings.Repeat("0123456789abcdef", 5*quantum/32) // two and a half quanta
	uri := r.begin("a", `{}`)
	var a answer
	// The server may get to what was cut off only while it is asked how far it is, and refuse it for that.
	for end := time.Now().Add(30 * time.Second); (a.header == nil || a.header.Get("Range") == "") && time.Now().
		Before(end); {
		r.cutOff(uri, content[:2*quantum+99], len(content))
		time.Sleep(100 * time.Millisecond)
		a = r.chunk(uri, "bytes */*", "")
	}
	if a.want(t, http.StatusPermanentRedirect, ""); a.header.Get("Range") != fmt.Sprintf("bytes=0-%d", 2*quantum-1) {
		t.Fatalf("the upload has %q", a.header.Get("Range"))
	}
	r.chunk(uri, fmt.Sprintf("bytes %d-%d/%d", 2*quantum, len(content)-1, len(content)), content[2*quantum:]).
		want(t, http.StatusOK, "")
	if r.read("a") != content {
		t.Error("the object is another one")
	}
}

func TestResumable_ForAPage_AnswersItsOriginAlone(t *testing.T) {
	t.Parallel()
	r := start(t)
	a := r.do(r.request(http.MethodPost, r.server.URL()+"/upload/storage/v1/b/"+bucket+"/o?uploadType=resumable&name=a",
		strings.NewReader(`{}`),
		"Authorization", "Bearer "+token, "Origin", "https://app.example"))
	uri := a.header.Get("Location")
	for from, allowed := range map[string]bool{"https://app.example": true, origin: false} {
		a := r.do(r.request(http.MethodOptions, uri, nil, "Origin", from, "Access-Control-Request-Method", "PUT",
			"Access-Control-Request-Headers", "content-range"))
		if got := a.header.Get("Access-Control-Allow-Origin") == from &&
			a.header.Get("Access-Control-Allow-Headers") == "content-range"; got != allowed {
			t.Errorf("the preflight of %s is answered %v", from, a.header)
		}
		a = r.do(r.request(http.MethodPut, uri, nil, "Origin", from, "Content-Range", "bytes */*"))
		shown := strings.Contains(a.header.Get("Access-Control-Expose-Headers"), "Range")
		if a.want(t, http.StatusPermanentRedirect, ""); shown != allowed ||
			allowed != (a.header.Get("Access-Control-Allow-Origin") == from) {
			t.Errorf("%s is answered %v", from, a.header)
		}
	}
}
