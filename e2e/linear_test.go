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

	api "github.com/provenanceone/data-api/client"
	keys "github.com/provenanceone/data-api/client/runtime"
	"github.com/provenanceone/data-api/internal/authz"
)

// atFullSize reports whether proofs run for as long as `make prove` lets them.
func atFullSize() bool { return os.Getenv("PROVE") == "full" }

// asked is what one client asked of one secret, and told what it was told.
type (
	asked struct {
		verb  string // rotate, read, delete or restore
		value string // of a rotation
	}
	told struct {
		value   string // of a reading
		code    string // of a refusal
		unknown bool   // it may or may not have been done
	}
)

// state is a secret as whoever uses it should see it.
type state struct {
	value   string
	deleted bool
}

// after is what an operation makes of a state, and the code that it is refused with.
func (s state) after(in asked) (next state, code string) {
	switch {
	case in.verb == "restore" && s.deleted:
		return state{value: s.value}, ""
	case in.verb == "restore":
		return s, "CONFLICT"
	case s.deleted:
		return s, "NOT_FOUND"
	case in.verb == "rotate":
		return state{value: in.value}, ""
	case in.verb == "delete":
		return state{value: s.value, deleted: true}, ""
	}
	return s, ""
}

// register is one secret: a rotation sets the value, and every way of reading it, a reveal or an injection, sees the one that is set.
var register = porcupine.Model{
	Init: func() any { return state{} },
	Step: func(before, input, output any) (bool, any) {
		in, out, s := input.(asked), output.(told), before.(state)
		next, code := s.after(in)
		switch {
		case out.unknown: // the checker may put it after everything else, which is as if it had not been done
			return true, next
		case in.verb == "read" && code == "":
			return out.code == "" && out.value == s.value, next
		}
		return out.code == code, next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

// TestHistory_OfOneSecretByManyClientsOnTwoServers_IsLinearizable rotates, reveals and injects one secret through two servers (at full size, deletes and restores it too),
// while the database ends their connections again and again, and has the recorded history checked: nobody sees an old value once a rotation
// has answered.
func TestHistory_OfOneSecretByManyClientsOnTwoServers_IsLinearizable(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	w := newWorld(t, s)
	clients, lasting := 16, 4*time.Second
	if atFullSize() {
		lasting = 60 * time.Second
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
	result, _ := porcupine.CheckOperationsVerbose(register, h.seen(), 30*time.Second)
	t.Logf("%d operations by %d clients on two servers, %d of unknown outcome, connections ended %d times: %s", len(h.operations), clients, h.unknown.Load(), h.ended.Load(), result)
	if result == porcupine.Illegal || atFullSize() && result != porcupine.Ok {
		t.Errorf("the history is not linearizable: %s", result)
	}
	if len(h.operations) < 3*clients || h.ended.Load() == 0 {
		t.Errorf("only %d operations, and connections ended %d times: the test shows nothing", len(h.operations), h.ended.Load())
	}
}

type history struct {
	*world
	servers        []string
	began          time.Time
	admin          credential
	secret         string
	runtimes       []*keys.Client
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
	h.operations = append(h.operations, porcupine.Operation{ClientId: 1000, Input: asked{verb: "rotate", value: first}, Call: 0, Output: told{}, Return: 1})
	h.do(h.admin, `mutation($s: ID!) { setSecretReferences(input: {consumer: {kind: AGENT, externalId: "a", name: "A"}, secretIds: [$s]}) { references { createdAt } } }`, map[string]any{"s": h.secret})
	key, err := keys.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	id := h.do(h.admin, `mutation($k: Base64!) { addRuntimeKey(input: {name: "r", publicKey: $k}) { runtimeKey { id } } }`, map[string]any{"k": key.Public()}).text("data", "addRuntimeKey", "runtimeKey", "id")
	token := h.apiKey("acme", authz.SecretsInject).value
	for _, server := range h.servers {
		r, err := keys.New(keys.Options{Endpoint: "http://" + server + "/graphql", APIKey: token, Key: key, KeyID: id, HTTP: client})
		if err != nil {
			t.Fatal(err)
		}
		h.runtimes = append(h.runtimes, r)
	}
}

// act asks one thing of one server, and keeps what it was told and when.
func (h *history) act(client, i int) {
	server, in := (client+i)%len(h.servers), asked{verb: "read"}
	switch n := rand.IntN(30); {
	case n == 0 && atFullSize():
		in.verb = "delete"
	case n <= 2 && atFullSize():
		in.verb = "restore"
	case n < 10:
		in = asked{verb: "rotate", value: fmt.Sprintf("linear-%d-%d", client, i)} // the first value stands for all in the search of files
	}
	op := porcupine.Operation{ClientId: client, Input: in, Call: time.Since(h.began).Nanoseconds()}
	out := h.ask(server, in)
	op.Output, op.Return = out, time.Since(h.began).Nanoseconds()
	switch {
	case in.verb == "read" && (out.code == "UNAVAILABLE" || out.code == "RATE_LIMITED"):
		return // it saw nothing; a key that was refused a hundred times is told no more
	case out.code == "UNAVAILABLE":
		h.unknown.Add(1)
		op.Output, op.Return, op.ClientId = told{unknown: true}, 1<<62, 2000+int(h.unknown.Load())
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, op)
}

// seen is the history without the rotations of unknown outcome whose value nobody ever saw: they may as well not have been done.
func (h *history) seen() (all []porcupine.Operation) {
	read := map[string]bool{}
	for _, op := range h.operations {
		read[op.Output.(told).value] = true
	}
	for _, op := range h.operations {
		if in := op.Input.(asked); in.verb != "rotate" || !op.Output.(told).unknown || read[in.value] {
			all = append(all, op)
		}
	}
	return all
}

var sentences = map[string]string{
	"rotate":  `mutation($s: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $s, value: {text: $v}}) { version { version } } }`,
	"delete":  `mutation($s: ID!) { deleteSecret(input: {secretId: $s, force: true}) { secret { name } } }`,
	"restore": `mutation($s: ID!) { restoreSecret(input: {secretId: $s}) { secret { name } } }`,
	"read":    `mutation($s: ID!) { revealSecret(input: {secretId: $s}) { value } }`,
}

func (h *history) ask(server int, in asked) told {
	if in.verb == "read" && rand.IntN(2) == 0 {
		return h.inject(server)
	}
	there := *h.world
	there.address = h.servers[server]
	variables := map[string]any{"s": h.secret}
	if in.verb == "rotate" {
		variables["v"] = in.value
	}
	a := there.do(h.admin, sentences[in.verb], variables)
	return told{value: a.text("data", "revealSecret", "value"), code: a.code()}
}

// inject reads the secret as a run does.
func (h *history) inject(server int) told {
	want := keys.Secret{ID: h.secret}
	lease, err := h.runtimes[server].Lease(h.t.Context(), keys.Request{Run: keys.Run{ID: "r", StepID: "s"}, Consumer: keys.Consumer{Kind: "AGENT", ExternalID: "a"}, Secrets: []keys.Secret{want}})
	if err != nil {
		return told{code: api.Code(err)}
	}
	value, _ := lease.Value(want)
	return told{value: string(value)}
}

// endConnections ends every connection of the servers' role, as a restart of the database does.
func (h *history) endConnections(t *testing.T, over time.Time) {
	db, err := sql.Open("postgres", h.setting("databaseUrl"))
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = db.Close() }()
	tick := time.NewTicker(1500 * time.Millisecond)
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
