package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// Whose notifications of storage the servers take.
const (
	eventsAudience = "data-api-events"
	eventsAccount  = "events@embedded.iam.gserviceaccount.com"
)

// subscribe has storage tell a server of what lands, as an operator does with Pub/Sub.
func (s *stack) subscribe(address string) error {
	bearer, err := os.ReadFile(s.setting("bearerFile"))
	if err != nil {
		return err
	}
	body := fmt.Sprintf(`{"topic": "projects/p/topics/t", "pushConfig": {"pushEndpoint": "http://%s/events/storage",
		"oidcToken": {"serviceAccountEmail": %q, "audience": %q}}}`, address, eventsAccount, eventsAudience)
	r, err := http.NewRequest(http.MethodPut, s.setting("gcsEndpoint")+"/v1/projects/p/subscriptions/s",
		strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(bearer)))
	response, err := client.Do(r)
	if err != nil {
		return err
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("subscribing answers %d", response.StatusCode)
	}
	return nil
}

// bucket is that of the one region.
func (s *stack) bucket() string {
	_, rest, _ := strings.Cut(s.setting("region"), "=")
	bucket, _, _ := strings.Cut(rest, ",")
	return bucket
}

// landing is an upload that was asked for.
type landing struct {
	id, url string
	headers http.Header
}

// bin makes a datastore of acme's.
func (w *world) bin() string {
	w.t.Helper()
	return w.do(w.user("acme", authz.Admin), `mutation { createDatastore(input: {name: "bin"}) { datastore { id } } }`,
		nil).text("data", "createDatastore", "datastore", "id")
}

// landing asks for an upload of at most 9 bytes of text/csv, unless more says otherwise.
func (w *world) landing(who credential, datastore, key string, more map[string]any) landing {
	w.t.Helper()
	input := map[string]any{"datastoreId": datastore, "key": key, "contentType": "text/csv", "maxBytes": "9"}
	maps.Copy(input, more)
	a := w.do(who, `mutation($i: CreateUploadURLInput!) { createUploadURL(input: $i) { url headers { name value } upload { id } } }`, map[string]any{"i": input})
	if a.code() != "" {
		w.t.Fatalf("%s", a.body)
	}
	l := landing{
		id:      a.text("data", "createUploadURL", "upload", "id"),
		url:     a.text("data", "createUploadURL", "url"),
		headers: http.Header{},
	}
	w.noteURL(l.url)
	headers, _ := a.at("data", "createUploadURL", "headers").([]any)
	for _, h := range headers {
		header, _ := h.(map[string]any)
		l.headers.Set(fmt.Sprint(header["name"]), fmt.Sprint(header["value"]))
	}
	return l
}

// putAs PUTs a body as it was asked for, or changed, and returns what storage says.
func (w *world) putAs(l landing, body string, change ...func(*http.Request)) int {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPut, l.url, strings.NewReader(body))
	testkit.Must(w.t, err)
	r.Header = l.headers.Clone()
	for _, c := range change {
		c(r)
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	_, _ = io.Copy(io.Discard, response.Body)
	testkit.Must(w.t, response.Body.Close())
	return response.StatusCode
}

// stateOf reads an upload, which settles nothing.
func (w *world) stateOf(l landing) string {
	w.t.Helper()
	return w.stateAs(w.user("acme", authz.Editor), l)
}

func (w *world) stateAs(who credential, l landing) string {
	w.t.Helper()
	a := w.do(who, `query($id: ID!) { node(id: $id) { ... on Upload { state rejection } } }`,
		map[string]any{"id": l.id})
	return strings.TrimSpace(a.text("data", "node", "state") + " " + a.text("data", "node", "rejection"))
}

// until waits until something holds.
func (w *world) until(what string, holds func() bool) {
	w.t.Helper()
	for end := time.Now().Add(3 * time.Minute); !holds(); <-time.After(100 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatalf("%s: not after three minutes", what)
		}
	}
}

// TestEvents_PutAndNothingElse_BecomesAnObject looks at the audit log alone, which settles nothing.
func TestEvents_PutAndNothingElse_BecomesAnObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor, in := w.user("acme", authz.Editor), w.bin()
	for mode, more := range map[string]map[string]any{
		"single":    nil,
		"typed":     {"contentTypeOnly": true},
		"resumable": {"mode": "RESUMABLE"},
	} {
		before := w.recorded("datastore.object_created")
		if status := w.putAs(w.landing(editor, in, mode, more), "a"); status != http.StatusOK {
			t.Fatalf("%s: the PUT is answered %d", mode, status)
		}
		w.until(mode, func() bool { return w.recorded("datastore.object_created") == before+1 })
	}
}

