package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDeploy_Tools_FindNothing has the tools of the trade read the files, as far as this machine has them.
func TestDeploy_Tools_FindNothing(t *testing.T) {
	t.Parallel()
	for name, check := range map[string]func(*testing.T){
		"systemd-analyze": checkUnit,
		"kustomize":       checkKustomize,
		"hadolint":        func(t *testing.T) { t.Helper(); run(t, "hadolint", "deploy/Containerfile") },
		"docker":          checkCompose,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(name); err != nil {
				t.Skipf("skipped for want of %s", name)
			}
			check(t)
		})
	}
}

// run returns what a command prints; it fails the test if the command fails.
func run(t *testing.T, command ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), command[0], command[1:]...).CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return string(out)
}

// checkUnit has a copy checked whose program is there.
func checkUnit(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(unit)
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(t.TempDir(), filepath.Base(unit))
	there := strings.Replace(string(text), "/usr/local/bin/data-api", "/bin/true", 1)
	if err := os.WriteFile(at, []byte(there), 0o600); err != nil {
		t.Fatal(err)
	}
	if said := run(t, "systemd-analyze", "verify", at); said != "" {
		t.Error(said)
	}
	const exposure = "20" // of 100
	run(t, "systemd-analyze", "security", "--offline=true", "--threshold="+exposure, at)
}

// checkKustomize builds both, and has kubeconform look at what comes of it if it is there.
func checkKustomize(t *testing.T) {
	t.Helper()
	for _, folder := range []string{base, "deploy/kustomize/overlays/example"} {
		built := run(t, "kustomize", "build", folder)
		if _, err := exec.LookPath("kubeconform"); err != nil {
			t.Log("not looked at for want of kubeconform")
			continue
		}
		at := filepath.Join(t.TempDir(), "built.yaml")
		if err := os.WriteFile(at, []byte(built), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), "kubeconform", "-strict", at).CombinedOutput()
		switch {
		case strings.Contains(string(out), "failed downloading schema"):
			t.Log("not looked at for want of a network")
		case err != nil:
			t.Errorf("%v: %s", err, out)
		}
	}
}

func checkCompose(t *testing.T) {
	t.Helper()
	if exec.CommandContext(t.Context(), "docker", "compose", "version").Run() != nil {
		t.Skip("skipped for want of docker compose")
	}
	run(t, "env", "POSTGRES_PASSWORD=a", "OWNER_PASSWORD=b", "APP_PASSWORD=c", "docker", "compose", "-f", compose, "config", "--quiet", "--no-env-resolution")
}
