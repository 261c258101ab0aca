package e2e

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

// TestKill_WhileManyClientsRevealAndInject_NoValueIsWithoutItsEvent kills the server at calls of its to Postgres and
// Secret Manager, whichever come there: each value that a client saw has its event, whatever became of the others.
func TestKill_WhileManyClientsRevealAndInject_NoValueIsWithoutItsEvent(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	f := newFrail(t, s)
	a := &attempt{world: newWorld(t, s), name: "killed", before: f.before}
	a.admin = a.user("acme", authz.Admin)
	used(a)
	rounds, seen := 6, &sightings{events: map[string]bool{}, leases: map[string]bool{}}
	if atFullSize() {
		rounds = 100
	}
	for round := range rounds {
		f.revive()
		where := []*trap{&f.database, &f.database, &f.vault}[round%3]
		where.arm(100+rand.IntN(500), []fault{killBefore, killAfter}[round%2], f.server.kill)
		if where == &f.vault { // what was read before is read no more: only a version that is new
			where.arm(1, []fault{killBefore, killAfter}[round%2], f.server.kill)
			a.do(a.admin, `mutation($s: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $s, value: {text: $v}}) { version { version } } }`,
				map[string]any{"s": a.id, "v": fmt.Sprintf("%s-%d", f.before, round)})
		}
		seen.lookUntilKilled(a, f.server.address)
		where.disarm() // a machine may be too slow for so many calls
	}
	f.revive()
	if killed := f.starts - 1; killed < rounds/2 {
		t.Errorf("killed %d times in %d rounds: the test shows little", killed, rounds)
	}
	seen.check(t, a)
	t.Logf("killed %d times under %d clients: %d values revealed and %d injected, each with its event", f.starts-1,
		clientsAtOnce, len(seen.events), len(seen.leases))
}

// sightings are the events and leases that came with the values that clients saw.
type sightings struct {
	mu             sync.Mutex
	events, leases map[string]bool
}

// lookUntilKilled has all clients reveal and inject until the server answers no more.
func (s *sightings) lookUntilKilled(a *attempt, address string) {
	frailly := *a.world
	frailly.address = address
	bodies := [][]byte{operation(`mutation($s: ID!) { revealSecret(input: {secretId: $s}) { value auditEventId } }`,
		map[string]any{"s": a.id}),
		operation(`mutation($s: ID!, $r: ID!) { injectSecrets(input: {run: {runId: "r", stepId: "s"}, consumer: {kind: AGENT, externalId: "a"}, runtimeKeyId: $r, secrets: [{secretId: $s}]}) {
			leaseId secrets { sealed } } }`, map[string]any{"s": a.id, "r": a.key})}
	over := time.Now().Add(time.Minute)
	var all sync.WaitGroup
	for client := range clientsAtOnce {
		all.Go(func() {
			for i := client; time.Now().Before(over); i++ {
				got, err := frailly.send([]credential{a.admin, a.who}[i%2], bodies[i%2])
				if err != nil {
					return
				}
				s.note(got)
			}
		})
	}
	all.Wait()
}

func (s *sightings) note(got answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id := got.text("data", "revealSecret", "auditEventId"); id != "" {
		s.events[id] = true
	}
	if id := got.text("data", "injectSecrets", "leaseId"); id != "" {
		s.leases[id] = true
	}
}

// check reads the whole log of the secret.
func (s *sightings) check(t *testing.T, a *attempt) {
	t.Helper()
	onRecord := map[string]bool{}
	for _, action := range []string{"secret.accessed", "secret.injected"} {
		for after := any(nil); ; {
			got := a.do(a.admin, `query($s: ID!, $a: String!, $after: String) { auditEvents(first: 100, after: $after, filter: {targetId: $s, action: $a}) {
				nodes { id details } pageInfo { hasNextPage endCursor } } }`, map[string]any{
				"s":     a.id,
				"a":     action,
				"after": after,
			})
			nodes, _ := got.at("data", "auditEvents", "nodes").([]any)
			for _, n := range nodes {
				event := answer{tree: n.(map[string]any)}
				onRecord[event.text("id")], onRecord[event.text("details", "leaseId")] = true, true
			}
			if after = got.at("data", "auditEvents", "pageInfo", "endCursor"); got.at("data", "auditEvents", "pageInfo",
				"hasNextPage") != true {
				break
			}
		}
	}
	for _, seen := range []map[string]bool{s.events, s.leases} {
		for id := range seen {
			if !onRecord[id] {
				t.Errorf("a value was seen without its event %s", id)
			}
		}
		if len(seen) == 0 {
			t.Error("no value was seen: the test shows nothing")
		}
	}
}
