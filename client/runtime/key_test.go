package runtime_test

import (
	"encoding/base64"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/client/runtime"
)

func TestKey_SavedAndLoaded_IsTheSame_AndNeverOverwritten(t *testing.T) {
	t.Parallel()
	key, err := runtime.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "runtime.pem")
	if err := key.Save(path); err != nil {
		t.Fatal(err)
	}
	if again := key.Save(path); again == nil {
		t.Error("a file was overwritten")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read it: %v, %v", info, err)
	}
	loaded, err := runtime.LoadKey(path)
	if err != nil || loaded.Public() != key.Public() {
		t.Errorf("it is %s, was %s: %v", loaded, key, err)
	}
	if public, err := base64.StdEncoding.DecodeString(key.Public()); err != nil || len(public) != 32 {
		t.Errorf("the public key has %d bytes: %v", len(public), err)
	}
}

func TestLoadKey_OfWhatIsNone_SaysSoAndShowsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"empty":   "",
		"text":    "not a key",
		"another": "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := runtime.LoadKey(path); err == nil || strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := runtime.LoadKey(filepath.Join(dir, "missing")); err == nil {
		t.Error("a missing file is a key")
	}
}

func TestLoadKey_OfOpenSSLs_IsOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "openssl.pem")
	if out, err := exec.CommandContext(t.Context(), "openssl", "genpkey", "-algorithm", "X25519", "-out", path).
		CombinedOutput(); err != nil {
		t.Skipf("skipped for want of an openssl that knows X25519: %v %s", err, out)
	}
	if _, err := runtime.LoadKey(path); err != nil {
		t.Error(err)
	}
}

func TestKey_Printed_ShowsItsPublicHalfAlone(t *testing.T) {
	t.Parallel()
	key, err := runtime.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		if got := fmt.Sprintf(verb, key); got != "runtime key "+key.Public() {
			t.Errorf("%s prints %s", verb, got)
		}
	}
}

func TestNew_WithHalfAKey_IsAnError_AndWithoutOneNoLeaseIsGiven(t *testing.T) {
	t.Parallel()
	options := runtime.Options{Endpoint: "https://api.example/graphql", APIKey: "k"}
	c, err := runtime.New(options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Lease(t.Context(), runtime.Request{}); err == nil {
		t.Error("a lease was given")
	}
	options.KeyID = "id"
	if _, err := runtime.New(options); err == nil {
		t.Error("half a key was taken")
	}
}
