package e2e

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// agent is one of acme's that uses two secrets, with the keys of the runtime that runs it.
type agent struct {
	*world
	dir                  string
	keyID, plain, fields string
	value, password      string
}

func newAgent(t *testing.T) *agent {
	t.Helper()
	w := newWorld(t, shared)
	r := &agent{world: w, dir: t.TempDir(), value: w.canaries.add("exec"), password: w.canaries.add("exec")}
	admin := w.user("acme", authz.Admin)
	public, err := exec.Command(w.binary, "runtime-key", "new", r.path("runtime.pem")).Output()
	testkit.Must(t, err)
	a := w.do(admin, `mutation($k: Base64!) { addRuntimeKey(input: {name: "runtime", publicKey: $k}) { runtimeKey { id } } }`, map[string]any{"k": strings.TrimSpace(string(public))})
	r.keyID = a.text("data", "addRuntimeKey", "runtimeKey", "id")
	create := `mutation($n: String!, $v: SecretValueInput!) { createSecret(input: {name: $n, value: $v}) { secret { id } } }`
	r.plain = w.do(admin, create, map[string]any{"n": "stripe/api-key.v2", "v": map[string]any{"text": r.value}}).
		text("data", "createSecret", "secret", "id")
	r.fields = w.do(admin, create,
		map[string]any{"n": "db", "v": map[string]any{"json": `{"user":"u","password":"` + r.password + `"}`}}).
		text("data", "createSecret", "secret", "id")
	w.do(admin, `mutation($s: [ID!]!) { setSecretReferences(input: {consumer: {kind: AGENT, externalId: "billing", name: "Billing"}, secretIds: $s}) { references { createdAt } } }`,
		map[string]any{"s": []string{r.plain, r.fields}})
	if err := os.WriteFile(r.path("api.key"), []byte(w.apiKey("acme", authz.SecretsInject).value+"\n"),
		0o600); err != nil || r.keyID == "" || r.plain == "" || r.fields == "" {
		t.Fatalf("the runtime was not set up: %v", err)
	}
	return r
}

func (r *agent) path(name string) string { return filepath.Join(r.dir, name) }

// command is `data-api exec` with both secrets, and a shell script as its command.
func (r *agent) command(script string, flags ...string) *exec.Cmd {
	return r.running([]string{"sh", "-c", script}, flags...)
}

func (r *agent) running(command []string, flags ...string) *exec.Cmd {
	args := append([]string{"exec", "--endpoint", "http://" + r.address + "/graphql", "--api-key-file",
		r.path("api.key"), "--runtime-key-file", r.path("runtime.pem"),
		"--runtime-key-id", r.keyID, "--consumer", "agent:billing", "--secret", "API_KEY=" + r.plain, "--secret",
		"PASSWORD=" + r.fields + ".password"}, flags...)
	return exec.Command(r.binary, append(append(args, "--"), command...)...)
}

// TestExec_WrappedQuotedOrCrashing_ShowsAndLeavesNoValue prints a value as base64(1), xxd and shells do, and asks
// whether a crash would leave a file.
func TestExec_WrappedQuotedOrCrashing_ShowsAndLeavesNoValue(t *testing.T) {
	t.Parallel()
	r := newAgent(t)
	out, err := r.command(`
		printf '%050d%s%050d' 0 "$API_KEY" 0 | base64
		printf %s "$API_KEY" | od -An -tx1
		export -p | grep ' API_KEY='
		sh -xc ': "$1"' sh "$API_KEY"
		echo "core dumps: $(ulimit -Sc) $(ulimit -Hc)"`).CombinedOutput()
	text := string(out)
	if err != nil || strings.Count(text, "[secret:stripe/api-key.v2@v1]") != 4 || !strings.Contains(text, "core dumps: 0 0") {
		t.Errorf("%v: the output is\n%s", err, text)
	}
}

