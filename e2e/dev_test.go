package e2e

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/doctor"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestDev_PrintedCommands_WorkWhenPasted starts everything as `make run` does, pastes what it prints into a shell,
// twice, kills it, and finds everything again.
func TestDev_PrintedCommands_WorkWhenPasted(t *testing.T) {
	t.Parallel()
	accounts := map[string]*syscall.Credential{"as whoever runs the tests": nil}
	if os.Geteuid() == 0 {
		accounts["as an ordinary user"] = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	for name, account := range accounts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDev(t, account)
			first := d.start()
			d.opensPlayground(first)
			d.isWell()
			pasted := d.paste(first) + d.paste(first)
			for _, want := range []string{`"role":"ADMIN"`, "uploaded", "the same bytes came back",
				`"currentVersion":2`, `"value":"sk_test_2"`, `"action":"secret.accessed","risk":"HIGH"`} {
				if strings.Count(pasted, want) != 2 {
					t.Errorf("the pasted commands did not print %s each time", want)
				}
			}
			if strings.Contains(pasted, `"errors"`) || t.Failed() {
				t.Fatalf("the pasted commands printed:\n%s", pasted)
			}
			d.kill(first)
			began := time.Now()
			second := d.start()
			if took := time.Since(began); took > promised(3*time.Second) {
				t.Errorf("a warm start took %s", took)
			}
			d.findAgain(second)
			if err := second.stop(); err != nil {
				t.Errorf("stopping: %v", err)
			}
			if said, err := os.ReadFile(second.log); err != nil ||
				!strings.Contains(string(said), "Stopped. Your data stays in "+d.state()) {
				t.Errorf("on stopping it said: %s, %v", said, err)
			}
			d.reset()
		})
	}
}

// dev is an instance with a state directory of its own.
type dev struct {
	t       *testing.T
	binary  string
	dir     string
	account *syscall.Credential
}

func newDev(t *testing.T, account *syscall.Credential) *dev {
	t.Helper()
	dir, err := os.MkdirTemp("", "data-api-dev-")
	testkit.Must(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	testkit.Must(t, os.Chmod(dir, 0o755))
	if account != nil {
		testkit.Must(t, os.Chown(dir, int(account.Uid), int(account.Gid)))
	}
	return &dev{t: t, binary: shared.binary, dir: dir, account: account}
}

func (d *dev) state() string { return filepath.Join(d.dir, "state") }

func (d *dev) start() *process {
	d.t.Helper()
	p, err := shared.launchAs(d.account, d.binary, filepath.Base(d.dir), "^C stops everything", "dev",
		"--state-dir", d.state(), "--listen", "127.0.0.1:0")
	testkit.Must(d.t, err)
	return p
}

// run runs a command as the instance's account.
func (d *dev) run(name string, args ...string) string {
	d.t.Helper()
	cmd := exec.CommandContext(d.t.Context(), name, args...)
	cmd.Dir = d.dir
	cmd.Env = append(os.Environ(), "HOME="+d.dir, "TMPDIR="+d.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: d.account}
	out, err := cmd.CombinedOutput()
	if err != nil {
		d.t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

// paste runs the printed commands in a shell.
func (d *dev) paste(p *process) string {
	d.t.Helper()
	printed, err := os.ReadFile(p.log)
	testkit.Must(d.t, err)
	_, steps, found := strings.Cut(string(printed), "Paste into another terminal:")
	if !found {
		d.t.Fatalf("nothing to paste was printed:\n%s", printed)
	}
	steps, _, _ = strings.Cut(steps, "^C stops everything")
	return d.run("bash", "-c", steps)
}

// isWell has the doctor look at the running instance, as its documentation says.
func (d *dev) isWell() {
	d.t.Helper()
	said := d.run("bash", "-c", `eval "$('`+shared.binary+`' dev env --serve --state-dir '`+d.state()+`')" && '`+
		shared.binary+`' doctor --json`)
	var found []doctor.Finding
	testkit.Must(d.t, json.Unmarshal([]byte(said), &found))
	if len(found) < 20 {
		d.t.Errorf("it looked at %d things only", len(found))
	}
	for _, f := range found {
		if f.Status != doctor.OK {
			d.t.Errorf("the doctor found %+v", f)
		}
	}
}

func (d *dev) kill(p *process) {
	d.t.Helper()
	if p.kill(); p.why == nil {
		d.t.Fatal("a killed process ended without a word")
	}
}

// findAgain asks the restarted instance for what was there before.
func (d *dev) findAgain(p *process) {
	d.t.Helper()
	token := strings.TrimSpace(d.run(shared.binary, "dev", "token", "--role", "viewer", "--state-dir", d.state()))
	key := strings.TrimSpace(d.run(shared.binary, "dev", "key", "--scopes", "secrets:read,datastores:read",
		"--state-dir", d.state()))
	w := &world{stack: shared, t: d.t, address: d.listen()}
	a := w.do(credential{"Authorization", "Bearer " + token},
		`{ datastores(first: 1) { nodes { objects(first: 10) { nodes { key current { content { text } } } } } } }`, nil)
	if !strings.Contains(string(a.body), "1,row 1") {
		d.t.Errorf("the file is gone after a kill -9: %s", a.body)
	}
	a = w.do(credential{"X-API-Key", key}, `{ secrets { nodes { id } } }`, nil)
	nodes, _ := a.at("data", "secrets", "nodes").([]any)
	if len(nodes) != 2 {
		d.t.Fatalf("a secret is gone after a kill -9: %s", a.body)
	}
	first, _ := nodes[0].(map[string]any)
	a = w.do(credential{"X-API-Key", key}, `mutation($id: ID!) { revealSecret(input: {secretId: $id}) { value } }`,
		map[string]any{"id": first["id"]})
	if a.text("data", "revealSecret", "value") != "sk_test_2" {
		d.t.Errorf("the secret's value is gone after a kill -9: %s", a.body)
	}
}

func (d *dev) listen() string { return d.instance("listen") }

// instance is a text of what other processes need to know of it, such as where it listens.
func (d *dev) instance(name string) string {
	d.t.Helper()
	raw, err := os.ReadFile(filepath.Join(d.state(), "instance.json"))
	testkit.Must(d.t, err)
	var all map[string]any
	testkit.Must(d.t, json.Unmarshal(raw, &all))
	text, _ := all[name].(string)
	return text
}

func (d *dev) reset() {
	d.t.Helper()
	d.run(shared.binary, "dev", "reset", "--state-dir", d.state())
	if _, err := os.Stat(d.state()); !os.IsNotExist(err) {
		d.t.Errorf("the state is still there: %v", err)
	}
}
