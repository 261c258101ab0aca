package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// sent sends a file by what a route or a mutation granted, and returns storage's status.
func (w *world) sent(url, body string, headers map[string]any) int {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPut, url, strings.NewReader(body))
	testkit.Must(w.t, err)
	for name, value := range headers {
		r.Header.Set(name, fmt.Sprint(value))
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	_ = response.Body.Close()
	return response.StatusCode
}

// upload asks a route for a URL to put a file to.
func (w *world) upload(who credential, datastore, body string) (url string, headers map[string]any) {
	w.t.Helper()
	a := w.rest(who, http.MethodPost, "/datastores/"+datastore+"/upload-url", body).want(w.t, http.StatusOK, "")
	headers, _ = a.at("headers").(map[string]any)
	return a.text("url"), headers
}

func TestREST_KeyWhoseUploadWasRejected_SaysWhyToWhoMayUpload(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor, viewer := w.user("acme", authz.Editor), w.user("acme", authz.Viewer)
	datastore := w.datastore(editor, "rejected")
	url, headers := w.upload(editor, datastore, `{"key": "long", "contentType": "a/b", "maxBytes": 3}`)
	if status := w.sent(url, "hello", headers); status != http.StatusOK {
		t.Fatalf("storage answers %d", status)
	}
	path := "/datastores/" + datastore + "/objects/long"
	a := w.rest(editor, http.MethodGet, path, "").want(t, http.StatusNotFound, "NOT_FOUND")
	if a.text("rejection") != "TOO_LARGE" || a.text("uploadId") == "" || a.text("detail") != "There is no object at "+
		"this key. An upload to it was rejected: it has more bytes than `maxBytes`, or than the datastore takes." {
		t.Errorf("an editor gets %s", a.body)
	}
	a = w.do(editor, `mutation($d: ID!) { createDownloadURL(input: {datastoreId: $d, key: "long"}) { url } }`,
		map[string]any{"d": datastore})
	if a.code() != "NOT_FOUND" || !strings.Contains(string(a.body), `"rejection":"TOO_LARGE"`) {
		t.Errorf("by GraphQL: %s", a.body)
	}
	a = w.rest(viewer, http.MethodGet, path, "").want(t, http.StatusNotFound, "NOT_FOUND")
	if a.at("rejection") != nil || a.at("uploadId") != nil || a.text("detail") != "There is no object at this key." {
		t.Errorf("a viewer gets %s", a.body)
	}
}

func TestREST_CreateReplayedAfterADeletion_SaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	for noun, create := range map[string]string{
		"datastore": `{"name": "replayed"}`,
		"secret":    `{"name": "replayed", "value": "` + w.canaries.add("rest") + `"}`,
	} {
		path := "/" + noun + "s"
		id := w.rest(admin, http.MethodPost, path, create, "Idempotency-Key", "k-"+noun).
			want(t, http.StatusCreated, "").text("id")
		w.rest(admin, http.MethodDelete, path+"/"+id, "").want(t, http.StatusNoContent, "")
		a := w.rest(admin, http.MethodPost, path, create, "Idempotency-Key", "k-"+noun).
			want(t, http.StatusConflict, "CONFLICT")
		if a.text("field") != "Idempotency-Key" ||
			!strings.Contains(a.text("detail"), "made a "+noun+" that has been deleted since") {
			t.Errorf("%s: %s", noun, a.body)
		}
	}
}

func TestPUT_ASecondTime_IsRefusedUntilSettledAndWithoutEffectAfterwards(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	datastore := w.datastore(editor, "second")
	var url, path string
	var headers map[string]any
	for attempt, refused := 0, false; !refused; attempt++ { // a job settles, too, every twenty seconds
		key := fmt.Sprintf("a%d", attempt)
		url, headers = w.upload(editor, datastore, `{"key": "`+key+`", "contentType": "a/b", "contentTypeOnly": false}`)
		path = "/datastores/" + datastore + "/objects/" + key
		if status := w.sent(url, "first", headers); status != http.StatusOK {
			t.Errorf("the PUT: %d", status)
		}
		status := w.sent(url, "first", headers)
		if refused = status == http.StatusPreconditionFailed; !refused && attempt == 4 {
			t.Fatalf("the second PUT: %d", status)
		}
	}
	for i := range 2 { // a read settles
		if a := w.rest(editor, http.MethodGet, path, ""); string(a.body) != "first" || a.header.Get("ETag")[:3] != `"1-` {
			t.Errorf("it holds %s as %s", a.body, a.header.Get("ETag"))
		}
		if status := w.sent(url, "second", headers); i == 0 && status != http.StatusOK {
			t.Errorf("the PUT after settlement: %d", status)
		}
	}
	w.rest(editor, http.MethodHead, path, "").want(t, http.StatusOK, "")
}
