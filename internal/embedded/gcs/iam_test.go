package gcs_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"cloud.google.com/go/storage"
)

const signBlob = "/v1/projects/-/serviceAccounts/" + email + ":signBlob"

// managed signs as IAM does, by the emulator.
func (r *rig) managed(payload []byte) ([]byte, error) {
	a := r.iam(http.MethodPost, signBlob, token, `{"payload": "`+base64.StdEncoding.EncodeToString(payload)+`"}`)
	var said struct{ SignedBlob []byte }
	return said.SignedBlob, unmarshal(a, &said)
}

func unmarshal(a answer, into *struct{ SignedBlob []byte }) error {
	return json.Unmarshal([]byte(a.body), into)
}

func (r *rig) iam(method, path, bearer, body string) answer {
	r.t.Helper()
	return r.do(r.request(method, r.server.URL()+path, strings.NewReader(body), "Authorization", "Bearer "+bearer))
}

func TestSignBlob_SignsWhatStorageAccepts_AlsoAfterARestart(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.write("a", "content")
	signed := r.sign(http.MethodGet, "a", func(o *storage.SignedURLOptions) { o.SignBytes = r.managed })
	if a := r.do(r.request(http.MethodGet, signed, nil)); a.status != http.StatusOK || a.body != "content" {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	path := strings.TrimPrefix(signed, r.server.URL())
	r.must(r.server.Close())
	again := startOn(t, r.dir)
	if a := again.do(again.request(http.MethodGet, again.server.URL()+path, nil)); a.status != http.StatusOK {
		t.Errorf("after a restart it answered %d %s", a.status, a.body)
	}
}

func TestSignBlob_NotAsItTakesIt_IsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	for name, row := range map[string]struct {
		method, path, bearer, body string
		status                     int
	}{
		"no bearer":      {http.MethodPost, signBlob, "", `{"payload": "YQ=="}`, http.StatusUnauthorized},
		"another bearer": {http.MethodPost, signBlob, "guess", `{"payload": "YQ=="}`, http.StatusUnauthorized},
		"an unknown account": {http.MethodPost, strings.Replace(signBlob, email, "who@dev", 1), token,
			`{"payload": "YQ=="}`, http.StatusForbidden},
		"a GET":      {http.MethodGet, signBlob, token, "", http.StatusMethodNotAllowed},
		"no payload": {http.MethodPost, signBlob, token, `{}`, http.StatusBadRequest},
		"no base64":  {http.MethodPost, signBlob, token, `{"payload": "*"}`, http.StatusBadRequest},
		"no JSON":    {http.MethodPost, signBlob, token, `payload`, http.StatusBadRequest},
		"another method": {http.MethodPost, strings.Replace(signBlob, "signBlob", "signJwt", 1), token, `{}`,
			http.StatusNotImplemented},
		"another resource": {http.MethodPost, "/v1/projects/-/roles", token, `{}`, http.StatusNotImplemented},
	} {
		if a := r.iam(row.method, row.path, row.bearer, row.body); a.status != row.status {
			t.Errorf("%s: answered %d %s, want %d", name, a.status, a.body, row.status)
		}
	}
}

func TestSignBlob_ByManyAtOnce_IsOneKey(t *testing.T) {
	t.Parallel()
	r := start(t)
	signatures := make(chan string)
	for range 8 {
		go func() {
			signature, _ := r.managed([]byte("payload")) // one that fails is empty, and unlike the others
			signatures <- string(signature)
		}()
	}
	first := <-signatures
	for range 7 {
		if next := <-signatures; next != first || first == "" {
			t.Error("two keys have signed, or none")
		}
	}
}
