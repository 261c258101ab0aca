package dev

import (
	"bytes"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/fault"
)

// listening saves an instance whose API listens at the address, and returns its state directory.
func listening(t *testing.T, address string) stateDir {
	t.Helper()
	dir := t.TempDir()
	i := instance{OIDCIssuer: "http://127.0.0.1:1", Listen: address}
	i.Region = config.Region{Name: "europe-west1", Bucket: "bucket", Location: "europe-west1"}
	if err := i.save(dir); err != nil {
		t.Fatal(err)
	}
	return stateDir{StateDir: dir}
}

func TestDevEnv_RunningInstance_NamesItForAShell(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/healthz" {
			t.Errorf("%s was asked for", r.URL)
		}
	}))
	defer server.Close()

	at := listening(t, strings.TrimPrefix(server.URL, "http://"))
	var out bytes.Buffer
	if err := (envCommand{stateDir: at}).Run(t.Context(), Streams{Out: &out}); err != nil {
		t.Fatal(err)
	}
	want := "export DATA_API_URL='" + server.URL + "'\nexport DATA_API_STATE_DIR='" + at.StateDir + "'\n"
	if out.String() != want {
		t.Errorf("it prints %q, want %q", out.String(), want)
	}
}

func TestDevEnv_NothingRuns_SaysHowToStart(t *testing.T) {
	t.Parallel()
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	ended := listening(t, closed.Addr().String())
	broken := httptest.NewServer(http.NotFoundHandler())
	defer broken.Close()

	for name, at := range map[string]stateDir{
		"never":               {StateDir: t.TempDir()},
		"not now":             ended,
		"something else does": listening(t, strings.TrimPrefix(broken.URL, "http://")),
	} {
		var out bytes.Buffer
		err := envCommand{stateDir: at}.Run(t.Context(), Streams{Out: &out})
		if err == nil || out.Len() > 0 {
			t.Errorf("%s: got %v, %q", name, err, out.String())
			continue
		}
		var known *fault.Error
		if !errors.As(err, &known) {
			t.Errorf("%s: %v has no sentence", name, err)
			continue
		}
		if said := known.Say; !strings.Contains(said, at.StateDir) || !strings.Contains(said, "`make run`") {
			t.Errorf("%s: it says %s", name, said)
		}
	}
}
