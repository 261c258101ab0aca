package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/client"
)

func TestNew_OfWhatIsMissingOrUnsafe_IsAnError(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string]client.Options{
		"no endpoint":          {APIKey: "k"},
		"no credential":        {Endpoint: "https://api.example/graphql"},
		"two credentials":      {Endpoint: "https://api.example/graphql", APIKey: "k", Token: "t"},
		"in the clear":         {Endpoint: "http://api.example/graphql", APIKey: "k"},
		"loopback as a user":   {Endpoint: "http://127.0.0.1:80@api.example/graphql", APIKey: "k"},
		"loopback as a prefix": {Endpoint: "http://localhost.api.example/graphql", APIKey: "k"},
		"another scheme":       {Endpoint: "ftp://api.example/graphql", APIKey: "k"},
	} {
		if _, err := client.New(bad); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, good := range []string{"https://api.example/graphql", "http://127.0.0.1:8080/graphql",
		"http://localhost/graphql", "http://[::1]:1/graphql"} {
		if _, err := client.New(client.Options{Endpoint: good, Token: "t"}); err != nil {
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
	for _, o := range []client.Options{{APIKey: "p1_secret"}, {Token: "jwt", WorkspaceID: "w"}} {
		o.Endpoint = server.URL
		c, err := client.New(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.EndLease(t.Context(), c, client.EndLeaseInput{}); err == nil || asked != 0 {
			t.Errorf("%v, and the other server was asked %d times", err, asked)
		}
		if header.Get("X-API-Key") != o.APIKey || o.Token != "" && header.Get("Authorization") != "Bearer "+o.Token ||
			header.Get("X-Workspace-Id") != o.WorkspaceID {
			t.Errorf("the headers are %v", header)
		}
	}
}

func TestErrors_SayWhatTheAPISaid(t *testing.T) {
	t.Parallel()
	answer := `{"data":{"endLease":null},"errors":[{"message":"There is no such lease.","extensions":{"code":"NOT_FOUND"}}]}`
	status := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, answer)
	}))
	defer server.Close()
	c, err := client.New(client.Options{Endpoint: server.URL, APIKey: "k"})
	if err != nil {
		t.Fatal(err)
	}
	for _, status = range []int{http.StatusOK, http.StatusUnauthorized} {
		_, err = client.EndLease(t.Context(), c, client.EndLeaseInput{})
		if wrapped := fmt.Errorf("ending: %w", err); client.Code(wrapped) != "NOT_FOUND" ||
			client.Message(wrapped) != "There is no such lease." {
			t.Errorf("with status %d: %q, %q", status, client.Code(err), client.Message(err))
		}
	}
	if other := errors.New("connection refused"); client.Code(other) != "" ||
		!strings.Contains(client.Message(other), "refused") || client.Code(nil) != "" {
		t.Error("what is no answer has a code")
	}
}
