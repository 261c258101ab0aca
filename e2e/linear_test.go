package e2e

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/provenanceone/data-api/internal/authz"
)

// atFullSize reports whether proofs run for as long as `make prove` lets them.
func atFullSize() bool { return os.Getenv("PROVE") == "full" }

// what one client asked of one secret, and what it was told.
type (
	asked struct {
		rotate bool
		value  string // of a rotation
	}
	told struct {
		value   string // of a reveal
		unknown bool   // it may or may not have been done
	}
)

// register is a secret as whoever uses it should see it: a rotation sets the value, a reveal sees the one that is set.
var register = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		in, out := input.(asked), output.(told)
		switch {
		case in.rotate && out.unknown:
			return true, in.value // it takes effect at some time after it was sent; the checker may put it after everything else
		case in.rotate:
			return true, in.value
		}
		return out.value == state, state
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

// TestHistory_OfOneSecretByManyClientsOnTwoServers_IsLinearizable rotates and reveals one secret through two servers, while the database
// ends their connections again and again, and has the recorded history checked: no reveal sees an old value once a rotation has answered.
func TestHistory_OfOneSecretByManyClientsOnTwoServers_IsLinearizable(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	w := newWorld(t, s)
	clients, lasting := 8, 3*time.Second
	if atFullSize() {
		clients, lasting = 16, 60*time.Second
	}
	h := &history{world: w, servers: []string{w.address, newReplica(t, s)}, began: time.Now()}
	h.begin(t)
	over := time.Now().Add(lasting)
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for i := 0; time.Now().Before(over); i++ {
				h.act(client, i)
			}
		})
	}
	all.Go(func() { h.endConnections(t, over) })
	all.Wait()
	result, _ := porcupine.CheckOperationsVerbose(register, h.operations, 60*time.Second)
	t.Logf("%d operations by %d clients on two servers, %d of unknown outcome, connections ended %d times: %s", len(h.operations), clients, h.unknown.Load(), h.ended.Load(), result)
	if result != porcupine.Ok {
		t.Errorf("the history is not linearizable: %s", result)
	}
	if len(h.operations) < 10*clients || h.ended.Load() == 0 {
		t.Errorf("only %d operations, and connections ended %d times: the test shows nothing", len(h.operations), h.ended.Load())
	}
}

type history struct {
	*world
	servers        []string
	began          time.Time
	admin          credential
	secret         string
	mu             sync.Mutex
	operations     []porcupine.Operation
	unknown, ended atomic.Int32
}

func (h *history) begin(t *testing.T) {
	t.Helper()
	h.admin = h.user("acme", authz.Admin)
	first := h.canaries.add("linear")
	a := h.do(h.admin, `mutation($v: SecretString!) { createSecret(input: {name: "s", value: {text: $v}}) { secret { id } } }`, map[string]any{"v": first})
	h.secret = a.text("data", "createSecret", "secret", "id")
	h.operations = append(h.operations, porcupine.Operation{ClientId: 1000, Input: asked{rotate: true, value: first}, Call: 0, Output: told{}, Return: 1})
}

// act asks one thing of one server, and keeps what it was told and when.
func (h *history) act(client, i int) {
	there := *h.world
	there.address = h.servers[(client+i)%len(h.servers)]
	in := asked{rotate: rand.IntN(4) == 0}
	query, variables := `mutation($s: ID!) { revealSecret(input: {secretId: $s}) { value } }`, map[string]any{"s": h.secret}
	if in.rotate {
		in.value = h.canaries.add(fmt.Sprintf("linear-%d-%d", client, i))
		query, variables["v"] = `mutation($s: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $s, value: {text: $v}}) { version { version } } }`, in.value
	}
	call := time.Since(h.began).Nanoseconds()
	a := there.do(h.admin, query, variables)
	op := porcupine.Operation{ClientId: client, Input: in, Call: call, Return: time.Since(h.began).Nanoseconds(), Output: told{value: a.text("data", "revealSecret", "value")}}
	switch code := a.code(); {
	case code == "":
	case code != "UNAVAILABLE":
		h.t.Errorf("%s: %s", query, a.body)
		return
	case !in.rotate:
		return // it saw nothing
	case in.rotate:
		h.unknown.Add(1)
		op.Output, op.Return, op.ClientId = told{unknown: true}, 1<<62, 2000+int(h.unknown.Load())
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, op)
}

// endConnections ends every connection of the servers' role, as a restart of the database does.
func (h *history) endConnections(t *testing.T, over time.Time) {
	db, err := sql.Open("postgres", h.setting("databaseUrl"))
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = db.Close() }()
	tick := time.NewTicker(700 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		if time.Now().After(over) {
			return
		}
		if _, err := db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()`); err != nil && !strings.Contains(err.Error(), "terminating") {
			t.Error(err)
		}
		h.ended.Add(1)
	}
}
