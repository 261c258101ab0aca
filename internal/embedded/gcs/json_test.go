package gcs_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
)

func wantStatus(t *testing.T, err error, status int) {
	t.Helper()
	var answer *googleapi.Error
	if !errors.As(err, &answer) || answer.Code != status {
		t.Errorf("got %v, want status %d", err, status)
	}
}

func TestBucket_IsKeptAsGiven(t *testing.T) {
	t.Parallel()
	r := start(t)
	attrs, err := r.client.Bucket(bucket).Attrs(t.Context())
	r.must(err)
	rule := attrs.Lifecycle.Rules[0]
	if attrs.Location != "EUROPE-WEST1" || attrs.Labels["made"] != "by-a-test" || attrs.CORS[0].Origins[0] != origin ||
		rule.Condition.AgeInDays != 8 || rule.Condition.MatchesPrefix[0] != "staging/" {
		t.Errorf("the bucket is %+v", attrs)
	}
}

func TestBucket_Again_IsConflict(t *testing.T) {
	t.Parallel()
	r := start(t)
	wantStatus(t, r.client.Bucket(bucket).Create(t.Context(), "dev", nil), http.StatusConflict)
	wantStatus(t, r.client.Bucket("No").Create(t.Context(), "dev", nil), http.StatusBadRequest)
	_, err := r.client.Bucket("another").Attrs(t.Context())
	wantStatus(t, err, http.StatusNotFound)
}

func TestBucket_Patched_KeepsTheRest(t *testing.T) {
	t.Parallel()
	r := start(t)
	_, err := r.client.Bucket(bucket).
		Update(t.Context(), storage.BucketAttrsToUpdate{CORS: []storage.CORS{{Origins: []string{"*"}}}})
	r.must(err)
	attrs, err := r.client.Bucket(bucket).Attrs(t.Context())
	r.must(err)
	if attrs.CORS[0].Origins[0] != "*" || len(attrs.CORS[0].Methods) != 0 || len(attrs.Lifecycle.Rules) != 1 ||
		attrs.MetaGeneration != 2 {
		t.Errorf("the bucket is %+v", attrs)
	}
}

func TestObject_OfAnySize_ReadsBackAsWritten(t *testing.T) {
	t.Parallel()
	r := start(t)
	for name, content := range map[string]string{
		"empty": "",
		"small": "content",
		"one chunk": strings.Repeat("0123456789abcdef",
			16<<10),
		"many chunks": strings.Repeat("0123456789", 90_000),
	} {
		w := r.object(name).NewWriter(t.Context())
		w.ChunkSize = googleapi.MinUploadChunkSize
		_, err := io.WriteString(w, content)
		r.must(err)
		r.must(w.Close())
		if r.read(name) != content || w.Attrs().Size != int64(len(content)) {
			t.Errorf("%s: reads back otherwise", name)
		}
	}
}

func TestObject_WithOtherChecksum_IsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	w := r.object("a").NewWriter(t.Context())
	w.CRC32C, w.SendCRC32C = 1, true
	_, _ = io.WriteString(w, "content")
	wantStatus(t, w.Close(), http.StatusBadRequest)
	_, err := r.object("a").Attrs(t.Context())
	if !errors.Is(err, storage.ErrObjectNotExist) {
		t.Errorf("the object is there: %v", err)
	}
}

func TestObject_Range_IsWhatWasAsked(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.write("a", "0123456789")
	for _, row := range []struct {
		offset, length int64
		want           string
	}{{0, 3, "012"}, {4, -1, "456789"}, {-4, -1, "6789"}, {8, 99, "89"}} {
		reader, err := r.object("a").NewRangeReader(t.Context(), row.offset, row.length)
		r.must(err)
		got, err := io.ReadAll(reader)
		r.must(err)
		r.must(reader.Close())
		if string(got) != row.want {
			t.Errorf("%d+%d is %q, want %q", row.offset, row.length, got, row.want)
		}
	}
	_, err := r.object("a").NewRangeReader(t.Context(), 10, 1)
	wantStatus(t, err, http.StatusRequestedRangeNotSatisfiable)
}

func TestObject_MediaDownload_IsItsContent(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.write("a/b", "content")
	a := r.do(r.request(http.MethodGet, r.server.URL()+"/storage/v1/b/"+bucket+"/o/a%2Fb?alt=media", nil,
		"Authorization", "Bearer "+token))
	if a.want(t, http.StatusOK, ""); a.body != "content" {
		t.Errorf("answered %q", a.body)
	}
}

