package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"
)

// fleet are servers behind a front, and clients that write through it.
type fleet struct {
	*world
	front front
	who   credential
	mu    sync.Mutex
	// running are all servers that may be ready.
	running []*process
	// written are the names of what servers have acknowledged.
	written []string
	started int
	failed  atomic.Bool
}

// start starts a server, and returns once it is ready.
func (f *fleet) start() *process {
	f.t.Helper()
	f.started++
	p, err := f.serve(f.binary, fmt.Sprintf("fleet-%s-%d", f.name, f.started), "--no-jobs", "--drain-for",
		drainFor.String())
	testkit.Must(f.t, err)
	f.t.Cleanup(p.kill)
	f.mu.Lock()
	f.running = append(f.running, p)
	f.mu.Unlock()
	return p
}

// restart stops a server as a rolling update does, and starts another one in its place, while clients write.
func (f *fleet) restart(old *process) {
	f.t.Helper()
	f.replace(old, f.progress)
	f.progress()
}

// replace stops a server, does something while it drains, and returns one that is ready in its place.
func (f *fleet) replace(old *process, meanwhile func()) *process {
	f.t.Helper()
	testkit.Must(f.t, old.cmd.Process.Signal(syscall.SIGTERM))
	meanwhile()
	select {
	case <-old.ended:
	case <-time.After(time.Minute):
		f.t.Fatal("it did not stop within a minute")
	}
	if err := old.lastWords(); err != nil {
		f.t.Error(err)
	}
	return f.start()
}

// listenInFront returns an address from which connections are passed on to the front, once it leads to a server.
func (f *fleet) listenInFront() string {
	f.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(f.t, err)
	f.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			go f.passOn(from)
		}
	}()
	f.until("the front leads to a server", func() bool { return isReady(f.t.Context(), listener.Addr().String()) })
	return listener.Addr().String()
}

func (f *fleet) passOn(from net.Conn) {
	defer func() { _ = from.Close() }()
	to, err := f.front.dial(f.t.Context())
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	go func() { _, _ = io.Copy(to, from) }()
	_, _ = io.Copy(from, to)
}

// watch tells the front which servers are ready, until ctx ends.
func (f *fleet) watch(ctx context.Context) {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var told []string
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		f.mu.Lock()
		running := slices.Clone(f.running)
		f.mu.Unlock()
		var ready []string
		for _, p := range running {
			if isReady(ctx, p.address) {
				ready = append(ready, p.address)
			}
		}
		if ctx.Err() == nil && !slices.Equal(ready, told) {
			f.front.route(ready)
			told = ready
		}
	}
}

func isReady(ctx context.Context, address string) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return false
	}
	response, err := client.Do(r)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// write makes datastores, twenty a second at most, until ctx ends; then the request under way still ends.
func (f *fleet) write(ctx context.Context, client int) {
	through := &http.Client{Timeout: time.Minute, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(ctx context.Context, _, _ string) (net.Conn, error) { return f.front.dial(ctx) },
	}}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ctx.Err() == nil && !f.failed.Load(); n++ {
		name := fmt.Sprintf("deployed-%d-%d", client, n)
		got, err := f.make(through, name)
		if f.refused(name, got, err) {
			return
		}
		<-tick.C
	}
}

func (f *fleet) make(through *http.Client, name string) (answer, error) {
	r, err := http.NewRequestWithContext(context.WithoutCancel(f.t.Context()), http.MethodPost,
		"http://127.0.0.1/graphql", bytes.NewReader(operation(
			`mutation($n: String!) { createDatastore(input: {name: $n}) { datastore { id } } }`, map[string]any{"n": name})))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(f.who.header, f.who.value)
	response, err := through.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	got := answer{status: response.StatusCode, body: text}
	_ = json.Unmarshal(text, &got.tree) // what is no JSON has no id
	return got, err
}

// refused notes what was acknowledged, and reports whether something was not. Before the front is there, a client that
// cannot connect tries again.
func (f *fleet) refused(name string, got answer, err error) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err == nil && got.status == http.StatusOK && got.text("data", "createDatastore", "datastore", "id") != "" {
		f.written = append(f.written, name)
		return false
	}
	if len(f.written) == 0 && err != nil {
		return false
	}
	f.failed.Store(true)
	f.t.Errorf("%s: %d %s: %v", name, got.status, got.body, err)
	return true
}

// progress waits until every client may have written twice more.
func (f *fleet) progress() {
	f.t.Helper()
	count := func() int {
		f.mu.Lock()
		defer f.mu.Unlock()
		return len(f.written)
	}
	enough := count() + 2*clientsAtOnce
	for over := time.Now().Add(2 * time.Minute); count() < enough; time.Sleep(20 * time.Millisecond) {
		if f.failed.Load() || time.Now().After(over) {
			f.t.Fatalf("the clients do not get on: %d of %d are written", count(), enough)
		}
	}
}

func (f *fleet) check() {
	f.t.Helper()
	var there []string
	for after := any(nil); ; {
		a := f.do(f.who, `query($a: String) { datastores(first: 100, after: $a) { nodes { name } pageInfo { endCursor } } }`,
			map[string]any{"a": after})
		nodes, _ := a.at("data", "datastores", "nodes").([]any)
		if len(nodes) == 0 {
			break
		}
		for _, n := range nodes {
			there = append(there, answer{tree: n.(map[string]any)}.text("name"))
		}
		after = a.at("data", "datastores", "pageInfo", "endCursor")
	}
	slices.Sort(there)
	for _, name := range f.written {
		if _, found := slices.BinarySearch(there, name); !found {
			f.t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	f.t.Logf("%d datastores were made by %d clients", len(f.written), clientsAtOnce)
}

// turns sends clients to ready servers themselves, each in its turn.
type turns struct {
	mu        sync.Mutex
	addresses []string
	next      int
}

func newTurns(*testing.T) front { return &turns{} }

func (u *turns) route(addresses []string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.addresses = addresses
}

func (u *turns) dial(ctx context.Context) (net.Conn, error) {
	u.mu.Lock()
	if len(u.addresses) == 0 {
		u.mu.Unlock()
		return nil, fmt.Errorf("no server is ready")
	}
	u.next++
	address := u.addresses[u.next%len(u.addresses)]
	u.mu.Unlock()
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}
