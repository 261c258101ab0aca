package secretmanager_test

import (
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	emulator "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const token = "a bearer of this test"

func emulate(t *testing.T, o emulator.Options) *emulator.Server {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	o.Bearer = token
	s, err := emulator.Start(t.Context(), o)
	testkit.Must(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func open(t *testing.T, o secretmanager.Options) *secretmanager.Vault {
	t.Helper()
	o.Project = "test-project"
	if o.Locations == nil {
		o.Locations = map[string]string{"eu": "europe-west1", "us": "us-east1"}
	}
	v, err := secretmanager.New(t.Context(), o)
	testkit.Must(t, err)
	t.Cleanup(func() {
		if err := v.Close(); err != nil {
			t.Error(err)
		}
	})
	return v
}

func TestNew_BadOptions_AreInvalid(t *testing.T) {
	t.Parallel()
	eu := map[string]string{"eu": "europe-west1"}
	for name, o := range map[string]secretmanager.Options{
		"no project":           {Locations: eu, Endpoint: "127.0.0.1:1"},
		"project with a slash": {Project: "a/b", Locations: eu, Endpoint: "127.0.0.1:1"},
		"no location":          {Project: "p", Endpoint: "127.0.0.1:1"},
		"location is a host": {
			Project:   "p",
			Locations: map[string]string{"eu": "evil.example/x"},
			Endpoint:  "127.0.0.1:1",
		},
		"endpoint not loopback":   {Project: "p", Locations: eu, Endpoint: "192.0.2.1:443"},
		"endpoint without port":   {Project: "p", Locations: eu, Endpoint: "127.0.0.1"},
		"bearer without endpoint": {Project: "p", Locations: eu, Bearer: "x"},
		"negative timeout":        {Project: "p", Locations: eu, Endpoint: "127.0.0.1:1", Timeout: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := secretmanager.New(t.Context(), o); !fault.Is(err, fault.Invalid) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// nobody is a user whom Google does not know.
const nobody = `{"type":"authorized_user","client_id":"id","client_secret":"none","refresh_token":"none"}`

func TestNew_WithoutEndpoint_UsesGooglesAndCallsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "credentials.json")
	testkit.Must(t, os.WriteFile(path, []byte(nobody), 0o600))
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
	open(t, secretmanager.Options{})
}
