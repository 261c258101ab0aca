package e2e

import (
	"context"
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
	"github.com/provenanceone/data-api/internal/testkit"
)

// atFullSize reports whether proofs run for as long as `make prove` lets them.
func atFullSize() bool { return os.Getenv("PROVE") == "full" }

// promised is how long something may take: as long as was promised where it runs alone, in `make prove`, and half a
// minute more where others have the same cores.
func promised(d time.Duration) time.Duration {
	if atFullSize() {
		return d
	}
	return d + 30*time.Second
}

// TestHistory_OfOneSecretByManyClientsOnTwoServers_IsLinearizable rotates, rolls back, destroys, reveals, injects,
// deletes and restores one secret through two servers, while the database ends their connections again and again, and
// has the recorded history checked: nobody sees an old value once a rotation has answered, nor one that is destroyed.
// At full size it does so with many secrets, one after the other.
func TestHistory_OfOneSecretByManyClientsOnTwoServers_IsLinearizable(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	w := newWorld(t, s)
	servers, rounds := []string{w.address, newReplica(t, s)}, 1
	if atFullSize() {
		rounds = 15
	}
	for round := range rounds {
		h := &history{world: w, servers: servers, began: time.Now(), name: fmt.Sprintf("round-%d", round)}
		h.disturb = h.endConnections
		h.begin(t)
		h.act(t, 4*time.Second)
		h.check(t)
	}
}

// TestHistory_OfThreeServersOfWhichOneIsAlwaysRestarted_IsLinearizable uses one secret through nginx, behind which three
// servers are stopped and started in turn: no client sees a connection break, and what was answered holds on the others.
func TestHistory_OfThreeServersOfWhichOneIsAlwaysRestarted_IsLinearizable(t *testing.T) {
	t.Parallel()
	f := &fleet{world: newWorld(t, shared), front: newNginx(t)}
	servers := []*process{f.start(), f.start(), f.start()}
	ctx, over := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	defer watching.Wait()
	defer over()
	watching.Go(func() { f.watch(ctx) })
	address, rounds := f.listenInFront(), 1
	if atFullSize() {
		rounds = 15
	}
	for round := range rounds {
		h := &history{
			world:   f.world,
			servers: []string{address},
			began:   time.Now(),
			name:    fmt.Sprintf("behind-nginx-%d", round),
			pause:   time.Duration(clientsOfHistory()) * 65 * time.Millisecond, // so the history is as long as the restart takes
		}
		h.disturb = func(*testing.T, time.Time) {
			servers[round%3] = f.replace(servers[round%3], func() {})
			h.disturbed.Add(1)
		}
		h.begin(t)
		h.act(t, 15*time.Second)
		h.check(t)
		if h.unknown.Load() > 0 {
			t.Errorf("%d operations were not answered", h.unknown.Load())
		}
	}
}

const (
	// fewestOperations is what a history must have to show anything.
	fewestOperations = 48
	// mostOperations keeps the search for an order short: how long it takes grows much faster than the history.
	mostOperations = 240
	// mostUnknown too: each operation of unknown outcome doubles what the search may have to look at.
	mostUnknown = 3
	// mostOfTheSearch is for a machine that is busy otherwise; alone the search takes seconds.
	mostOfTheSearch = 5 * time.Minute
)

// clientsAtOnce is how many clients use one secret.
const clientsAtOnce = 16

// clientsOfHistory is how many do in a history: a sample has fewer, for beside others on the same cores all of them
// wait at once, and the search goes through the orders in which they may have been served.
func clientsOfHistory() int {
	if atFullSize() {
		return clientsAtOnce
	}
	return 6
}

// act has all clients use the secret until the time is over or the history is long enough, and on a busy machine until
// they have done enough.
func (h *history) act(t *testing.T, lasting time.Duration) {
	t.Helper()
	over := time.Now().Add(lasting)
	var all sync.WaitGroup
	for client := range clientsOfHistory() {
		all.Go(func() {
			for i := 0; h.goesOn(time.Now().Before(over)) && t.Context().Err() == nil; i++ {
				h.once(client, i)
				time.Sleep(h.pause)
			}
		})
	}
	all.Go(func() { h.disturb(t, over) })
	all.Wait()
}

// goesOn reports whether there is more to do, while there is time or not.
func (h *history) goesOn(hasTime bool) bool {
	n := h.count()
	return n < fewestOperations || hasTime && (n < mostOperations || h.disturbed.Load() == 0)
}

func (h *history) check(t *testing.T) {
	t.Helper()
	numbered, began := h.numbered(t), time.Now()
	result, _ := porcupine.CheckOperationsVerbose(register, numbered, mostOfTheSearch)
	t.Logf("%s: %d operations by %d clients, %d of unknown outcome, disturbed %d times: %s, "+
		"which took %s to find", h.name, len(h.operations), clientsOfHistory(), h.unknown.Load(), h.disturbed.Load(), result,
		time.Since(began).Round(time.Millisecond))
	if result != porcupine.Ok {
		t.Errorf("the history is not linearizable: %s", result)
	}
	if len(h.operations) < fewestOperations || h.disturbed.Load() == 0 {
		t.Errorf("only %d operations, and disturbed %d times: the test shows nothing", len(h.operations),
			h.disturbed.Load())
	}
}

// count is how many operations have an outcome so far.
func (h *history) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.operations)
}

type history struct {
	*world
	servers []string
	began   time.Time
	name    string
	// pause is between two operations of a client.
	pause time.Duration
	// disturb does to the servers what they must bear, at least once, until the time is over; disturbed is how often.
	disturb            func(t *testing.T, over time.Time)
	admin              credential
	secret             string
	runtimes           []*keys.Client
	mu                 sync.Mutex
	operations         []porcupine.Operation
	last               int // the newest version that anybody was told of
	unknown, disturbed atomic.Int32
}