// TestExec_ACommandThatPrintsItsSecrets_ShowsTheirNames is a script that does with a secret what scripts do.
func TestExec_ACommandThatPrintsItsSecrets_ShowsTheirNames(t *testing.T) {
	t.Parallel()
	r := newAgent(t)
	out, err := r.command(`
		echo "raw: $API_KEY, $PASSWORD"
		printf %s "$API_KEY" | base64 -w0; echo
		printf 'x%s' "$API_KEY" | base64 -w0; echo
		printf 'xy%s!' "$API_KEY" | base64 -w0; echo
		printf %s "$API_KEY" | od -An -tx1 | tr -d ' \n'; echo
		printf '{"auth":"%s"}\n' "$API_KEY"
		rest="$API_KEY"
		while [ -n "$rest" ]; do printf %s "${rest%"${rest#?}"}"; rest="${rest#?}"; done; echo " split"
		echo "to stderr: $API_KEY" >&2
		test -z "$DATA_API_KEY_FILE" && echo "no key of mine"
		exit 7`).CombinedOutput()
	var exited *exec.ExitError
	if !errors.As(err, &exited) || exited.ExitCode() != 7 {
		t.Errorf("the exit code is %v", err)
	}
	text := string(out)
	for name, value := range map[string]string{"api key": r.value, "password": r.password} {
		for how, form := range map[string]string{
			"raw":    value,
			"base64": strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(value)), "=")[:8],
			"hex":    hex.EncodeToString([]byte(value)),
			"URL":    url.QueryEscape(value),
		} {
			if strings.Contains(text, form) {
				t.Errorf("the output shows the %s %s", name, how)
			}
		}
	}
	if strings.Count(text, "[secret:stripe/api-key.v2@v1]") != 8 || strings.Count(text, "[secret:db@v1]") != 1 ||
		!strings.Contains(text, "no key of mine") || !strings.Contains(text, "[secret:stripe/api-key.v2@v1] split") {
		t.Errorf("the output is\n%s", text)
	}
	log := string(r.do(r.user("acme", authz.Admin), `{ auditEvents(first: 20) { nodes { action } } }`, nil).body)
	for _, action := range []string{"secret.injected", "run.lease_ended"} {
		if !strings.Contains(log, action) {
			t.Errorf("%s is not on record: %s", action, log)
		}
	}
}

func TestExec_Signals_GoToTheCommand(t *testing.T) {
	t.Parallel()
	r := newAgent(t)
	c := r.command(`trap 'echo "told: $API_KEY"; exit 3' TERM; echo ready; while true; do sleep 0.05; done`)
	out, err := c.StdoutPipe()
	testkit.Must(t, err)
	testkit.Must(t, c.Start())
	stuck := time.AfterFunc(time.Minute, func() { _ = c.Process.Kill() })
	defer stuck.Stop()
	ready := make([]byte, 6)
	if _, err := out.Read(ready); err != nil || string(ready) != "ready\n" {
		t.Fatalf("%q, %v", ready, err)
	}
	testkit.Must(t, c.Process.Signal(syscall.SIGTERM))
	said := make([]byte, 100)
	n, _ := out.Read(said)
	var exited *exec.ExitError
	if err := c.Wait(); !errors.As(err, &exited) || exited.ExitCode() != 3 ||
		string(said[:n]) != "told: [secret:stripe/api-key.v2@v1]\n" {
		t.Errorf("it said %q and ended with %v", said[:n], err)
	}
	if err := r.command(`kill -9 $$`).Run(); !errors.As(err, &exited) || exited.ExitCode() != 128+9 {
		t.Errorf("a command that a signal has ended: %v", err)
	}
}

