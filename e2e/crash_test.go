package e2e

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

// attempt is one secret on which one operation meets one fault.
type attempt struct {
	*world
	f     *frail
	admin credential
	// id is of the secret; name, and the values before and after, are its own.
	id, name, before, after string
}

// ordeal is an operation that must come out whole, whatever happens to any call of it.
type ordeal struct {
	// prepare makes what the operation is done to, on a server that nothing happens to.
	prepare func(a *attempt)
	// mutation is the operation itself, with a key where it takes one: it is sent to the frail server, and then again to the other one.
	mutation string
	// check looks at what there is once the repeated operation has been answered.
	check func(a *attempt, first, second answer)
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

func deleted(a *attempt) {
	exists(a)
	a.do(a.admin, `mutation($s: ID!) { deleteSecret(input: {secretId: $s}) { secret { id } } }`, map[string]any{"s": a.id})
}

// is checks that the secret has that value at that version, and that so many events say how it came there.
func (a *attempt) is(value string, version int, action string, events int) {
	got := a.do(a.admin, `mutation($s: ID!) { revealSecret(input: {secretId: $s}) { value version } }`, map[string]any{"s": a.id})
	if got.text("data", "revealSecret", "value") != value || fmt.Sprint(got.at("data", "revealSecret", "version")) != fmt.Sprint(version) {
		a.t.Errorf("%s is not at version %d as it should be: version %v, code %q", a.name, version, got.at("data", "revealSecret", "version"), got.code())
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
			got := a.do(a.admin, `mutation($s: ID!) { revealSecret(input: {secretId: $s, version: 1}) { value } }`, map[string]any{"s": a.id})
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
}

// TestCrash_AtAnyCallOfAnyOperation_LeavesNothingTornOrLost kills the server, or loses, delays or doubles the answer, at every call that it
// makes to Secret Manager and to the database, and sends the same operation again to another server, as a client does.
func TestCrash_AtAnyCallOfAnyOperation_LeavesNothingTornOrLost(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	f := newFrail(t, s)
	w := newWorld(t, s)
	super, err := sql.Open("postgres", strings.Replace(s.setting("databaseUrl"), "data_api_app", "data_api_super", 1))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = super.Close() }()
	points, runs := 0, 0
	for name, o := range ordeals {
		calls := w.try(f, super, name, o, &f.vault, 0, none)
		for _, way := range []struct {
			where *trap
			most  int
			with  []fault
		}{{&f.vault, calls.vault, []fault{killBefore, killAfter, lost, delayed, twice}}, {&f.database, calls.database, []fault{killBefore, killAfter, lost, delayed}}} {
			for at := 1; at <= way.most; at++ {
				points++
				for i, met := range way.with {
					if atFullSize() || (at+3*i+len(name))%17 == 0 {
						w.try(f, super, fmt.Sprintf("%s, call %d %s", name, at, met), o, way.where, at, met)
						runs++
					}
				}
			}
		}
	}
	t.Logf("%d crash points of %d operations, %d runs, the server started %d times", points, len(ordeals), runs, f.starts)
	if points < 50 || f.starts < 3 {
		t.Errorf("the test shows nothing")
	}
}

type calls struct{ vault, database int }

// try sends one operation, of which one call meets the fault, and then the same again to the healthy server; it returns how many calls it made.
func (w *world) try(f *frail, super *sql.DB, name string, o ordeal, where *trap, at int, met fault) (made calls) {
	f.revive()
	a := &attempt{world: w, f: f, admin: w.user("acme", authz.Admin), name: fmt.Sprintf("s%d", time.Now().UnixNano()), before: w.canaries.add("before"), after: w.canaries.add("after")}
	o.prepare(a)
	frailly := *w
	frailly.address = f.server.address
	body := operation(o.mutation, map[string]any{"s": a.id, "n": a.name, "a": a.after, "k": a.name})
	if got, err := frailly.send(a.admin, operation(`{ viewer { role } }`, nil)); err != nil || got.status != 200 { // connections are made and statements known
		w.t.Fatalf("%s: the server does not answer: %v", name, err)
	}
	f.vault.arm(0, none, nil)
	f.database.arm(0, none, nil)
	where.arm(at, met, f.kill)
	first, _ := frailly.send(a.admin, body) // a server that was killed answers nothing
	made = calls{f.vault.disarm(), f.database.disarm()}
	second := w.insist(super, a.admin, body)
	before := w.t.Failed()
	o.check(a, first, second)
	if w.t.Failed() && !before {
		w.t.Fatalf("%s: first %s, then %s", name, first.body, second.body)
	}
	return made
}

// insist sends an operation again until it is answered, as a client does whose time is short: claims of those who are gone are taken over at once.
func (w *world) insist(super *sql.DB, who credential, body []byte) answer {
	for range 5 {
		if _, err := super.Exec(`UPDATE idempotency_claim SET attempted_at = '-infinity'`); err != nil {
			w.t.Fatal(err)
		}
		if got, err := w.send(who, body); err != nil || got.code() != "UNAVAILABLE" {
			if err != nil {
				w.t.Fatal(err)
			}
			return got
		}
	}
	w.t.Fatalf("an operation was not answered: %s", body)
	return answer{}
}
