package e2e

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"
)

// TestServe_TypoInASetting_IsToldAtTheStart has a server beside an issuer and a bucket that are not there. It starts,
// because both may come back, and says so by itself.
func TestServe_TypoInASetting_IsToldAtTheStart(t *testing.T) {
	t.Parallel()
	typos := *shared
	typos.instance = maps.Clone(shared.instance)
	typos.instance["oidcIssuer"], typos.instance["region"] = "http://127.0.0.1:1", "europe-west1=mistyped,europe-west1"
	p := typos.serveWith(t, "typos", "--no-jobs")
	checks := map[string]string{}
	for until := time.Now().Add(time.Minute); len(checks) == 0 && time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		checks = verbose(t, p)
	}
	for check, want := range map[string]string{
		"issuer":                      "FAULT",
		"bucket of europe-west1":      "FAULT",
		"server key":                  "ok",
		"audit partitions":            "ok",
		"signed URLs of europe-west1": "",
	} {
		if checks[check] != want {
			t.Errorf("%s: got %q, want %q", check, checks[check], want)
		}
	}
	for _, mend := range []string{"curl -fsS 'http://127.0.0.1:1/.well-known/openid-configuration'",
		"gcloud storage buckets create 'gs://mistyped'"} {
		if !logged(p, mend) {
			t.Errorf("the log does not say: %s\n%s", mend, p.said())
		}
	}
}

// logged reports whether a warning says what to type.
func logged(p *process, mend string) bool {
	for line := range strings.Lines(string(p.said())) {
		var entry struct{ Level, Mend string }
		if json.Unmarshal([]byte(line), &entry) == nil && entry.Level == "WARN" && strings.HasPrefix(entry.Mend, mend) {
			return true
		}
	}
	return false
}

// verbose are the statuses that a server tells anybody, by check.
func verbose(t *testing.T, p *process) map[string]string {
	t.Helper()
	response, err := http.Get("http://" + p.address + "/readyz?verbose")
	testkit.Must(t, err)
	text, err := io.ReadAll(response.Body)
	testkit.Must(t, err)
	testkit.Must(t, response.Body.Close())
	if response.StatusCode != http.StatusOK || strings.Contains(string(text), "mistyped") {
		t.Errorf("/readyz?verbose answers %d %s", response.StatusCode, text)
	}
	var ready struct {
		Checks []struct{ Check, Status string }
	}
	testkit.Must(t, json.Unmarshal(text, &ready))
	all := map[string]string{}
	for _, c := range ready.Checks {
		all[c.Check] = c.Status
	}
	return all
}
