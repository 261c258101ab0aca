package main_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const aChangelog = `# Changelog

## [Unreleased]

- Not yet.

## [1.10.0] - 2026-12-01

### Added

- This.

- And that.

## [1.1.0] - 2026-11-01

- Before.
`

// notes runs tools/notes.sh on that changelog.
func notes(t *testing.T, arguments ...string) (said string, err error) {
	t.Helper()
	changelog := filepath.Join(t.TempDir(), "CHANGELOG.md")
	if err := os.WriteFile(changelog, []byte(aChangelog), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "tools/notes.sh", append(arguments, changelog)...).CombinedOutput()
	return string(out), err
}

func TestRelease_Notes_AreThoseOfTheVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"v1.10.0": "### Added\n\n- This.\n\n- And that.\n\n",
		"v1.1.0":  "- Before.\n",
	} {
		if got, err := notes(t, version); err != nil || got != want {
			t.Errorf("%s: got %q, %v", version, got, err)
		}
	}
	if got, err := notes(t, "--date", "v1.10.0"); err != nil || got != "2026-12-01\n" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestRelease_VersionThatTheChangelogLacks_IsRefused(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"v1.1.1":     "CHANGELOG.md has no '## [1.1.1]",
		"v1.1":       "say which version",
		"1.1.0":      "say which version",
		"Unreleased": "say which version",
	} {
		if got, err := notes(t, version); err == nil || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, %v", version, got, err)
		}
	}
	out := filepath.Join(t.TempDir(), "release")
	got, err := exec.CommandContext(t.Context(), "tools/release.sh", "v999.0.0", out).CombinedOutput()
	if err == nil || !strings.Contains(string(got), "CHANGELOG.md has no") {
		t.Errorf("a release is built of it: %s", got)
	}
	if _, err := os.Stat(out); !os.IsNotExist(err) {
		t.Errorf("something is there: %v", err)
	}
}

// TestRelease_Image_IsBuiltAsAReleaseIs compares the flags of the compiler, and its version.
func TestRelease_Image_IsBuiltAsAReleaseIs(t *testing.T) {
	t.Parallel()
	release, err := os.ReadFile("tools/release.sh")
	if err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	image := deployFiles(t)["deploy/Containerfile"]
	for _, part := range []string{"CGO_ENABLED=0", "-trimpath -buildvcs=false", "internal/command.version="} {
		if !strings.Contains(image, part) || !bytes.Contains(release, []byte(part)) {
			t.Errorf("%s is not in both", part)
		}
	}
	want := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindSubmatch(module)[1]
	if !strings.Contains(image, "golang:"+string(want)+"-") {
		t.Errorf("the image is not built by Go %s", want)
	}
}
