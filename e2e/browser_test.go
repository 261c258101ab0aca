package e2e

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/provenanceone/data-api/internal/childproc"
)

// browser finds what a test is run with: Chromium, if possible the shell without windows, which takes a quarter less
// time; Node.js, Playwright and more files that npm installs. Without them the test is skipped, and fails in continuous
// integration.
func browser(t *testing.T, installed ...string) (chromium string) {
	t.Helper()
	missing := "Chromium"
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			chromium, missing = path, ""
			break
		}
	}
	if _, err := exec.LookPath("node"); err != nil {
		missing = "Node.js"
	}
	for _, file := range append(installed, "../web/node_modules/@playwright/test/cli.js") {
		if _, err := os.Stat(file); err != nil && missing == "" {
			missing = file + ", which tools/browser.sh installs,"
		}
	}
	if missing != "" && os.Getenv("CI") == "true" {
		t.Fatalf("there is no %s here", missing)
	}
	if missing != "" {
		t.Skipf("there is no %s here: nothing is tried in a browser", missing)
	}
	return chromium
}

// playwright runs a specification of web/e2e, which finds in its environment where the page is and who asks.
func playwright(t *testing.T, chromium, specification string, environment ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node", "node_modules/@playwright/test/cli.js", "test",
		"--config", "e2e/playwright.config.ts", specification)
	cmd.Dir = "../web"
	cmd.SysProcAttr = childproc.Attributes(syscall.SIGTERM)
	cmd.Env = append(append(os.Environ(), environment...),
		"BROWSER_CHROMIUM="+chromium, "BROWSER_RESULTS="+t.ArtifactDir())
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Log(lastLine(out))
}

func lastLine(text []byte) string {
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.TrimSpace(lines[len(lines)-1])
}
