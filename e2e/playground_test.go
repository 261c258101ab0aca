package e2e

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
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

// TestPlayground_InABrowser_KeepsToItself runs console/e2e/playground.spec.ts. It is not parallel: it takes what two
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
			w.canaries.add("playground"))
}

// TestPlayground_OfDev_SignsInWithOneClick runs console/e2e/demo.spec.ts beside `dev`. It is not parallel, as the one
// above.
func TestPlayground_OfDev_SignsInWithOneClick(t *testing.T) {
	chromium := browser(t)
	d := newDev(t, nil)
	server := d.start()
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()

	playwright(t, chromium, "demo.spec.ts", "DEMO_ADDRESS="+d.printedPlayground(server))
}

// printedPlayground is the address of the playground that `dev` printed.
func (d *dev) printedPlayground(p *process) string {
	d.t.Helper()
	printed, err := os.ReadFile(p.log)
	testkit.Must(d.t, err)
	_, address, _ := strings.Cut(string(printed), "Playground ")
	address, _, _ = strings.Cut(address, "\n")
	return address
}

// opensPlayground opens the address that `dev` printed.
func (d *dev) opensPlayground(p *process) {
	d.t.Helper()
	address, key, _ := strings.Cut(d.printedPlayground(p), "#demo=")
	response, err := client.Get(address)
	testkit.Must(d.t, err)
	defer func() { _ = response.Body.Close() }()
	page, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK ||
		!strings.Contains(string(page), `name="data-api-endpoint" content="/graphql"`) {
		d.t.Errorf("%s: got %d %v %s", address, response.StatusCode, err, page)
	}
	d.offersDemoToken(strings.TrimSuffix(address, "/playground"), key, string(page),
		response.Header.Get("Content-Security-Policy"))
}

// offersDemoToken asks, as the page does, for a token of the admin of acme, and uses it.
func (d *dev) offersDemoToken(origin, key, page, policy string) {
	d.t.Helper()
	_, url, _ := strings.Cut(page, `name="data-api-demo-token" content="`)
	url, _, _ = strings.Cut(url, `"`)
	if url == "" || !strings.Contains(policy, "connect-src 'self' "+url) {
		d.t.Fatalf("the page may ask %q, by %s", url, policy)
	}

	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, url, strings.NewReader(key))
	testkit.Must(d.t, err)
	r.Header.Set("Origin", origin)
	response, err := client.Do(r)
	testkit.Must(d.t, err)
	defer func() { _ = response.Body.Close() }()
	var answered struct{ Token string }
	testkit.Must(d.t, json.NewDecoder(response.Body).Decode(&answered))

	w := &world{stack: shared, t: d.t, address: d.listen()}
	a := w.do(credential{"Authorization", "Bearer " + answered.Token}, `{ viewer { actor { label } } }`, nil)
	if a.text("data", "viewer", "actor", "label") != "admin@acme.example" {
		d.t.Errorf("got %s", a.body)
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
