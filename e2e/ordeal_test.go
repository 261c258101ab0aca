package e2e

import (
	"database/sql"
	"fmt"
	"strings"

	keys "github.com/provenanceone/data-api/client/runtime"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// attempt is one secret, or datastore, on which one operation meets one fault.
type attempt struct {
	*world
	// rows is the database as a superuser.
	rows  *sql.DB
	admin credential
	// who sends the operation.
	who credential
	// id is of the secret or datastore; name, and the values before and after, are its own; key is that of a runtime,
	// or of an upload.
	id, name, before, after, key string
}

// ordeal is an operation that must come out whole, whatever happens to any call of it.
type ordeal struct {
	// prepare makes what the operation is done to, on a server that nothing happens to.
	prepare func(a *attempt)
	// mutation is the operation itself, with a key where it takes one: it is sent to the frail server, and then again
	// to the other one.
	mutation string
	// check looks at what there is once the repeated operation has been answered.
	check func(a *attempt, first, second answer)
	// settled looks again once all that happens in the background has ended; nil for what leaves nothing to it.
	settled func(a *attempt)
}

func exists(a *attempt) {
	got := a.do(a.admin, `mutation($n: String!, $v: SecretString!) { createSecret(input: {name: $n, value: {text: $v}}) { secret { id } } }`, map[string]any{"n": a.name, "v": a.before})
	if a.id = got.text("data", "createSecret", "secret", "id"); a.id == "" {
		a.t.Fatalf("preparing %s: %s", a.name, got.body)
	}
}

func rotated(a *attempt) {
	exists(a)
	a.do(a.admin, `mutation($s: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $s, value: {text: $v}}) { version { version } } }`, map[string]any{"s": a.id, "v": a.after})
}

// used has a runtime that may have the secret for an agent.
func used(a *attempt) {
	exists(a)
	private, err := keys.NewKey()
	testkit.Must(a.t, err)
	a.do(a.admin, `mutation($s: ID!) { setSecretReferences(input: {consumer: {kind: AGENT, externalId: "a", name: "A"}, secretIds: [$s]}) { references { createdAt } } }`, map[string]any{"s": a.id})
	a.key = a.do(a.admin, `mutation($k: Base64!) { addRuntimeKey(input: {name: "r", publicKey: $k}) { runtimeKey { id } } }`, map[string]any{"k": private.Public()}).text("data", "addRuntimeKey", "runtimeKey", "id")
	a.who = a.apiKey("acme", authz.SecretsInject)
}

func deleted(a *attempt) {
	exists(a)
	a.do(a.admin, `mutation($s: ID!) { deleteSecret(input: {secretId: $s}) { secret { id } } }`,
		map[string]any{"s": a.id})
}

// is checks that the secret has that value at that version, and that so many events say how it came there.
func (a *attempt) is(value string, version int, action string, events int) {
	got := a.do(a.admin, `mutation($s: ID!) { revealSecret(input: {secretId: $s}) { value version } }`,
		map[string]any{"s": a.id})
	if got.text("data", "revealSecret", "value") != value ||
		fmt.Sprint(got.at("data", "revealSecret", "version")) != fmt.Sprint(version) {
		a.t.Errorf("%s is not at version %d as it should be: version %v, code %q", a.name, version,
			got.at("data", "revealSecret", "version"), got.code())
	}
	a.wantEvents(action, events)
}

func (a *attempt) wantEvents(action string, events int) {
	if n := a.eventsOf(action); n != events {
		a.t.Errorf("%s has %d events %s, want %d", a.name, n, action, events)
	}
}

func (a *attempt) eventsOf(action string) int {
	got := a.do(a.admin, `query($s: ID!, $a: String!) { auditEvents(first: 100, filter: {targetId: $s, action: $a}) { nodes { id } } }`, map[string]any{"s": a.id, "a": action})
	nodes, _ := got.at("data", "auditEvents", "nodes").([]any)
	return len(nodes)
}

var ordeals = map[string]ordeal{
	"create": {
		prepare:  func(*attempt) {},
		mutation: `mutation($n: String!, $a: SecretString!, $k: String!) { createSecret(input: {name: $n, value: {text: $a}, idempotencyKey: $k}) { secret { id } } }`,
		check: func(a *attempt, first, second answer) {
			a.id = second.text("data", "createSecret", "secret", "id")
			if id := first.text("data", "createSecret", "secret", "id"); id != "" && id != a.id {
				a.t.Errorf("%s was acknowledged as %s and is %s", a.name, id, a.id)
			}
			a.is(a.after, 1, "secret.created", 1)
		},
	},
	"rotate": {
		prepare:  exists,
		mutation: `mutation($s: ID!, $a: SecretString!, $k: String!) { rotateSecret(input: {secretId: $s, value: {text: $a}, idempotencyKey: $k}) { version { version } } }`,
		check:    func(a *attempt, _, _ answer) { a.is(a.after, 2, "secret.rotated", 1) },
	},
	"roll back": {
		prepare:  rotated,
		mutation: `mutation($s: ID!, $k: String!) { rollbackSecret(input: {secretId: $s, version: 1, idempotencyKey: $k}) { version { version } } }`,
		check:    func(a *attempt, _, _ answer) { a.is(a.before, 3, "secret.rolled_back", 1) },
	},
	"destroy": {
		prepare:  rotated,
		mutation: `mutation($s: ID!) { destroySecretVersion(input: {secretId: $s, version: 1}) { secret { id } } }`,
		check: func(a *attempt, _, _ answer) {
			got := a.do(a.admin, `mutation($s: ID!) { revealSecret(input: {secretId: $s, version: 1}) { value } }`,
				map[string]any{"s": a.id})
			if got.code() != "CONFLICT" {
				a.t.Errorf("%s, version 1: %s", a.name, got.code())
			}
			a.is(a.after, 2, "secret.version_destroyed", 1)
		},
	},
	"delete": {
		prepare:  exists,
		mutation: `mutation($s: ID!) { deleteSecret(input: {secretId: $s}) { secret { id } } }`,
		check: func(a *attempt, first, second answer) {
			if first.code() == "" && first.status == 200 && second.code() != "NOT_FOUND" {
				a.t.Errorf("%s was deleted, and then %s", a.name, second.body)
			}
			a.wantEvents("secret.deleted", 1)
		},
	},
	"restore": {
		prepare:  deleted,
		mutation: `mutation($s: ID!) { restoreSecret(input: {secretId: $s}) { secret { id } } }`,
		check: func(a *attempt, first, second answer) {
			if first.code() == "" && first.status == 200 && second.code() != "CONFLICT" {
				a.t.Errorf("%s was restored, and then %s", a.name, second.body)
			}
			a.is(a.before, 1, "secret.restored", 1)
		},
	},
	"reveal": {
		prepare:  exists,
		mutation: `mutation($s: ID!) { revealSecret(input: {secretId: $s}) { value } }`,
		check: func(a *attempt, first, second answer) {
			seen := 0
			for _, got := range []answer{first, second} {
				if got.text("data", "revealSecret", "value") == a.before {
					seen++
				}
			}
			if n := a.eventsOf("secret.accessed"); n < seen || seen == 0 {
				a.t.Errorf("%s was seen %d times with %d events", a.name, seen, n)
			}
		},
	},
	"inject": {
		prepare: used,
		mutation: `mutation($s: ID!, $r: ID!) { injectSecrets(input: {run: {runId: "r", stepId: "s"}, consumer: {kind: AGENT, externalId: "a"}, runtimeKeyId: $r, secrets: [{secretId: $s}]}) {
			secrets { sealed } } }`,
		check: func(a *attempt, first, second answer) {
			handed := strings.Count(string(first.body)+string(second.body), `"sealed":`)
			if n := a.eventsOf("secret.injected"); n < handed || handed == 0 {
				a.t.Errorf("%s was handed out %d times with %d events", a.name, handed, n)
			}
		},
	},
}
