package e2e

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

const (
	// soakClients use the server at once.
	soakClients = 4
	// soakSamples are taken while it lasts.
	soakSamples = 24
)

// reading is what a server and its database hold at one time.
type reading struct {
	memory, goroutines, descriptors float64
	// dead rows await the vacuum, in all tables; connections are those of the server's role.
	dead, connections float64
}

// TestSoak_UnderSteadyLoad_NothingGrows has a server do the same again and again: what it holds in the last third of
// the time is what it held in the second. `make soak` does so for an hour.
func TestSoak_UnderSteadyLoad_NothingGrows(t *testing.T) {
	t.Parallel()
	lasting, err := time.ParseDuration(cmp.Or(os.Getenv("SOAK"), "20s"))
	testkit.Must(t, err)
	w := newWorld(t, plainStack(t))
	p, err := w.serve(w.binary, "soak", "--metrics-listen", "127.0.0.1:0")
	testkit.Must(t, err)
	defer func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	}()
	w.address = p.address

	var soakers []*soaker
	var secrets []string
	for client := range soakClients {
		s := newSoaker(w, fmt.Sprintf("soak-%d", client))
		soakers, secrets = append(soakers, s), append(secrets, s.secret)
	}
	w.refer("wf", secrets...)

	ctx, over := context.WithTimeout(t.Context(), lasting)
	defer over()
	var rounds atomic.Int64
	var all sync.WaitGroup
	for _, s := range soakers {
		all.Go(func() { s.work(ctx, min(lasting/80, time.Second), &rounds) })
	}
	held := w.readings(ctx, p, lasting)
	all.Wait()
	t.Logf("%s, %d rounds of 16 requests by %d clients", lasting, rounds.Load(), soakClients)
	if rounds.Load() < soakClients || len(held) < 3 {
		t.Errorf("%d rounds and %d readings show nothing", rounds.Load(), len(held))
	} else if what := grown(held); what != nil {
		t.Errorf("it grows: %q", what)
	}
}

// readings are taken at even times until ctx ends.
func (w *world) readings(ctx context.Context, p *process, lasting time.Duration) (held []reading) {
	w.t.Helper()
	super, tick := w.super(), time.NewTicker(lasting/soakSamples)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return held
		case <-tick.C:
		}
		r := w.reading(p, super)
		held = append(held, r)
		w.t.Logf("%3d: %s", len(held), r)
	}
}

func (w *world) reading(p *process, super *sql.DB) (r reading) {
	w.t.Helper()
	text := w.metrics(p)
	r.memory = metricOf(w.t, text, "process_resident_memory_bytes")
	r.goroutines = metricOf(w.t, text, "go_goroutines")
	r.descriptors = metricOf(w.t, text, "process_open_fds")
	testkit.Must(w.t, super.QueryRowContext(w.t.Context(), `SELECT sum(n_dead_tup), (SELECT count(*) FROM
		pg_stat_activity WHERE usename = 'data_api_app') FROM pg_stat_user_tables`).Scan(&r.dead, &r.connections))
	return r
}

func metricOf(t testing.TB, text, name string) float64 {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("there is no %s in\n%s", name, text)
	}
	n, err := strconv.ParseFloat(found[1], 64)
	testkit.Must(t, err)
	return n
}

func (r reading) String() string {
	return fmt.Sprintf("%4.0f MiB, %4.0f goroutines, %4.0f descriptors, %3.0f connections, %6.0f dead rows",
		r.memory/(1<<20), r.goroutines, r.descriptors, r.connections, r.dead)
}

// grown names what the last third of readings has more of than the second, by their medians. The first warms up.
func grown(held []reading) (what []string) {
	third := len(held) / 3
	for _, c := range []struct {
		name  string
		of    func(reading) float64
		slack float64
	}{
		{"bytes of memory", func(r reading) float64 { return r.memory }, 32 << 20},
		{"goroutines", func(r reading) float64 { return r.goroutines }, 15},
		{"descriptors", func(r reading) float64 { return r.descriptors }, 15},
		{"connections", func(r reading) float64 { return r.connections }, 20},
		{"dead rows", func(r reading) float64 { return r.dead }, 20_000},
	} {
		second, last := median(held[third:2*third], c.of), median(held[2*third:], c.of)
		if last > second*1.2+c.slack {
			what = append(what, fmt.Sprintf("%s: %.0f, then %.0f", c.name, second, last))
		}
	}
	return what
}