// TestExec_OfWhatMayNotBe_RunsNothing covers what is refused before the command begins.
func TestExec_OfWhatMayNotBe_RunsNothing(t *testing.T) {
	t.Parallel()
	r := newAgent(t)
	if out, err := exec.Command(r.binary, "runtime-key", "new", r.path("runtime.pem")).CombinedOutput(); err == nil {
		t.Errorf("a key was overwritten: %s", out)
	}
	if _, err := exec.Command(r.binary, "runtime-key", "new", r.path("other.pem")).Output(); err != nil {
		t.Fatal(err)
	}
	admin := r.user("acme", authz.Admin)
	unused := r.do(admin, `mutation($v: SecretString!) { createSecret(input: {name: "unused", value: {text: $v}}) { secret { id } } }`,
		map[string]any{"v": r.canaries.add("exec")}).text("data", "createSecret", "secret", "id")
	for name, c := range map[string]struct {
		flags []string
		says  string
	}{
		"a secret that the agent does not reference": {[]string{"--secret", "X=" + unused}, "does not reference"},
		"a secret that is not there":                 {[]string{"--secret", "X=stripe/nope"}, "no secret named stripe/nope"},
		"a name that is empty":                       {[]string{"--secret", "X=#user"}, "NAME=SECRET"},
		"a secret's id that is none": {[]string{"--secret", "X=" + strings.ToUpper(unused)},
			"lower-case UUID"},
		"no variable":               {[]string{"--secret", "=db"}, "NAME=SECRET"},
		"another consumer":          {[]string{"--consumer", "AGENT:other"}, "does not reference"},
		"a consumer without a kind": {[]string{"--consumer", "billing"}, "KIND:ID"},
		"another private key": {[]string{"--runtime-key-file", r.path("other.pem")},
			"not sealed to this runtime's key"},
		"a field that is not there": {[]string{"--secret", "X=" + r.fields + ".nope"},
			"no such field"},
		"an endpoint in the clear": {[]string{"--endpoint", "http://192.0.2.1/graphql"}, "https"},
		"no API key":               {[]string{"--api-key-file", r.path("missing")}, "missing"},
	} {
		out, err := r.command(`echo "it ran"`, c.flags...).CombinedOutput()
		if exitCode(err) != 125 || !strings.Contains(string(out), c.says) || strings.Contains(string(out), "it ran\n") &&
			!strings.Contains(string(out), "usage") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// TestExec_ByName_GetsTheSecretAndTheField has names with slashes and dots, and fields after a #.
func TestExec_ByName_GetsTheSecretAndTheField(t *testing.T) {
	t.Parallel()
	r := newAgent(t)
	out, err := r.command(`test "$BY_NAME" = "$API_KEY" && test "$FIELD" = "$PASSWORD" && test "$BY_ID" = "$PASSWORD" &&
		echo "$WHOLE: $USER_OF_DB"`, "--secret", "BY_NAME=stripe/api-key.v2", "--secret", "FIELD=db#password",
		"--secret", "BY_ID="+r.fields+"#password", "--secret", "WHOLE=db", "--secret", "USER_OF_DB=db#user").
		CombinedOutput()
	if err != nil || !strings.Contains(string(out), "[secret:db@v1]: ") {
		t.Errorf("%v: %s", err, out)
	}
}

// TestExec_WhatCannotRun_AnswersAsEnvDoes compares with env(1), which Debian's coreutils have.
func TestExec_WhatCannotRun_AnswersAsEnvDoes(t *testing.T) {
	t.Parallel()
	r := newAgent(t)
	script := r.path("no-interpreter")
	for path, mode := range map[string]os.FileMode{script: 0o755, r.path("not-executable"): 0o644} {
		testkit.Must(t, os.WriteFile(path, []byte("#!/no/such/interpreter\n"), mode))
	}
	for name, c := range map[string]struct {
		command []string
		code    int
	}{
		"no such program in PATH":              {[]string{"no-such-program"}, 127},
		"no such file":                         {[]string{r.path("missing")}, 127},
		"no such interpreter":                  {[]string{script}, 127},
		"a file that is not executable":        {[]string{r.path("not-executable")}, 126},
		"one in PATH that is not executable":   {[]string{"not-executable"}, 126},
		"a folder":                             {[]string{r.dir}, 126},
		"a program that answers 125 by itself": {[]string{"sh", "-c", "exit 125"}, 125},
	} {
		env := exec.Command("env", c.command...)
		own := r.running(c.command)
		for who, cmd := range map[string]*exec.Cmd{"env": env, "exec": own} {
			cmd.Env = append(os.Environ(), "PATH="+os.Getenv("PATH")+":"+r.dir)
			if out, err := cmd.CombinedOutput(); exitCode(err) != c.code {
				t.Errorf("%s: %s answers %v, not %d: %s", name, who, err, c.code, out)
			}
		}
	}
	usage := exec.Command(r.binary, "exec", "--no-such-flag")
	if out, err := usage.CombinedOutput(); exitCode(err) != 125 {
		t.Errorf("a flag that is none: %v: %s", err, out)
	}
	if err := exec.Command(r.binary, "exec", "--help").Run(); err != nil {
		t.Errorf("--help: %v", err)
	}
}

// exitCode is that of a command which has ended; -1 if it was not run.
func exitCode(err error) int {
	var exited *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exited):
		return exited.ExitCode()
	}
	return -1
}
