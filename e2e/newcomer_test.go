package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestNewcomer_InAnEmptyFolder_UsesTheGoClientByTheDocuments makes a module of its own of the program in
// docs/guide/clients.md, with this checkout in the place of a release, and runs it. No module is fetched: those that
// the client needs were, to build this test.
func TestNewcomer_InAnEmptyFolder_UsesTheGoClientByTheDocuments(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/guide/clients.md")
	testkit.Must(t, err)
	_, program, found := strings.Cut(string(page), "\n```go\n")
	program, _, closed := strings.Cut(program, "```\n")
	if !found || !closed {
		t.Fatal("the page has no program in Go")
	}
	checkout, err := filepath.Abs("..")
	testkit.Must(t, err)
	w, dir := newWorld(t, shared), t.TempDir()
	testkit.Must(t, os.WriteFile(filepath.Join(dir, "main.go"), []byte(program), 0o600))
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off",
			"DATA_API_URL=http://"+w.address, "DATA_API_TOKEN="+w.token("acme", authz.Admin))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}

	run("mod", "init", "example.com/newcomer")
	run("mod", "edit", "-require", "github.com/provenanceone/data-api@v0.0.0", "-replace",
		"github.com/provenanceone/data-api="+checkout)
	run("mod", "tidy")
	want := "uploaded version 1\nlisted reports/01.csv\nread \"day,amount\\n\"\nrevealed sk_test_1\n" +
		"there is no other: true "
	if got := run("run", "."); !strings.HasPrefix(got, want) || strings.Contains(got, "input:") {
		t.Errorf("it prints\n%s", got)
	}
}
