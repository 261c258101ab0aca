package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// refer declares what a workflow of acme's uses.
func (w *world) refer(workflow string, ids ...string) {
	w.t.Helper()
	w.referAs(w.acme, workflow, ids...)
}

func (w *world) referAs(ws authz.WorkspaceID, workflow string, ids ...string) {
	w.t.Helper()
	secrets := make([]secret.ID, len(ids))
	for i, id := range ids {
		secrets[i] = secret.ID(id)
	}
	operator := authz.Actor{Who: authz.Who{Kind: authz.System, Label: "operator"}, Workspace: ws}
	_, err := reference.NewService(w.db.References()).Set(w.t.Context(), operator, reference.Consumer{
		Kind:       reference.Workflow,
		ExternalID: workflow,
		Name:       workflow,
	}, secrets)
	testkit.Must(w.t, err)
}

// injection is one secret that the workflow "wf" is handed.
type injection struct{ secret, runtimeKey, lease string }

const injectMutation = `mutation($s: ID!, $k: ID!, $l: ID) { injectSecrets(input: {run: {runId: "r", stepId: "s"}, consumer: {kind: WORKFLOW, externalId: "wf"},
	runtimeKeyId: $k, leaseId: $l, secrets: [{secretId: $s}]}) { leaseId sealedToken secrets { secretId version sealed } } }`

// inject hands a secret to the workflow "wf", which uses it and nothing else.
func (w *world) inject(who credential, i injection) answer {
	w.t.Helper()
	w.refer("wf", i.secret)
	return w.do(who, injectMutation, i.variables())
}

func (i injection) variables() map[string]any {
	all := map[string]any{"s": i.secret, "k": i.runtimeKey}
	if i.lease != "" {
		all["l"] = i.lease
	}
	return all
}

func (w *world) runtime(workspaceName string) runtime {
	w.t.Helper()
	r, public := newRuntime()
	a := w.do(w.user(workspaceName, authz.Admin),
		`mutation($k: Base64!) { addRuntimeKey(input: {name: "runtime", publicKey: $k}) { runtimeKey { id } } }`,
		map[string]any{"k": public})
	r.id = a.text("data", "addRuntimeKey", "runtimeKey", "id")
	return r
}

// one opens an injection of one secret.
func (r runtime) one(t testing.TB, a answer) (value, token string) {
	t.Helper()
	values, token, err := r.open(a)
	if err != nil || len(values) != 1 {
		t.Fatalf("%v: %s", err, a.body)
	}
	return values[0], token
}

func (w *world) createSecret(name, value string) string {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Admin),
		`mutation($n: String!, $v: SecretString!) { createSecret(input: {name: $n, value: {text: $v}}) { secret { id } } }`,
		map[string]any{"n": name, "v": value})
	return a.text("data", "createSecret", "secret", "id")
}

// TestInject_ARunFromItsFirstStepToItsLast is handed a secret, is redacted, gets the same version after a rotation, on
// another server too, and ends.
func TestInject_ARunFromItsFirstStepToItsLast(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	other := *w
	other.address = newReplica(t, shared)
	value, rotated := w.canaries.add("inject"), w.canaries.add("inject")
	id, rt, key := w.createSecret("stripe/key", value), w.runtime("acme"), w.apiKey("acme", authz.SecretsInject)
	a := w.inject(key, injection{secret: id, runtimeKey: rt.id})
	lease := a.text("data", "injectSecrets", "leaseId")
	got, token := rt.one(t, a)
	w.canaries.note(token)
	if got != value || strings.Contains(string(a.body), value) {
		t.Errorf("the runtime opened %d bytes, want %d", len(got), len(value))
	}
	w.do(w.user("acme", authz.Admin),
		`mutation($id: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $id, value: {text: $v}}) { version { version } } }`,
		map[string]any{"id": id, "v": rotated})
	if got, _ = rt.one(t, other.do(key, injectMutation, injection{id, rt.id, lease}.variables())); got != value {
		t.Error("a later step has another version")
	}
	if got, _ = rt.one(t, other.do(key, injectMutation,
		injection{secret: id, runtimeKey: rt.id}.variables())); got != rotated {
		t.Error("a new lease has an old version")
	}
	output := fmt.Sprintf("curl -u %s:x\n%s", value, base64.StdEncoding.EncodeToString([]byte(value)))
	redact := `mutation($l: ID!, $t: SecretString!, $o: Base64!) { redactOutput(input: {leaseId: $l, token: $t, output: $o}) { output redactions { secretId version count } } }`
	a = other.do(key, redact, map[string]any{"l": lease, "t": token, "o": []byte(output)})
	clean, err := base64.StdEncoding.DecodeString(a.text("data", "redactOutput", "output"))
	if err != nil || string(clean) != "curl -u [secret:stripe/key@v1]:x\n[secret:stripe/key@v1]" {
		t.Errorf("redacted is %q, %v: %s", clean, err, a.body)
	}
	stolen := w.do(key, redact, map[string]any{
		"l": lease,
		"t": base64.StdEncoding.EncodeToString(make([]byte, 32)),
		"o": []byte(value),
	})
	if stolen.code() != "NOT_FOUND" || stolen.at("data", "redactOutput") != nil {
		t.Errorf("without the token it confirms a guess: %s", stolen.body)
	}
	for range 2 {
		if a := w.do(key, `mutation($l: ID!, $t: SecretString!) { endLease(input: {leaseId: $l, token: $t}) { leaseId } }`, map[string]any{"l": lease, "t": token}); a.code() != "" {
			t.Errorf("ending it: %s", a.body)
		}
	}
	if a := other.do(key, redact, map[string]any{"l": lease, "t": token, "o": []byte(output)}); a.code() != "CONFLICT" {
		t.Errorf("after its end: %s", a.body)
	}
}