func (h *history) begin(t *testing.T) {
	t.Helper()
	h.admin = h.user("acme", authz.Admin)
	first := h.canaries.add("linear")
	a := h.do(h.admin, `mutation($n: String!, $v: SecretString!) { createSecret(input: {name: $n, value: {text: $v}}) { secret { id } } }`, map[string]any{"n": h.name, "v": first})
	h.secret = a.text("data", "createSecret", "secret", "id")
	h.operations = append(h.operations, porcupine.Operation{
		ClientId: 1000,
		Input:    asked{verb: "rotate", value: first},
		Call:     0,
		Output:   told{version: 1},
		Return:   1,
	})
	h.do(h.admin, `mutation($s: ID!) { setSecretReferences(input: {consumer: {kind: AGENT, externalId: "a", name: "A"}, secretIds: [$s]}) { references { createdAt } } }`, map[string]any{"s": h.secret})
	key, err := keys.NewKey()
	testkit.Must(t, err)
	id := h.do(h.admin, `mutation($n: String!, $k: Base64!) { addRuntimeKey(input: {name: $n, publicKey: $k}) { runtimeKey { id } } }`, map[string]any{"n": h.name, "k": key.Public()}).text("data", "addRuntimeKey", "runtimeKey", "id")
	token := h.apiKey("acme", authz.SecretsInject).value
	for _, server := range h.servers {
		r, err := keys.New(keys.Options{
			Endpoint: "http://" + server + "/graphql",
			APIKey:   token,
			Key:      key,
			KeyID:    id,
			HTTP:     client,
		})
		testkit.Must(t, err)
		h.runtimes = append(h.runtimes, r)
	}
}

// once asks one thing of one server, and keeps what it was told and when.
func (h *history) once(client, i int) {
	server, in := (client+i)%len(h.servers), asked{verb: "read"}
	switch n := rand.IntN(30); {
	case n == 0:
		in.verb = "delete"
	case n <= 2:
		in.verb = "restore"
	case n <= 5:
		in = asked{verb: "roll back", number: h.earlier()}
	case n <= 8:
		in = asked{verb: "destroy", number: h.earlier()}
	case n < 16:
		// the first value stands for all in the search of files
		in = asked{verb: "rotate", value: fmt.Sprintf("linear-%d-%d", client, i)}
	}
	op := porcupine.Operation{ClientId: client, Input: in, Call: time.Since(h.began).Nanoseconds()}
	out := h.ask(server, in)
	op.Output, op.Return = out, time.Since(h.began).Nanoseconds()
	switch {
	case in.verb == "read" && (out.code == "UNAVAILABLE" || out.code == "RATE_LIMITED" || out.code == "CONFLICT"):
		// it saw nothing: what it was to see was destroyed meanwhile; a key that was refused a hundred times is told
		// no more
		return
	case out.nothing:
		// so the server says, and is taken at its word: if something was done all the same, the history does not fit
		return
	case out.code == "UNAVAILABLE":
		h.unknown.Add(1)
		op.Output, op.Return, op.ClientId = told{unknown: true}, 1<<62, 2000+int(h.unknown.Load())
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.last = max(h.last, out.version)
	h.operations = append(h.operations, op)
}

// earlier is the number of one of the newest versions, of which the current one may be one.
func (h *history) earlier() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return max(h.last-rand.IntN(4), 1)
}

var sentences = map[string]string{
	"rotate":    `mutation($s: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $s, value: {text: $v}}) { version { version } } }`,
	"roll back": `mutation($s: ID!, $n: Int!) { rollbackSecret(input: {secretId: $s, version: $n}) { version { version } } }`,
	"destroy":   `mutation($s: ID!, $n: Int!) { destroySecretVersion(input: {secretId: $s, version: $n}) { secret { name } } }`,
	"delete":    `mutation($s: ID!) { deleteSecret(input: {secretId: $s, force: true}) { secret { name } } }`,
	"restore":   `mutation($s: ID!) { restoreSecret(input: {secretId: $s}) { secret { name } } }`,
	"read":      `mutation($s: ID!) { revealSecret(input: {secretId: $s}) { value } }`,
}

func (h *history) ask(server int, in asked) told {
	if in.verb == "read" && rand.IntN(2) == 0 {
		return h.inject(server)
	}
	there := *h.world
	there.address = h.servers[server]
	variables := map[string]any{"s": h.secret}
	switch in.verb {
	case "rotate":
		variables["v"] = in.value
	case "roll back", "destroy":
		variables["n"] = in.number
	}
	a := there.do(h.admin, sentences[in.verb], variables)
	version := a.number("data", "rotateSecret", "version", "version") +
		a.number("data", "rollbackSecret", "version", "version")
	return told{
		value:   a.text("data", "revealSecret", "value"),
		version: version,
		code:    a.code(),
		nothing: strings.Contains(string(a.body), "nothing was done"),
	}
}

// inject reads the secret as a run does.
func (h *history) inject(server int) told {
	want := keys.Secret{ID: h.secret}
	lease, err := h.runtimes[server].Lease(h.t.Context(), keys.Request{
		Run:      keys.Run{ID: "r", StepID: "s"},
		Consumer: keys.Consumer{Kind: "AGENT", ExternalID: "a"},
		Secrets:  []keys.Secret{want},
	})
	if err != nil {
		return told{code: string(api.Code(err))}
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
		if time.Now().After(over) || h.unknown.Load() >= mostUnknown {
			return
		}
		if _, err := db.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = current_user
			AND pid <> pg_backend_pid()`); err != nil && !strings.Contains(err.Error(), "terminating") {
			t.Error(err)
		}
		h.disturbed.Add(1)
	}
}
