package gcs

import (
	"bufio"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/storage"
	"pgregory.net/rapid"
)

const account = "a@b"

var testKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func signTest(payload []byte) ([]byte, error) {
	sum := sha256.Sum256(payload)
	return rsa.SignPKCS1v15(rand.Reader, testKey(), crypto.SHA256, sum[:])
}

// sentPut is a signed PUT as it goes over the wire.
func sentPut(t testing.TB) string {
	t.Helper()
	signed, err := storage.SignedURL("a-bucket", "a/b c+d", &storage.SignedURLOptions{
		Scheme:         storage.SigningSchemeV4,
		Style:          storage.PathStyle(),
		Insecure:       true,
		Hostname:       "127.0.0.1:4443",
		Method:         http.MethodPut,
		Expires:        time.Now().Add(time.Hour),
		GoogleAccessID: account,
		SignBytes:      signTest,
		ContentType:    "text/plain",
		Headers:        []string{"x-goog-if-generation-match:0"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return wire(strings.TrimPrefix(signed, "http://127.0.0.1:4443"), "Content-Type: text/plain",
		"x-goog-if-generation-match: 0")
}

func wire(target string, headers ...string) string {
	return "PUT " + target + " HTTP/1.1\r\nHost: 127.0.0.1:4443\r\n" + strings.Join(append(headers, "\r\n"), "\r\n")
}

func parsed(sent string) (*http.Request, error) {
	return http.ReadRequest(bufio.NewReader(strings.NewReader(sent)))
}

// FuzzVerify_NobodysKey_NeverOpens sends requests whose signatures may be good, but by no key that the verifier knows.
func FuzzVerify_NobodysKey_NeverOpens(f *testing.F) {
	good := sentPut(f)
	f.Add(good)
	f.Add(strings.Replace(good, "X-Goog-Expires=", "X-Goog-Expires=-", 1))
	f.Add(strings.Replace(good, "host", "host%3Bhost", 1))
	f.Add(strings.Replace(good, "%2Fauto%2F", "%2F%2F%2F", 1))
	f.Add(wire("/?X-Goog-Signature=&X-Goog-Algorithm=;"))
	f.Add(wire("/%2e%2e/%2E%2E?X-Goog-Signature=00&x-goog-signature=00"))
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		f.Fatal(err)
	}
	v := verifier{signers: map[string]*rsa.PublicKey{account: &other.PublicKey}, now: time.Now}
	f.Fuzz(func(t *testing.T, sent string) {
		req, err := parsed(sent)
		if err != nil {
			return
		}
		if _, err := refIn(req.URL.EscapedPath()); err != nil {
			t.Errorf("a path that net/http reads is not read here: %v", err)
		}
		if v.verify(req) == nil {
			t.Errorf("accepted: %q", sent)
		}
	})
}

// TestVerify_AnyByteChanged_IsRefused, unless the change is only another spelling of the very same request.
func TestVerify_AnyByteChanged_IsRefused(t *testing.T) {
	t.Parallel()
	v := verifier{signers: map[string]*rsa.PublicKey{account: &testKey().PublicKey}, now: time.Now}
	good := sentPut(t)
	original, err := parsed(good)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.verify(original); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(good)-5).Draw(t, "at")
		changed := []byte(good)
		changed[at] = rapid.Byte().Draw(t, "byte")
		req, err := parsed(string(changed))
		if err == nil && v.verify(req) == nil && !sameRequest(req, original) {
			t.Errorf("accepted: %q", changed)
		}
	})
}

// sameRequest compares what the verifier vouches for; a signature in capitals is the same number.
func sameRequest(a, b *http.Request) bool {
	return a.Method == b.Method && a.URL.Path == b.URL.Path && hostOf(a) == hostOf(b) &&
		reflect.DeepEqual(plainQuery(a), plainQuery(b)) && a.Header.Get("X-Goog-If-Generation-Match") == "0" &&
		strings.Join(strings.Fields(a.Header.Get("Content-Type")), " ") == b.Header.Get("Content-Type")
}

func hostOf(r *http.Request) string { return headerValue(r, "host") }

func plainQuery(r *http.Request) map[string][]string {
	query := r.URL.Query()
	signature, _ := hex.DecodeString(query.Get("X-Goog-Signature"))
	query.Set("X-Goog-Signature", hex.EncodeToString(signature))
	return query
}
