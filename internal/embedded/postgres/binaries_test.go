package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestFindBinaries_EnvironmentSaysWhere(t *testing.T) {
	dir := fakeInstallation(t, "17.10")
	t.Setenv(BinEnv, dir)
	if b, err := findBinaries(t.Context(), 0, func(string) {}); err != nil || b.dir != dir || b.major != 17 {
		t.Errorf("found %+v, error %v", b, err)
	}
	if _, err := findBinaries(t.Context(), 16, func(string) {}); err == nil ||
		!strings.Contains(err.Error(), "made by postgres 16") {
		t.Errorf("for another version's cluster: %v", err)
	}
	t.Setenv(BinEnv, t.TempDir())
	if _, err := findBinaries(t.Context(), 0, func(string) {}); err == nil || !strings.Contains(err.Error(), BinEnv) {
		t.Errorf("for an empty directory: %v", err)
	}
}

func TestFindBinaries_OnPath_AndOfTheRightVersion(t *testing.T) {
	dir := fakeInstallation(t, "99beta1")
	t.Setenv(BinEnv, "")
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	if b, err := findBinaries(t.Context(), 99, func(string) {}); err != nil || b.dir != dir {
		t.Errorf("found %+v, error %v", b, err)
	}
	_, err := findBinaries(t.Context(), 98, func(string) {})
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "apt-get install postgresql-98") {
		t.Errorf("for another version's cluster: %v", err)
	}
}

func TestFits_TooOld_IsRefused(t *testing.T) {
	t.Parallel()
	if err := (binaries{major: minMajor - 1}).fits(0); err == nil {
		t.Error("no error")
	}
}

func fakeInstallation(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n",
		"initdb":   "#!/bin/sh\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
