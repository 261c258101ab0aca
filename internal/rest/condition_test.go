package rest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestJudge_AnyConditions_AreAnsweredAsTheStandardLibraryDoes holds the conditions against http.ServeContent, where
// both take notice of them.
func TestJudge_AnyConditions_AreAnsweredAsTheStandardLibraryDoes(t *testing.T) {
	t.Parallel()
	made := time.Date(2026, 5, 1, 9, 30, 0, 700, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		v := version{
			ID:        "01a20ec2",
			Version:   3,
			SizeBytes: big(rapid.Int64Range(1, 30).Draw(t, "size")),
			CreatedAt: made,
		}
		h := http.Header{}
		tag := rapid.SampledFrom([]string{v.etag(), "W/" + v.etag(), `"other"`, "*", `"a", ` + v.etag(), `"a","b"`})
		date := rapid.SampledFrom([]string{at(made), at(made.Add(-time.Hour)), at(made.Add(time.Hour)), "yesterday"})
		for _, header := range []struct {
			name   string
			values *rapid.Generator[string]
		}{
			{"If-Match", tag}, {"If-None-Match", tag}, {"If-Modified-Since", date}, {"If-Unmodified-Since", date},
			{"If-Range", rapid.SampledFrom([]string{v.etag(), "W/" + v.etag(), `"other"`, at(made),
				at(made.Add(time.Hour))})},
			{"Range", rapid.SampledFrom([]string{"bytes=0-", "bytes=0-0", "bytes=5-9", "bytes=-5", "bytes=29-99",
				"bytes=30-", "bytes=-99", "bytes= 1 - 2 "})},
		} {
			if rapid.Bool().Draw(t, header.name) {
				h.Set(header.name, header.values.Draw(t, "value of "+header.name))
			}
		}
		method := rapid.SampledFrom([]string{http.MethodGet, http.MethodHead}).Draw(t, "method")
		if method == http.MethodHead {
			h.Del("Range") // which is defined for GET alone
		}
		want := reference(method, h, v)
		got := judge(method, h, v)
		content := ""
		if got.length > 0 && method == http.MethodGet && got.status < 300 {
			content = letters[got.from : got.from+got.length]
		}
		if got.status != want.Code || want.Code < 300 && content != want.Body.String() {
			t.Fatalf("got %+v, want %d %q, of %v with %d bytes", got, want.Code, want.Body, h, v.SizeBytes)
		}
	})
}

const letters = "abcdefghijklmnopqrstuvwxyz0123"

func at(when time.Time) string { return when.UTC().Format(http.TimeFormat) }

func reference(method string, h http.Header, v version) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	w.Header().Set("ETag", v.etag())
	w.Header().Set("Content-Type", "text/plain")
	r := httptest.NewRequest(method, "/", http.NoBody)
	r.Header = h
	http.ServeContent(w, r, "", v.CreatedAt, bytes.NewReader([]byte(letters[:v.SizeBytes])))
	return w
}

func TestJudge_RangeOfNoBytes_IsNotSatisfiable(t *testing.T) {
	t.Parallel()
	for _, header := range []string{"bytes=-0", "bytes=30-", "bytes=30-40", "bytes=99999999999999999999-"} {
		if got := judge(http.MethodGet, http.Header{"Range": {header}},
			version{SizeBytes: 30}); got.status != http.StatusRequestedRangeNotSatisfiable {
			t.Errorf("%q: got %+v", header, got)
		}
	}
	// Of nothing there is no range that could be satisfied; who asks for one gets nothing, whole.
	for _, header := range []string{"bytes=-0", "bytes=0-", "bytes=-5", "bytes=30-40"} {
		if got := judge(http.MethodGet, http.Header{"Range": {header}},
			version{}); got != (verdict{status: http.StatusOK}) {
			t.Errorf("%q of nothing: got %+v", header, got)
		}
	}
}

func TestJudge_RangesThatAreNone_AreTakenNoNoticeOf(t *testing.T) {
	t.Parallel()
	v := version{SizeBytes: 30}
	for _, header := range []string{"bytes=0-1,3-4", "bytes=" + strings.Repeat("0-0,", 5000) + "0-0", "bytes=5-2",
		"bytes=a-b", "bytes=-", "bytes=+1-2", "lines=0-1", "bytes 0-1", "bytes=1--2", "0-1"} {
		if got := judge(http.MethodGet, http.Header{"Range": {header}}, v); got != (verdict{http.StatusOK, 0, 30}) {
			t.Errorf("%.40q: got %+v", header, got)
		}
	}
}

// FuzzRange holds that no range reaches beyond the object.
func FuzzRange(f *testing.F) {
	for _, seed := range []string{"bytes=0-", "bytes=-1", "bytes=9223372036854775807-9223372036854775807", "bytes=5-4",
		"bytes=18446744073709551616-"} {
		f.Add(seed, int64(10))
	}
	f.Fuzz(func(t *testing.T, header string, size int64) {
		if size < 0 {
			return
		}
		got := judge(http.MethodGet, http.Header{"Range": {header}}, version{SizeBytes: big(size)})
		if got.from < 0 || got.length < 0 || got.from+got.length > size || got.from+got.length < 0 {
			t.Fatalf("%q of %d bytes is %+v", header, size, got)
		}
	})
}
