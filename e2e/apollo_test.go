package e2e

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestApollo_OnAnotherOrigin_GetsIn builds examples/apollo, serves it on another origin than that of `dev`, and runs
// web/e2e/apollo.spec.ts. It is not parallel: it takes what two cores give.
func TestApollo_OnAnotherOrigin_GetsIn(t *testing.T) {
	chromium := browser(t, "../examples/apollo/node_modules/vite/package.json")
	page := httptest.NewServer(http.FileServer(http.Dir(buildApollo(t))))
	defer page.Close()
	d := newDev(t, nil)
	server := d.start()
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()
	token := func(more ...string) string {
		arguments := append([]string{"dev", "token", "--role", "admin", "--state-dir", d.state()}, more...)
		return strings.TrimSpace(d.run(shared.binary, arguments...))
	}

	// Chromium finds every name below localhost on this machine; `dev` allows pages of localhost itself and of
	// 127.0.0.1.
	stranger := strings.Replace(page.URL, "127.0.0.1", "not-allowed.localhost", 1)
	playwright(t, chromium, "apollo.spec.ts", "BROWSER_ORIGIN="+page.URL, "APOLLO_STRANGER="+stranger,
		"APOLLO_API=http://"+d.listen(), "APOLLO_STORAGE="+d.instance("gcsEndpoint"),
		"APOLLO_TOKEN="+token(), "APOLLO_EXPIRED_TOKEN="+token("--for=-1h"), "APOLLO_SECRET="+
			shared.canaries.add("apollo"))
}

// buildApollo builds the example as its README says, but for the directory, which it returns.
func buildApollo(t *testing.T) string {
	t.Helper()
	dist := filepath.Join(t.TempDir(), "dist")
	cmd := exec.CommandContext(t.Context(), "npm", "run", "build", "--", "--outDir", dist)
	cmd.Dir = "../examples/apollo"
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dist
}
