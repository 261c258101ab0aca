package e2e

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"
)

// TestConsole_InABrowser_DoesWhatPeopleDo runs web/e2e/console*.spec.ts beside `dev`, two files at a time. It is not
// parallel: it takes what two cores give, and looks for no races, which other tests do.
func TestConsole_InABrowser_DoesWhatPeopleDo(t *testing.T) {
	chromium := browser(t)
	d := newDev(t, nil)
	d.binary = plainBinary(t)
	server := d.start()
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()

	token := strings.TrimSpace(d.run(shared.binary, "dev", "token", "--role", "admin", "--state-dir", d.state()))
	secrets := 300
	if atFullSize() {
		secrets = 10_000
	}
	workspace, datastore := d.largeWorkspace(token, secrets)
	playwright(t, chromium, "console", "CONSOLE_ADDRESS="+d.printed(server, "Console"), "CONSOLE_TOKEN="+
		token, "CONSOLE_LARGE="+workspace, "CONSOLE_LARGE_FOLDER="+datastore, "CONSOLE_ISSUER="+d.instance("oidcIssuer"), "CONSOLE_STORAGE="+
		d.instance("gcsEndpoint"), "BROWSER_WORKERS=2",
		"BROWSER_PICTURES="+flag.Lookup("test.artifacts").Value.String()) // whoever keeps none waits for none
}

// printed is the address that `dev` printed for a page.
func (d *dev) printed(p *process, page string) string {
	d.t.Helper()
	said, err := os.ReadFile(p.log)
	testkit.Must(d.t, err)
	_, address, found := strings.Cut(string(said), "\n  "+page+" ")
	if !found {
		d.t.Fatalf("there is no %s in:\n%s", page, said)
	}
	address, _, _ = strings.Cut(address, "\n")
	return strings.TrimSpace(address)
}
