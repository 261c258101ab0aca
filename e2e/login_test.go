package e2e

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// person is somebody at a command line, with a home of their own.
type person struct {
	*dev

	home string
}

func (p person) command(args ...string) *exec.Cmd {
	args = append(args, "--api", "http://"+p.listen())
	cmd := exec.CommandContext(p.t.Context(), shared.binary, args...)
	cmd.Env = append(os.Environ(), "HOME="+p.home, "XDG_CONFIG_HOME="+p.home, "DATA_API_SIGN_IN_STORE=file")
	return cmd
}

func (p person) run(args ...string) (string, error) {
	out, err := p.command(args...).CombinedOutput()
	return string(out), err
}

// file is where the sign-in is kept.
func (p person) file() string {
	p.t.Helper()
	found, err := filepath.Glob(filepath.Join(p.home, "*", "*.json"))
	if found == nil {
		found, err = filepath.Glob(filepath.Join(p.home, "Library", "*", "*", "*.json")) // macOS
	}
	if err != nil || len(found) != 1 {
		p.t.Fatalf("the sign-in is in %v, %v", found, err)
	}
	return found[0]
}

func (p person) kept() (all map[string]any) {
	p.t.Helper()
	raw, err := os.ReadFile(p.file())
	testkit.Must(p.t, err)
	testkit.Must(p.t, json.Unmarshal(raw, &all))
	return all
}

func (p person) keptText(name string) string {
	text, _ := p.kept()[name].(string)
	return text
}

// expire makes the kept access token look old.
func (p person) expire() {
	p.t.Helper()
	all := p.kept()
	all["expires"] = time.Now().Add(-time.Hour)
	raw, err := json.Marshal(all)
	testkit.Must(p.t, err)
	testkit.Must(p.t, os.WriteFile(p.file(), raw, 0o600))
}

var hiddenField = regexp.MustCompile(`name="(request|csrf)" value="(\w+)"`)

// opens does what a person does in a browser, at the address that login has printed.
func (p person) opens(address, user string) (said string) {
	p.t.Helper()
	browser := &http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path != "/callback" || r.URL.Hostname() != "127.0.0.1" {
			p.t.Errorf("it leads to %s", r.URL)
		}
		return nil
	}}
	defer browser.CloseIdleConnections()
	page, err := browser.Get(address)
	testkit.Must(p.t, err)
	defer page.Body.Close()
	text, err := io.ReadAll(page.Body)
	testkit.Must(p.t, err)
	form := url.Values{"user": {user}}
	for _, field := range hiddenField.FindAllStringSubmatch(string(text), -1) {
		form.Set(field[1], field[2])
	}
	next, err := browser.PostForm(p.instance("oidcIssuer")+"/authorize", form)
	testkit.Must(p.t, err)
	defer next.Body.Close()
	text, err = io.ReadAll(next.Body)
	testkit.Must(p.t, err)
	return string(text)
}

// signsIn runs login, and answers it.
func (p person) signsIn(user string) string {
	p.t.Helper()
	cmd := p.command("login", "--no-browser")
	var errs strings.Builder
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	testkit.Must(p.t, err)
	testkit.Must(p.t, cmd.Start())
	lines := bufio.NewReader(out)
	address, err := lines.ReadString('\n')
	if err != nil {
		p.t.Fatalf("login printed no address: %v %v %s", err, cmd.Wait(), errs.String())
	}
	if said := p.opens(strings.TrimSpace(address), user); !strings.Contains(said, "Signed in") {
		p.t.Errorf("the browser was answered %s", said)
	}
	rest, err := io.ReadAll(lines)
	testkit.Must(p.t, err)
	if err := cmd.Wait(); err != nil {
		p.t.Fatalf("login: %v %s", err, errs.String())
	}
	return address + string(rest) + errs.String()
}

func TestLogin_ByItsPrintedAddress_SignsInRenewsAndOut(t *testing.T) {
	t.Parallel()
	d := newDev(t, nil)
	server := d.start()
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()
	printed, err := os.ReadFile(server.log)
	if want := shared.binary + "' login --api http://" + d.listen(); err != nil || !strings.Contains(string(printed), want) {
		t.Errorf("the banner does not have %s, %v", want, err)
	}
	p := person{dev: d, home: t.TempDir()}
	if said, err := p.run("whoami"); err == nil || !strings.Contains(said, "not signed in") {
		t.Errorf("before: %v %s", err, said)
	}

	said := p.signsIn("acme-editor")
	for _, want := range []string{"Signed in as editor@acme.example", "acme (europe-west1", "EDITOR", "renewed by itself"} {
		if !strings.Contains(said, want) {
			t.Errorf("login did not say %s:\n%s", want, said)
		}
	}
	access, first := p.keptText("accessToken"), p.keptText("refreshToken")
	if strings.Contains(said, access) || strings.Contains(said, first) || strings.Contains(said, "eyJ") {
		t.Error("login printed a token")
	}
	if info, err := os.Stat(p.file()); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, %v", info.Mode(), err)
	}

	p.expire()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if said, err := p.run("whoami"); err != nil || !strings.Contains(said, "editor@acme.example") {
				t.Errorf("whoami of an old token: %v %s", err, said)
			}
		})
	}
	wg.Wait()
	last := p.keptText("refreshToken")
	if last == first || p.keptText("accessToken") == access {
		t.Error("nothing was renewed")
	}

	if said, err := p.run("logout"); err != nil || !strings.Contains(said, "signed out") {
		t.Errorf("logout: %v %s", err, said)
	}
	if left, _ := filepath.Glob(filepath.Join(p.home, "*", "*.json")); len(left) > 0 {
		t.Errorf("logout left %v", left)
	}
	response, err := client.PostForm(d.instance("oidcIssuer")+"/token", url.Values{"grant_type": {"refresh_token"},
		"client_id": {oidc.ClientID}, "refresh_token": {last}})
	testkit.Must(t, err)
	if _ = response.Body.Close(); response.StatusCode != http.StatusBadRequest {
		t.Errorf("the session goes on after logout: %s", response.Status)
	}
}

func TestExec_WithoutAKey_SaysThatASignInDoesNotDo(t *testing.T) {
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), shared.binary, "exec", "--runtime-key-file", "none", "--runtime-key-id", "k",
		"--consumer", "AGENT:a", "--secret", "A=b", "--", "true")
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "DATA_API_") })
	out, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.ExitCode() != 125 || !strings.Contains(string(out), "secrets:inject") ||
		!strings.Contains(string(out), "sign-in") {
		t.Errorf("%v: %s", err, out)
	}
}
