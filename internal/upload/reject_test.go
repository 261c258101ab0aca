package upload_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

const md5OfHello = "XUFAKrxLKna5cZ2REBfFkg=="

func TestComplete_OfBytesThatWereNotAllowed_IsRejectedAndCleared(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change      func(*upload.BeginRequest)
		contentType string
		body        string
		why         upload.Rejection
	}{
		"a byte too many": {func(q *upload.BeginRequest) { q.MaxBytes = new(int64(5)) }, "text/csv", "hello!",
			upload.TooLarge},
		"another type": {func(*upload.BeginRequest) {}, "text/html", "hello", upload.ContentType},
		"a type spelt otherwise": {func(*upload.BeginRequest) {}, "text/csv; charset=utf-8", "hello",
			upload.ContentType},
		"other content": {func(q *upload.BeginRequest) { q.MD5 = new(md5OfHello) }, "text/csv", "hellO",
			upload.Checksum},
		"no content": {func(q *upload.BeginRequest) { q.MD5 = new(md5OfHello) }, "text/csv", "",
			upload.Checksum},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			id := r.begin(t, r.acme, "a", c.change).Upload.ID
			r.wantRejected(t, r.smuggle(t, "eu", id, c.contentType, c.body), c.why)
			r.wantNothingAt(t, "a")
			r.wantUsage(t, "0 objects, 0 used, 0 reserved")
			r.wantBucket(t)
			n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.upload_rejected'
				AND outcome = 'FAILED'
				AND details->>'rejection' = $1 AND actor_id = $2 AND target_label = 'a'`, string(c.why),
				r.acme.PrincipalID)
			if n != 1 || r.events(t, "datastore.object_created") != 0 {
				t.Errorf("%d events of the rejection, %d of an object", n, r.events(t, "datastore.object_created"))
			}
		})
	}
}

func TestComplete_OfExactlyWhatWasAllowed_IsTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	g := r.begin(t, r.acme, "a", func(q *upload.BeginRequest) { q.MaxBytes, q.MD5 = new(int64(5)), new(md5OfHello) })
	r.wantCompleted(t, r.land(t, g, "hello"))
}

func TestComplete_OfAnEmptyFile_IsAnEmptyObject(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.wantCompleted(t, r.land(t, r.begin(t, r.acme, "a"), ""))
	r.wantUsage(t, "1 objects, 0 used, 0 reserved")
	if got := r.content(t, r.read(t, "a")); got != "" {
		t.Errorf("it holds %q", got)
	}
}

func TestComplete_WithAnotherVersionCurrent_IsRejected(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	at := func(version int32) func(*upload.BeginRequest) {
		return func(q *upload.BeginRequest) { q.IfVersion = &version }
	}
	r.wantRejected(t, r.land(t, r.begin(t, r.acme, "a", at(1)), "one"), upload.Precondition)
	r.wantCompleted(t, r.land(t, r.begin(t, r.acme, "a", at(0)), "one"))
	r.wantRejected(t, r.land(t, r.begin(t, r.acme, "a", at(0)), "two"), upload.Precondition)
	r.wantRejected(t, r.land(t, r.begin(t, r.acme, "a", at(2)), "two"), upload.Precondition)
	r.wantCompleted(t, r.land(t, r.begin(t, r.acme, "a", at(1)), "two"))
	if o := r.read(t, "a"); o.Current.Version != 2 || r.content(t, o) != "two" {
		t.Errorf("version %d is current", o.Current.Version)
	}
	r.wantUsage(t, "1 objects, 3 used, 0 reserved")
	if got := r.bucket(t, "eu"); len(got) != 1 {
		t.Errorf("the bucket has %v", got)
	}
}

func TestComplete_OfWhatLandedBeforeTheCurrentVersion_IsSuperseded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	early, late := r.begin(t, r.acme, "a"), r.begin(t, r.acme, "a")
	r.land(t, early, "early")
	r.land(t, late, "late")
	r.wantCompleted(t, late.Upload.ID)
	r.wantRejected(t, early.Upload.ID, upload.Superseded)
	if o := r.read(t, "a"); o.Current.Version != 1 || r.content(t, o) != "late" {
		t.Errorf("version %d is %q", o.Current.Version, r.content(t, o))
	}
	r.wantUsage(t, "1 objects, 4 used, 0 reserved")
	r.wantBucket(t, blobOf(late.Upload.ID))
}

// key makes an API key of acme's that may write, for an hour if told so.
func (r *rig) key(t *testing.T, life time.Duration) (authz.Actor, apikey.ID) {
	t.Helper()
	var ends *time.Time
	if life > 0 {
		ends = new(r.clock.now().Add(life))
	}
	mint := func() apikey.Token { return apikey.Token{Text: "t", Prefix: "p", Hash: make([]byte, 32)} }
	made, err := apikey.NewService(r.DB.APIKeys(), mint, nil, r.clock.now).Create(bg, r.acme, apikey.CreateRequest{
		Name:      "ci",
		Scopes:    []authz.Scope{authz.DatastoresWrite},
		ExpiresAt: ends,
	})
	testkit.Must(t, err)
	k, a := made.Key, r.acme
	a.Who, a.Role, a.Scopes = authz.Who{
		Kind:        authz.APIKey,
		PrincipalID: k.ID.String(),
		Label:       k.Name,
	}, "", authz.NewScopes(k.Scopes...)
	if ends != nil {
		a.ExpiresAt = *ends
	}
	return a, k.ID
}

func TestComplete_AfterTheAskersRightEnded_IsRevoked(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]string{
		"key revoked":        `UPDATE api_key SET revoked_at = now() WHERE id = $1`,
		"key lost the scope": `UPDATE api_key SET scopes = '{DATASTORES_READ}' WHERE id = $1`,
		"member removed":     `DELETE FROM member WHERE id = $1`,
		"member lowered":     `UPDATE member SET role = 'VIEWER' WHERE id = $1`,
		"member of another space": `UPDATE member SET workspace_id = (SELECT id FROM workspace WHERE name = 'globex')
			WHERE id = $1`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			asker, id := r.acme, r.acme.PrincipalID
			if name[:3] == "key" {
				byKey, keyID := r.key(t, 0)
				asker, id = byKey, keyID.String()
			}
			g := r.begin(t, asker, "a")
			r.land(t, g, "hello")
			r.sql(t, end, id)
			r.wantRejected(t, g.Upload.ID, upload.Revoked)
			r.wantNothingAt(t, "a")
			r.wantUsage(t, "0 objects, 0 used, 0 reserved")
			r.wantBucket(t)
		})
	}
}

func TestComplete_OfAnEditorsUpload_ByAnother_IsInTheEditorsName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	byKey, _ := r.key(t, 0)
	r.sql(t, `UPDATE member SET role = 'EDITOR' WHERE id = $1`, r.acme.PrincipalID)
	if u := r.complete(t, byKey, r.land(t, r.begin(t, r.acme, "a"), "hello")); u.State != upload.Completed {
		t.Fatalf("it is %s %v", u.State, u.Rejection)
	}
	if o := r.read(t, "a"); o.Current.CreatedBy != r.acme.Who {
		t.Errorf("it was made by %v", o.Current.CreatedBy)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.object_created' AND actor_label = $1`, r.acme.Label); n != 1 {
		t.Errorf("%d events in the editor's name", n)
	}
}

func TestComplete_WhenTheKeyExpired_TakesOnlyWhatHadLandedBefore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	byKey, _ := r.key(t, 10*time.Minute)
	before, after := r.begin(t, byKey, "before"), r.begin(t, byKey, "after")
	r.land(t, before, "hello")
	r.clock.pass(10 * time.Minute)
	r.land(t, after, "hello")
	r.wantCompleted(t, before.Upload.ID)
	r.wantRejected(t, after.Upload.ID, upload.Revoked)
	r.wantUsage(t, "1 objects, 5 used, 0 reserved")
	r.wantBucket(t, blobOf(before.Upload.ID))
}
