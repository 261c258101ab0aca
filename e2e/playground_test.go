package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/workspace"
)

func TestPlayground_WithoutItsSetting_IsNotThere(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/playground", "/playground/", "/playground/licenses.md"} {
		response, err := client.Get("http://" + shared.server.address + path)
		testkit.Must(t, err)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: got %d", path, response.StatusCode)
		}
	}
}

// TestPlayground_InABrowser_KeepsToItself runs web/e2e/playground.spec.ts. It is not parallel: it takes what two
// cores give.
func TestPlayground_InABrowser_KeepsToItself(t *testing.T) {
	chromium := browser(t)
	w := newWorld(t, shared)
	server, err := w.serve(w.binary, "playground", "--playground")
	testkit.Must(t, err)
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()
	playwright(t, chromium, "playground.spec.ts", "BROWSER_ORIGIN=http://"+server.address,
		"PLAYGROUND_TOKEN="+w.token("acme", authz.Admin), "PLAYGROUND_TOKEN_OF_TWO="+w.tokenOfTwo(),
		"PLAYGROUND_KEY="+w.apiKey("acme", authz.DatastoresRead).value, "PLAYGROUND_SECRET="+
			w.canaries.add("playground"), "PLAYGROUND_STORAGE="+w.setting("gcsEndpoint"))
}

// TestPlayground_OfDev_SignsInAndRenews runs web/e2e/signin.spec.ts beside `dev`. It is not parallel, as the one
// above.
func TestPlayground_OfDev_SignsInAndRenews(t *testing.T) {
	chromium := browser(t)
	d := newDev(t, nil)
	server := d.start()
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()

	playwright(t, chromium, "signin.spec.ts", "SIGN_IN_ADDRESS="+d.printed(server, "Playground"))
}

// opensPlayground opens the address that `dev` printed.
func (d *dev) opensPlayground(p *process) {
	d.t.Helper()
	address := d.printed(p, "Playground")
	response, err := client.Get(address)
	testkit.Must(d.t, err)
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	issuer := d.instance("oidcIssuer")
	if err != nil || response.StatusCode != http.StatusOK ||
		!strings.Contains(string(page), `name="data-api-endpoint" content="/graphql"`) ||
		!strings.Contains(string(page), `name="data-api-issuer" content="`+issuer+`"`) ||
		!strings.HasSuffix(response.Header.Get("Content-Security-Policy"), "connect-src 'self' "+issuer+" "+d.instance("gcsEndpoint")) {
		d.t.Errorf("%s: got %d %v %v %s", address, response.StatusCode, err, response.Header, page)
	}
}

// tokenOfTwo mints a JWT of somebody who is a member of two workspaces, and so has to choose one.
func (w *world) tokenOfTwo() string {
	subject := w.name + "-two"
	for _, name := range []string{"first", "second"} {
		m := member.Member{
			ID:      ident.New[member.Member](),
			Issuer:  w.setting("oidcIssuer"),
			Role:    authz.Viewer,
			Subject: subject,
			Email:   "two@" + name + ".example",
		}
		space := workspace.Workspace{ID: authz.NewWorkspaceID(), Name: name, Region: "europe-west1"}
		testkit.Must(w.t, workspace.Found(w.t.Context(), w.db.Workspaces(), space, []member.Member{m}))
	}
	token, err := w.key.Mint(oidc.Claims{
		Issuer:    w.setting("oidcIssuer"),
		Audience:  w.setting("oidcAudience"),
		Subject:   subject,
		ExpiresIn: time.Hour,
		Now:       time.Now(),
	})
	testkit.Must(w.t, err)
	return token
}