// TestInject_ForeignRuntimeKeysAndLeases_AreUnknown asks as globex, whose own secret and runtime are good.
func TestInject_ForeignRuntimeKeysAndLeases_AreUnknown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	acmes := w.runtime("acme")
	lease := w.inject(w.apiKey("acme", authz.SecretsInject),
		injection{secret: w.createSecret("s", w.canaries.add("own")), runtimeKey: acmes.id}).
		text("data", "injectSecrets", "leaseId")
	a := w.do(w.user("globex", authz.Admin),
		`mutation($v: SecretString!) { createSecret(input: {name: "s", value: {text: $v}}) { secret { id } } }`,
		map[string]any{"v": w.canaries.add("globex")})
	own, rt, key := a.text("data", "createSecret", "secret", "id"), w.runtime("globex"), w.apiKey("globex",
		authz.SecretsInject)
	w.referAs(w.globex, "wf", own)
	if a := w.do(key, injectMutation, injection{secret: own, runtimeKey: rt.id}.variables()); a.code() != "" {
		t.Fatalf("its own: %s", a.body)
	}
	const unknown = "01980000-0000-7000-8000-00000000dead"
	for name, try := range map[string]func(id string) injection{
		"runtime key": func(id string) injection { return injection{secret: own, runtimeKey: id} },
		"lease":       func(id string) injection { return injection{own, rt.id, id} },
	} {
		want := string(w.do(key, injectMutation, try(unknown).variables()).body)
		for _, id := range []string{acmes.id, lease, "x"} {
			if got := string(w.do(key, injectMutation, try(id).variables()).body); got != want ||
				!strings.Contains(got, "NOT_FOUND") {
				t.Errorf("%s %s: got %s, want %s", name, id, got, want)
			}
		}
	}
}

// TestInject_ServerKilled_WhateverArrivedIsOnRecord kills a server while eight clients are handed a secret all the
// time.
func TestInject_ServerKilled_WhateverArrivedIsOnRecord(t *testing.T) {
	t.Parallel()
	own := ownStack(t) // for the others of the shared one would wait for what a killed server had begun
	w := newWorld(t, own)
	p, err := own.serve(own.binary, t.Name())
	testkit.Must(t, err)
	rt, key := w.runtime("acme"), w.apiKey("acme", authz.SecretsInject)
	id := w.createSecret("s", w.canaries.add("killed"))
	w.refer("wf", id)
	body, err := json.Marshal(map[string]any{
		"query":     injectMutation,
		"variables": injection{secret: id, runtimeKey: rt.id}.variables(),
	})
	testkit.Must(t, err)
	doomed := *w
	doomed.address = p.address
	var mu sync.Mutex
	var arrived []string
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			for a, err := doomed.send(key, body); err == nil; a, err = doomed.send(key, body) {
				mu.Lock()
				arrived = append(arrived, a.text("data", "injectSecrets", "leaseId"))
				if len(arrived) == 40 {
					_ = p.cmd.Process.Kill() // it may be gone already
				}
				mu.Unlock()
			}
		})
	}
	clients.Wait()
	recorded := w.leasesOnRecord()
	for _, lease := range arrived {
		if lease == "" || !recorded[lease] {
			t.Errorf("a value arrived under lease %q, which is not on record", lease)
		}
	}
	t.Logf("%d values arrived, %d are on record", len(arrived), len(recorded))
}

// leasesOnRecord are those under which acme's secrets were injected.
func (w *world) leasesOnRecord() map[string]bool {
	all := map[string]bool{}
	for r := (page.Request{First: page.MaxFirst}); ; {
		events, err := w.db.AuditLog().List(w.t.Context(), w.acme, audit.Filter{Action: audit.SecretInjected}, r)
		testkit.Must(w.t, err)
		for _, e := range events.Items {
			all[fmt.Sprint(e.Details["leaseId"])] = true
		}
		if !events.HasNext {
			return all
		}
		r.After = events.Keys[len(events.Keys)-1]
	}
}

// TestServe_LeavesNoCoreDumps looks at the limits of the running server.
func TestServe_LeavesNoCoreDumps(t *testing.T) {
	t.Parallel()
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", shared.server.cmd.Process.Pid))
	if err != nil {
		t.Skipf("skipped for want of /proc, which tells the limits of the server: %v", err)
	}
	for line := range strings.Lines(string(limits)) {
		if strings.HasPrefix(line, "Max core file size") && !strings.Contains(line, " 0 ") {
			t.Errorf("got %s", line)
		}
	}
}

// TestInject_AHundredOfTheLongestValues_AreAnswered is the longest answer that a caller has a right to.
func TestInject_AHundredOfTheLongestValues_AreAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	runtime, key := w.runtime("acme"), w.apiKey("acme", authz.SecretsInject)
	ids, all := make([]string, 100), make([]map[string]any, 100)
	for i := range ids {
		ids[i] = w.createSecret(fmt.Sprintf("longest-%d", i), fmt.Sprintf("%03d", i)+strings.Repeat("x", 64<<10-3))
		all[i] = map[string]any{"secretId": ids[i]}
	}
	w.refer("wf", ids...)
	a := w.do(key, `mutation($k: ID!, $all: [InjectSecretInput!]!) { injectSecrets(input: {run: {runId: "r", stepId: "s"},
		consumer: {kind: WORKFLOW, externalId: "wf"}, runtimeKeyId: $k, secrets: $all}) { leaseId sealedToken secrets { secretId version sealed } } }`,
		map[string]any{"k": runtime.id, "all": all})
	values, _, err := runtime.open(a)
	if err != nil || len(values) != 100 || len(values[99]) != 64<<10 {
		t.Errorf("%d values, %v: %.300s", len(values), err, a.body)
	}
}
