package upload_test

import (
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// why is what a caller gets who asks for the object at a key where there is none: the rejection, and the sentence.
func (r *rig) why(t *testing.T, a authz.Actor, key string) (rejection any, say string) {
	t.Helper()
	_, err := r.objects.Download(bg, a, object.DownloadRequest{DatastoreID: r.in, Key: key, TTL: 1e9})
	testkit.Refused(t, err, fault.NotFound, "key")
	f := asFault(err)
	if (f.Details["rejection"] == nil) != (f.Details["uploadId"] == nil) {
		t.Errorf("it has %v", f.Details)
	}
	return f.Details["rejection"], f.Say
}

func TestFind_KeyWithARejectedUpload_SaysWhy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change            func(*upload.BeginRequest)
		contentType, body string
		why               upload.Rejection
		say               string
	}{
		"larger than declared": {func(q *upload.BeginRequest) { q.MaxBytes = new(int64(5)) }, "text/csv", "hello!",
			upload.TooLarge, "it has more bytes than `maxBytes`"},
		"another type": {func(*upload.BeginRequest) {}, "text/html", "hello", upload.ContentType, "content type"},
		"other content": {func(q *upload.BeginRequest) { q.MD5 = new(md5OfHello) }, "text/csv", "hellO",
			upload.Checksum, "`md5`"},
		"another version": {func(q *upload.BeginRequest) { q.IfVersion = new(int32(7)) }, "text/csv", "hello",
			upload.Precondition, "`ifVersion`"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.smuggle(t, "eu", r.begin(t, r.acme, "a", c.change).Upload.ID, c.contentType, c.body)
			// Nobody completes it: the read settles it.
			why, say := r.why(t, r.acme, "a")
			if why != string(c.why) || !strings.HasPrefix(say, "There is no object at this key. An upload to it was "+
				"rejected: ") || !strings.Contains(say, c.say) {
				t.Errorf("it says %v: %s", why, say)
			}
		})
	}
}

func TestFind_KeyWithARejectedUpload_SaysNothingToWhomItDoesNotConcern(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	reject := func(key string) {
		id := r.begin(t, r.acme, key).Upload.ID
		r.wantRejected(t, r.smuggle(t, "eu", id, "text/html", "hello"), upload.ContentType)
	}
	reject("a")
	viewer, reader := r.acme, r.acme
	viewer.Role = authz.Viewer
	reader.Who, reader.Role, reader.Scopes = authz.Who{Kind: authz.APIKey, PrincipalID: r.acme.PrincipalID}, "",
		authz.NewScopes(authz.DatastoresRead)
	for name, c := range map[string]struct {
		by  authz.Actor
		key string
	}{
		"a viewer":            {viewer, "a"},
		"a key that reads":    {reader, "a"},
		"another workspace":   {r.globex, "a"},
		"a key without one":   {r.acme, "b"},
		"a key that is alike": {r.acme, "A"},
	} {
		if why, say := r.why(t, c.by, c.key); why != nil || say != "There is no object at this key." {
			t.Errorf("%s: it says %v: %s", name, why, say)
		}
	}

	// What came after the rejection is what counts.
	r.wantCompleted(t, r.land(t, r.begin(t, r.acme, "a"), "hello"))
	_, err := r.objects.Delete(bg, r.acme, r.in, "a", object.Precondition{})
	testkit.Must(t, err)
	if why, _ := r.why(t, r.acme, "a"); why != nil {
		t.Errorf("a key that was deleted: it says %v", why)
	}
}