func TestObject_Precondition_Decides(t *testing.T) {
	t.Parallel()
	r := start(t)
	now := r.write("a", "content").Generation
	put := func(o *storage.ObjectHandle) error {
		w := o.NewWriter(t.Context())
		_, _ = io.WriteString(w, "changed")
		return w.Close()
	}
	read := func(o *storage.ObjectHandle) error { _, err := o.Attrs(t.Context()); return err }
	drop := func(o *storage.ObjectHandle) error { return o.Delete(t.Context()) }
	for name, row := range map[string]struct {
		do     func(*storage.ObjectHandle) error
		when   storage.Conditions
		status int
	}{
		"write if absent":             {put, storage.Conditions{DoesNotExist: true}, 412},
		"write other generation":      {put, storage.Conditions{GenerationMatch: now + 1}, 412},
		"write if changed":            {put, storage.Conditions{GenerationNotMatch: now}, 412},
		"write other metageneration":  {put, storage.Conditions{MetagenerationMatch: 2}, 412},
		"read other generation":       {read, storage.Conditions{GenerationMatch: now + 1}, 412},
		"read if changed":             {read, storage.Conditions{GenerationNotMatch: now}, 304},
		"delete other generation":     {drop, storage.Conditions{GenerationMatch: now + 1}, 412},
		"delete other metageneration": {drop, storage.Conditions{MetagenerationNotMatch: 1}, 412},
	} {
		t.Log(name)
		wantStatus(t, row.do(r.object("a").If(row.when)), row.status)
	}
	if err := r.object("a").Generation(now + 1).Delete(t.Context()); !errors.Is(err, storage.ErrObjectNotExist) {
		t.Errorf("deleting a generation that never was: %v", err)
	}
	if r.read("a") != "content" {
		t.Error("a refused request changed the object")
	}
	r.must(drop(r.object("a").If(storage.Conditions{GenerationMatch: now})))
	if err := drop(r.object("a")); !errors.Is(err, storage.ErrObjectNotExist) {
		t.Errorf("deleting again: %v", err)
	}
}

func TestObject_Copied_LivesAlone(t *testing.T) {
	t.Parallel()
	r := start(t)
	now := r.write("staging/a", "content").Generation
	source, target := r.object("staging/a"), r.object("blobs/a").If(storage.Conditions{DoesNotExist: true})
	_, err := target.CopierFrom(source.If(storage.Conditions{GenerationMatch: now + 1})).Run(t.Context())
	wantStatus(t, err, http.StatusPreconditionFailed)
	attrs, err := target.CopierFrom(source.If(storage.Conditions{GenerationMatch: now})).Run(t.Context())
	r.must(err)
	if attrs.ContentType != "text/plain" || attrs.Size != 7 || attrs.Generation <= now {
		t.Errorf("the copy is %+v", attrs)
	}
	_, err = target.CopierFrom(source).Run(t.Context())
	wantStatus(t, err, http.StatusPreconditionFailed)
	r.must(source.Delete(t.Context()))
	if r.read("blobs/a") != "content" {
		t.Error("the copy went with its source")
	}
	_, err = r.object("blobs/b").CopierFrom(source).Run(t.Context())
	wantStatus(t, err, http.StatusNotFound)
}

func TestListing_PagesByPrefixAndDelimiter(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, name := range []string{"a", "b/", "b/1", "b/2", "b/c/1", "b/c/2", "b/d/1", "b/e", "c"} {
		r.write(name, name)
	}
	for _, row := range []struct {
		query storage.Query
		want  string
	}{
		{storage.Query{}, "a b/ b/1 b/2 b/c/1 b/c/2 b/d/1 b/e c"},
		{storage.Query{Prefix: "b/"}, "b/ b/1 b/2 b/c/1 b/c/2 b/d/1 b/e"},
		{storage.Query{Prefix: "b/", Delimiter: "/"}, "b/ b/1 b/2 b/c/* b/d/* b/e"},
		{storage.Query{Delimiter: "/"}, "a b/* c"},
		{storage.Query{Prefix: "none"}, ""},
	} {
		for _, size := range []int{1, 2, 3, 100} {
			if got := r.listed(&row.query, size); got != row.want {
				t.Errorf("%+v by %d: %q, want %q", row.query, size, got, row.want)
			}
		}
	}
}

// listed is every name of a listing that was read page by page, sorted; a common prefix with a star.
func (r *rig) listed(q *storage.Query, size int) string {
	r.t.Helper()
	var names []string
	pager := iterator.NewPager(r.client.Bucket(bucket).Objects(r.t.Context(), q), size, "")
	for {
		var page []*storage.ObjectAttrs
		next, err := pager.NextPage(&page)
		r.must(err)
		for _, o := range page {
			if o.Prefix != "" {
				o.Name = o.Prefix + "*"
			}
			names = append(names, o.Name)
		}
		if next == "" {
			slices.Sort(names)
			return strings.Join(names, " ")
		}
	}
}

func TestRequest_WithoutBearer_IsUnauthenticated(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.write("a", "content")
	for name, target := range map[string]string{
		"GET bucket":  "/storage/v1/b/" + bucket,
		"POST bucket": "/storage/v1/b",
		"GET list": "/storage/v1/b/" +
			bucket + "/o",
		"DELETE object": "/storage/v1/b/" + bucket + "/o/a",
		"POST upload": "/upload/storage/v1/b/" + bucket +
			"/o?uploadType=media&name=b",
		"GET xml":       "/" + bucket + "/a",
		"PUT xml":       "/" + bucket + "/b",
		"GET root":      "/",
		"PATCH nothing": "/storage/v1/nothing",
	} {
		method, _, _ := strings.Cut(name, " ")
		for _, authorization := range []string{"", "Bearer wrong", "Bearer ", "Basic " + token} {
			a := r.do(r.request(method, r.server.URL()+target, nil, "Authorization", authorization))
			if a.status != http.StatusUnauthorized {
				t.Errorf("%s with %q answered %d", name, authorization, a.status)
			}
		}
	}
}