// tell sends a notice of storage with a token, and returns the status.
func (w *world) tell(token, bucket, name string) int {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"message": map[string]any{"attributes": map[string]string{
		"eventType": "OBJECT_FINALIZE",
		"bucketId":  bucket,
		"objectId":  name,
	}}})
	testkit.Must(w.t, err)
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "http://"+w.address+"/events/storage",
		bytes.NewReader(body))
	testkit.Must(w.t, err)
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func (w *world) senderToken(change func(*oidc.Claims)) string {
	w.t.Helper()
	c := oidc.Claims{
		Issuer:        shared.setting("oidcIssuer"),
		Audience:      eventsAudience,
		Subject:       "1",
		Email:         eventsAccount,
		EmailVerified: true,
		ExpiresIn:     time.Minute,
	}
	change(&c)
	token, err := shared.key.Mint(c)
	testkit.Must(w.t, err)
	return token
}

// TestEvents_FromAnybodyElseOrOfSomethingElse_DoNothing tells a server of its own, for bad credentials count against
// the address.
func TestEvents_FromAnybodyElseOrOfSomethingElse_DoNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.address = newReplica(t, shared)
	open := w.landing(w.user("acme", authz.Editor), w.bin(), "k", nil)
	bucket, staged := shared.bucket(), "staging/"+open.id
	for name, token := range map[string]string{
		"nobody": "",
		"a user": w.token("acme",
			authz.Admin),
		"another account":  w.senderToken(func(c *oidc.Claims) { c.Email = "other@p.example" }),
		"another audience": w.senderToken(func(c *oidc.Claims) { c.Audience = shared.setting("oidcAudience") }),
		"garbage":          "a.b.c",
		"unverified":       w.senderToken(func(c *oidc.Claims) { c.EmailVerified = false }),
		"another issuer":   w.senderToken(func(c *oidc.Claims) { c.Issuer = "https://accounts.google.com" }),
		"expired":          w.senderToken(func(c *oidc.Claims) { c.ExpiresIn = -time.Minute }),
	} {
		if status := w.tell(token, bucket, staged); status != http.StatusUnauthorized {
			t.Errorf("%s is answered %d", name, status)
		}
	}
	sender := w.senderToken(func(*oidc.Claims) {})
	for _, hint := range [][2]string{{bucket, staged}, {"other", staged},
		{bucket, "staging/01890a5d-ac96-774b-bcce-b302099a8057"}, {bucket, "blobs/" + open.id},
		{bucket, "../../etc"}, {"", ""}} {
		if status := w.tell(sender, hint[0], hint[1]); status != http.StatusNoContent {
			t.Errorf("%v is answered %d", hint, status)
		}
	}
	if got := w.stateOf(open); got != "OPEN" {
		t.Errorf("the upload is %s", got)
	}
	if a := w.do(credential{"Authorization", "Bearer " + sender}, `{ viewer { __typename } }`,
		nil); a.code() != "UNAUTHENTICATED" {
		t.Errorf("the sender may ask: %s", a.body)
	}
}

// isStaged asks storage itself.
func (w *world) isStaged(l landing) bool {
	w.t.Helper()
	bearer, err := os.ReadFile(w.setting("bearerFile"))
	testkit.Must(w.t, err)
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet,
		w.setting("gcsEndpoint")+"/storage/v1/b/"+w.bucket()+"/o/staging%2F"+l.id, nil)
	testkit.Must(w.t, err)
	r.Header.Set("Authorization", "Bearer "+strings.TrimSpace(string(bearer)))
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// TestSweeper_LateBytes_AreDropped: no notice is about them, for their upload has ended.
func TestSweeper_LateBytes_AreDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	l := w.landing(editor, w.bin(), "late", nil)
	if a := w.do(editor, `mutation($u: ID!) { cancelUpload(input: {uploadId: $u}) { upload { state } } }`,
		map[string]any{"u": l.id}); a.code() != "" {
		t.Fatalf("%s", a.body)
	}
	if status := w.putAs(l, "late"); status != http.StatusOK || !w.isStaged(l) {
		t.Fatalf("storage answers %d", status)
	}
	w.until("late bytes are dropped", func() bool { return !w.isStaged(l) })
	if got := w.stateOf(l); got != "CANCELLED" {
		t.Errorf("the upload is %s", got)
	}
}
