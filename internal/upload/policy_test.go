package upload_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func (r *rig) policy(t testkit.T, c datastore.UpdateRequest) {
	t.Helper()
	_, err := datastore.NewService(r.DB.Datastores(), r.uploads, nil, r.clock.now).Update(bg, r.acme, r.in, c)
	testkit.Must(t, err)
}

func TestBegin_OfWhatTheDatastoreDoesNotTake_NamesTheField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	limit := new(int64(50))
	r.policy(t, datastore.UpdateRequest{MaxObjectBytes: &limit, ContentTypes: &[]string{"text/csv", "image/*"}})
	for field, change := range map[string]func(*upload.BeginRequest){
		"contentType": func(q *upload.BeginRequest) { q.ContentType, q.MaxBytes = "text/plain", nil },
		"maxBytes":    func(q *upload.BeginRequest) { q.MaxBytes = new(int64(51)) },
	} {
		q := ask(r.in, "a")
		change(&q)
		_, err := r.uploads.Begin(bg, r.acme, q)
		testkit.Refused(t, err, fault.Invalid, field)
	}
	for _, contentType := range []string{"text/csv; charset=utf-8", "image/png"} {
		g := r.begin(t, r.acme, "a", func(q *upload.BeginRequest) { q.ContentType, q.MaxBytes = contentType, nil })
		if g.Upload.MaxBytes != 50 {
			t.Errorf("by default an upload has %d bytes", g.Upload.MaxBytes)
		}
	}
	_, err := r.uploads.Begin(bg, r.globex, ask(r.in, "a"))
	testkit.Refused(t, err, fault.NotFound, "datastoreId")
	r.wantUsage(t, "0 objects, 0 used, 100 reserved")
}

func TestComplete_AfterThePolicyChanged_IsJudgedByItAsItIsNow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	large, small := r.begin(t, r.acme, "large"), r.begin(t, r.acme, "small")
	limit, types := new(int64(5)), []string{"text/plain"}
	r.policy(t, datastore.UpdateRequest{MaxObjectBytes: &limit})
	r.wantRejected(t, r.land(t, large, "hello!"), upload.TooLarge)
	r.wantCompleted(t, r.land(t, small, "hello"))
	other := r.begin(t, r.acme, "other", func(q *upload.BeginRequest) { q.MaxBytes = nil })
	r.policy(t, datastore.UpdateRequest{ContentTypes: &types})
	r.wantRejected(t, r.land(t, other, "hello"), upload.ContentType)
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
	r.wantBucket(t, blobOf(small.Upload.ID))
}
