package httpserver

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestRefusal_OfACredential_IsOneLineOfTheLogWithoutIt(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Authenticate: func(context.Context, http.Header, authz.Origin) (authz.Actor, error) {
		return authz.Actor{}, fault.New(fault.Unauthenticated, "It is bad.").Because(&authz.CredentialError{
			KeyID:    "key\n1" + strings.Repeat("k", 400),
			Issuer:   "https://idp.example",
			Audience: "data-api, account",
			Err:      errors.New("it is meant for another audience too"),
		})
	}})
	const credential = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.hunter2hunter2"
	s.post(t, fine, "Authorization", "Bearer "+credential)
	lines := refusalsIn(t, s)
	if len(lines) != 1 {
		t.Fatalf("log is %s", s.log)
	}
	for name, want := range map[string]string{
		"cause":    "it is meant for another audience too",
		"issuer":   "https://idp.example",
		"audience": "data-api, account",
		"address":  "127.0.0.1",
		"level":    "INFO",
	} {
		if lines[0][name] != want {
			t.Errorf("%s is %v", name, lines[0][name])
		}
	}
	kid, _ := lines[0]["kid"].(string)
	if !strings.HasPrefix(kid, "key1k") || len(kid) > maxText || lines[0]["requestId"] == "" {
		t.Errorf("kid is %q", kid)
	}
	for _, part := range strings.Split(credential, ".") {
		if strings.Contains(s.log.String(), part) {
			t.Errorf("the credential is in the log: %s", s.log.String())
		}
	}
}

func TestRefusal_OfNoCredential_OrByAnOutage_IsNotLoggedAsOne(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Authenticate: func(_ context.Context, h http.Header, _ authz.Origin) (authz.Actor, error) {
		kinds := map[string]fault.Kind{"": fault.Unauthenticated, "down": fault.Unavailable, "away": fault.Forbidden}
		return authz.Actor{}, fault.New(kinds[h.Get("X-API-Key")], "Not now.")
	}})
	s.post(t, fine, "Authorization", "")
	s.post(t, fine, "Authorization", "", "X-API-Key", "down")
	if lines := refusalsIn(t, s); len(lines) != 0 {
		t.Errorf("log is %s", s.log)
	}
	s.post(t, fine, "Authorization", "", "X-API-Key", "away")
	if lines := refusalsIn(t, s); len(lines) != 1 || lines[0]["cause"] != "Not now." {
		t.Errorf("log is %s", s.log)
	}
}

// refusalsIn returns the lines of the log about refused credentials.
func refusalsIn(t *testing.T, s *site) (lines []map[string]any) {
	t.Helper()
	for text := range strings.Lines(s.log.String()) {
		var line map[string]any
		testkit.Must(t, json.Unmarshal([]byte(text), &line))
		if line["msg"] == "credential refused" {
			lines = append(lines, line)
		}
	}
	return lines
}
