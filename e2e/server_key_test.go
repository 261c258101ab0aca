package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// rotation is what callers have of servers whose key is being changed.
type rotation struct {
	*world
	admin, key    credential
	in, secret    string
	runtime       runtime
	before, next  string
	servers, made int
}

// keyMade is what a server has made with its key.
type keyMade struct {
	name, value string
	// answers are what calls with an idempotency key were answered.
	answers      map[string]string
	lease, token string
}

// keySettings are flags of a server: the key that makes, and the one that is accepted too, if any.
func keySettings(first, other string) []string {
	flags := []string{"--no-jobs", "--server-key-file", first}
	if other != "" {
		flags = append(flags, "--other-server-key-file", other)
	}
	return flags
}

// start starts a server with these keys, and returns its address.
func (r *rotation) start(keys [2]string) string {
	r.t.Helper()
	r.servers++
	p, err := r.serve(r.binary, fmt.Sprintf("key-%s-%d", r.name, r.servers), keySettings(keys[0], keys[1])...)
	testkit.Must(r.t, err)
	r.t.Cleanup(func() {
		if err := p.stop(); err != nil {
			r.t.Error(err)
		}
	})
	return p.address
}

// at is the same world at another server.
func (r *rotation) at(address string) *world {
	there := *r.world
	there.address = address
	return &there
}

// make has the server make one of each that the key is for.
func (r *rotation) make(address string) keyMade {
	r.t.Helper()
	r.made++
	m := keyMade{name: fmt.Sprintf("k%d", r.made), answers: map[string]string{}}
	m.value = r.canaries.add(m.name)
	for what, a := range r.send(r.at(address), m) {
		if a.code() != "" {
			r.t.Fatalf("%s is not made: %s", what, a.body)
		}
		m.answers[what] = string(a.body)
	}
	a := r.at(address).do(r.key, injectMutation, injection{secret: r.secret, runtimeKey: r.runtime.id}.variables())
	m.lease = a.text("data", "injectSecrets", "leaseId")
	_, m.token = r.runtime.one(r.t, a)
	r.canaries.note(m.token)
	return m
}

// send sends the calls that have an idempotency key.
func (r *rotation) send(to *world, m keyMade) map[string]answer {
	return map[string]answer{
		"datastore": to.do(r.admin, `mutation($n: String!) { createDatastore(input: {name: $n, idempotencyKey: $n}) {
			datastore { id } } }`, map[string]any{"n": m.name}),
		"secret": to.do(r.admin, `mutation($n: String!, $v: SecretString!) { createSecret(input: {name: $n,
			value: {text: $v}, idempotencyKey: $n}) { secret { id } } }`, map[string]any{"n": m.name, "v": m.value}),
		"workspace": to.do(r.founder("key", true), `mutation($n: String!) { createWorkspace(input: {name: $n,
			region: "europe-west1", idempotencyKey: $n}) { workspace { id } } }`, map[string]any{"n": m.name}),
		"session": to.do(r.admin, `mutation($d: ID!, $k: String!) { createUploadURL(input: {datastoreId: $d, key: $k,
			contentType: "text/csv", maxBytes: "9", mode: RESUMABLE, idempotencyKey: $k}) { url } }`,
			map[string]any{"d": r.in, "k": m.name}),
	}
}

// redact has the server redact for the holder of a lease.
func (r *rotation) redact(to *world, m keyMade) answer {
	return to.do(r.key, `mutation($l: ID!, $t: SecretString!) { redactOutput(input: {leaseId: $l, token: $t,
		output: "YQ=="}) { output } }`, map[string]any{"l": m.lease, "t": m.token})
}

// wantKnown asks a server for what others have made.
func (r *rotation) wantKnown(address, step string, made ...keyMade) {
	r.t.Helper()
	for _, m := range made {
		for what, a := range r.send(r.at(address), m) {
			if string(a.body) != m.answers[what] {
				r.t.Errorf("%s: %s of %s is answered %s", step, what, m.name, a.code())
			}
		}
		if a := r.redact(r.at(address), m); a.code() != "" {
			r.t.Errorf("%s: the lease of %s: %s", step, m.name, a.body)
		}
	}
}

// TestServerKey_Rotated_RefusesNothingUntilTheOldOneIsGone does what docs/operations.md says, "The server key": at each
// step two servers run, one of the step before and one of this step, and each knows what any has made before.
func TestServerKey_Rotated_RefusesNothingUntilTheOldOneIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	dir := t.TempDir()
	r := &rotation{world: w, admin: w.user("acme", authz.Admin), key: w.apiKey("acme", authz.SecretsInject),
		in: w.newDatastore(), secret: w.keep("rotation"), runtime: w.runtime("acme"),
		before: filepath.Join(dir, "before"), next: filepath.Join(dir, "next")}
	r.refer("wf", r.secret)
	testkit.Must(t, os.WriteFile(r.before, []byte(strings.Repeat("before", 8)), 0o600))
	testkit.Must(t, os.WriteFile(r.next, []byte(strings.Repeat("next", 8)), 0o600))

	address := r.start([2]string{r.before})
	old := []keyMade{r.make(address)}
	for step, keys := range [][2]string{{r.before, r.next}, {r.next, r.before}} {
		name, later := fmt.Sprintf("step %d", step+1), r.start(keys)
		old = append(old, r.make(address), r.make(later))
		r.wantKnown(address, name, old...)
		r.wantKnown(later, name, old...)
		address = later
	}

	made := r.make(address)
	last := r.start([2]string{r.next})
	r.wantKnown(last, "step 3", made)
	r.wantKnown(address, "step 3", r.make(last))
	r.wantRefused(last, old[0])
}

// wantRefused asks a server that has the next key only for what the key before has made.
func (r *rotation) wantRefused(address string, m keyMade) {
	r.t.Helper()
	answers := r.send(r.at(address), m)
	answers["lease"] = r.redact(r.at(address), m)
	for what, want := range map[string][2]string{
		"datastore": {"IDEMPOTENCY_MISMATCH", "take a new one"},
		"secret":    {"IDEMPOTENCY_MISMATCH", "take a new one"},
		"session":   {"IDEMPOTENCY_MISMATCH", "take a new one"},
		"lease":     {"NOT_FOUND", "no such lease"},
	} {
		if a := answers[what]; a.code() != want[0] || !strings.Contains(string(a.body), want[1]) {
			r.t.Errorf("without the key before, %s is answered %s", what, a.body)
		}
	}
}