func TestGrown_OfWhatIsFlatAndWhatIsNot_NamesTheLatter(t *testing.T) {
	t.Parallel()
	var held []reading
	for i := range 24 {
		held = append(held, reading{memory: 70 << 20, goroutines: float64(60 + 5*i), descriptors: 40, connections: 50, dead: 1e6})
	}
	if what := grown(held); !slices.Equal(what, []string{"goroutines: 120, then 160"}) {
		t.Errorf("got %q", what)
	}
}

func median(held []reading, of func(reading) float64) float64 {
	var all []float64
	for _, r := range held {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// soaker does what people, runs and uploads do, and removes what it has made.
type soaker struct {
	*world
	name, in, secret, other string
	key                     credential
	runtime                 runtime
}

func newSoaker(w *world, name string) *soaker {
	w.t.Helper()
	return &soaker{
		world:   w,
		name:    name,
		in:      w.datastore(w.user("acme", authz.Editor), name),
		secret:  w.createSecret(name, w.canaries.add(name)),
		other:   w.createSecret("other-"+name, w.canaries.add(name)),
		key:     w.apiKey("acme", authz.SecretsInject, authz.RunsExecute),
		runtime: w.runtime("acme"),
	}
}

// work does rounds until ctx ends, one each time that so long has passed.
func (s *soaker) work(ctx context.Context, pace time.Duration, rounds *atomic.Int64) {
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for n := 0; ctx.Err() == nil && !s.t.Failed(); n++ {
		s.round(fmt.Sprintf("%s-%d", s.name, n))
		rounds.Add(1)
		<-tick.C
	}
}

// round is what comes up in a day: an upload, a step, the life of a secret, a socket, a caller that goes away, and one
// that is refused.
func (s *soaker) round(name string) {
	admin := s.user("acme", authz.Admin)
	l := s.landing(admin, s.in, name+".csv", nil)
	if status := s.putAs(l, "a,b\n1,2\n\n"); status != http.StatusOK {
		s.t.Errorf("the PUT is answered %d", status)
	}
	s.mustDo(admin, `mutation($id: ID!) { completeUpload(input: {uploadId: $id}) { upload { id } } }`, map[string]any{"id": l.id})
	s.step(s.key, s.in, name+".txt", "what a step puts out")
	for _, key := range []string{name + ".csv", name + ".txt"} {
		s.mustDo(admin, `mutation($id: ID!) { deleteObject(input: {datastoreId: $id, key: "`+key+`"}) { objectId } }`, map[string]any{"id": s.in})
	}

	s.mustDo(admin, `mutation($id: ID!) { rotateSecret(input: {secretId: $id, value: {text: "`+name+`"}}) { version { version } } }`, map[string]any{"id": s.secret})
	s.reveal(admin, s.secret)
	if a := s.do(s.key, injectMutation, injection{secret: s.secret, runtimeKey: s.runtime.id}.variables()); a.code() != "" {
		s.t.Errorf("injecting: %s", a.body)
	}
	for _, verb := range []string{"delete", "restore"} {
		s.mustDo(admin, sentences[verb], map[string]any{"s": s.other})
	}

	s.mustDo(admin, `query($id: ID!) { datastore(id: $id) { objects(first: 20) { nodes { key } } } }`, map[string]any{"id": s.in})
	s.mustDo(admin, `query($id: ID!) { secret(id: $id) { versions(first: 20) { nodes { version } } } auditEvents(first: 20) { nodes { action } } }`, map[string]any{"id": s.secret})
	socket := s.open(s.address, admin)
	socket.do(`{ secrets(first: 5) { nodes { name } } }`, nil)
	testkit.Must(s.t, socket.conn.Close(websocket.StatusNormalClosure, ""))
	s.goAway(admin)
	if a := s.do(credential{"X-API-Key", "wrong"}, `{ me { id } }`, nil); a.code() == "" {
		s.t.Errorf("a wrong key: %s", a.body)
	}
}

// goAway asks for something, and does not wait for the answer.
func (s *soaker) goAway(who credential) {
	s.t.Helper()
	body := operation(`{ secrets(first: 100) { nodes { name } } }`, nil)
	line, err := s.begin(s.t.Context(), who, len(body))
	testkit.Must(s.t, err)
	_, err = line.Write(body)
	testkit.Must(s.t, errors.Join(err, line.Close()))
}
