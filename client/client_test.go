package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/client"
)

const endpoint = "https://api.example/graphql"

func TestNew_OfWhatIsMissingOrUnsafe_IsAnError(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]struct {
		endpoint   string
		credential client.Credential
	}{
		"no endpoint":          {"", client.APIKey("k")},
		"no credential":        {endpoint, nil},
		"an empty key":         {endpoint, client.APIKey("")},
		"an empty token":       {endpoint, client.Token("")},
		"no source":            {endpoint, client.TokenSource(nil)},
		"in the clear":         {"http://api.example/graphql", client.APIKey("k")},
		"loopback as a user":   {"http://127.0.0.1:80@api.example/graphql", client.APIKey("k")},
		"loopback as a prefix": {"http://localhost.api.example/graphql", client.APIKey("k")},
		"another scheme":       {"ftp://api.example/graphql", client.APIKey("k")},
	} {
		if _, err := client.New(bad.endpoint, bad.credential); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, good := range []string{endpoint, "http://127.0.0.1:8080/graphql", "http://localhost/graphql",
		"http://[::1]:1/graphql"} {
		if _, err := client.New(good, client.Token("t")); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
}

// TestRequests_CarryTheCredential_AndNeverElsewhere has a server that sends its callers on.
func TestRequests_CarryTheCredential_AndNeverElsewhere(t *testing.T) {
	t.Parallel()
	asked := 0
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked++ }))
	defer elsewhere.Close()
	var header http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header = r.Header
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	tokens := 0
	for want, credential := range map[string]client.Credential{
		"X-Api-Key: p1_secret":      client.APIKey("p1_secret"),
		"Authorization: Bearer jwt": client.Token("jwt"),
		"Authorization: Bearer new": client.TokenSource(func(context.Context) (string, error) { tokens++; return "new", nil }),
	} {
		c, err := client.New(server.URL, credential, client.WithWorkspace("w"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = client.EndLease(t.Context(), c, client.EndLeaseInput{})
		if asked != 0 || !errors.Is(err, client.ErrBadRequest) || !strings.Contains(err.Error(), "no redirect") {
			t.Errorf("%v, and the other server was asked %d times", err, asked)
		}
		name, value, _ := strings.Cut(want, ": ")
		if header.Get(name) != value || header.Get("X-Workspace-Id") != "w" {
			t.Errorf("the headers are %v", header)
		}
	}
	if tokens != 1 {
		t.Errorf("the source was asked %d times", tokens)
	}
}

func TestTokenSource_ThatFails_SendsNothing(t *testing.T) {
	t.Parallel()
	gone := errors.New("the login has ended")
	for _, source := range []client.TokenSource{
		func(context.Context) (string, error) { return "", gone },
		func(context.Context) (string, error) { return "", nil },
	} {
		c := must(t, source, func(http.ResponseWriter, *http.Request) { t.Error("a request was sent") })
		if _, err := client.GetViewer(t.Context(), c); err == nil {
			t.Error("nothing is wrong")
		}
	}
}

func TestCredentials_Printed_ShowNothing(t *testing.T) {
	t.Parallel()
	c, err := client.New(endpoint, client.APIKey("p1_secret"))
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		for _, what := range []any{c, client.APIKey("p1_secret"), client.Token("p1_secret")} {
			if text := fmt.Sprintf(verb, what); strings.Contains(text, "secret") || strings.Contains(text, "70315f") {
				t.Errorf("%s prints %s", verb, text)
			}
		}
	}
}

// handled is a transport that needs no network: requests go to a handler.
type handled http.HandlerFunc

func (h handled) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	h(w, r)
	if w.Code == cut {
		return nil, errors.New("connection reset by peer")
	}
	return w.Result(), nil
}

// cut is the status of a handler that ends the connection instead of answering.
const cut = 599

// must makes a client of a handler.
func must(t testing.TB, credential client.Credential, handler http.HandlerFunc) *client.Client {
	t.Helper()
	c, err := client.New(endpoint, credential, client.WithHTTPClient(&http.Client{Transport: handled(handler)}))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// says answers everything so.
func says(status int, header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if name, value, ok := strings.Cut(header, ": "); ok {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}
}
