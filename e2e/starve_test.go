package e2e

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

// flood is how hard one workspace is worked against another.
type flood struct {
	// connections of the hostile one, and honest requests a second of the other.
	connections, honest int
	// keys lie flat in the hostile one's datastore.
	keys int
	// before the attack, and for as long as it takes, the honest requests come.
	before, time time.Duration
	// latency is of the 99th of a hundred honest requests, memory the server's at most.
	latency time.Duration
	memory  int64
}

func theFlood() flood {
	if atFullSize() {
		return flood{
			connections: 64,
			honest:      200,
			keys:        600_000,
			before:      3 * time.Second,
			time:        60 * time.Second,
			latency:     250 * time.Millisecond,
			memory:      512 << 20,
		}
	}
	return flood{
		connections: 16,
		honest:      20,
		keys:        20_000,
		before:      time.Second,
		time:        5 * time.Second,
		latency:     promised(250 * time.Millisecond),
		memory:      512 << 20,
	}
}

// TestStarve_OneWorkspaceAsksForAllItCan_OthersAreServed is promise P7: whatever one workspace asks for, and however
// slowly it takes the answers, another one's requests succeed, and the server's memory stays bounded.
func TestStarve_OneWorkspaceAsksForAllItCan_OthersAreServed(t *testing.T) {
	t.Parallel()
	f := theFlood()
	// The attack is as strong as shares let it be: points a minute would end it early.
	server, err := shared.serve(plainBinary(t), "server-starve", "--max-points-per-minute", "0")
	testkit.Must(t, err)
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()
	w := newWorld(t, shared)
	w.address = server.address
	attacks := w.attacks(f.keys)

	// The attack finds a server at work: the honest requests come a while before it, and these are not measured.
	early, over := context.WithTimeout(t.Context(), f.before)
	defer over()
	w.honest(early, f)
	ctx, cancel := context.WithTimeout(t.Context(), f.time)
	defer cancel()
	var hostile sync.WaitGroup
	var answered atomic.Int64
	for i := range f.connections {
		hostile.Go(func() {
			for n := i; ctx.Err() == nil; n++ {
				attacks[n%len(attacks)](ctx)
				answered.Add(1)
			}
		})
	}
	took := w.honest(ctx, f)
	hostile.Wait()

	slices.Sort(took)
	p99 := took[len(took)*99/100]
	memory := peakMemory(t, server.cmd.Process.Pid)
	fmt.Printf("%d hostile connections, %d of their requests ended; %d honest requests: p50 %s, p99 %s; the server's "+
		"memory reached %d MiB\n",
		f.connections, answered.Load(), len(took), took[len(took)/2].Round(time.Millisecond),
		p99.Round(time.Millisecond), memory>>20)
	if p99 > f.latency {
		t.Errorf("the 99th of a hundred honest requests took %s", p99)
	}
	if memory > f.memory {
		t.Errorf("the server's memory reached %d MiB", memory>>20)
	}
}

func TestStarve_BodiesThatNeverCome_LeaveOthersServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	viewer := w.user("acme", authz.Viewer)
	for range 64 {
		line, err := w.begin(t.Context(), viewer, 1000)
		testkit.Must(t, err)
		defer func() { _ = line.Close() }()
	}
	for _, who := range []credential{viewer, w.user("globex", authz.Viewer)} {
		if a := w.do(who, `{ datastores { totalCount } }`, nil); a.status != http.StatusOK || a.code() != "" {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
}

// honest asks as another workspace, at a steady rate, and returns how long each request took.
func (w *world) honest(ctx context.Context, f flood) (took []time.Duration) {
	who := w.user("globex", authz.Viewer)
	body := operation(`{ viewer { actor { label } } datastores { nodes { id name } totalCount } }`, nil)
	var all sync.WaitGroup
	var mu sync.Mutex
	tick := time.NewTicker(time.Second / time.Duration(f.honest))
	defer tick.Stop()
	for ctx.Err() == nil {
		<-tick.C
		all.Go(func() {
			began := time.Now()
			a, err := w.send(who, body)
			if err != nil || a.status != http.StatusOK || a.code() != "" {
				w.t.Errorf("an honest request: %v, %d %s", err, a.status, a.body)
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(began))
		})
	}
	all.Wait()
	return took
}

// attacks are what a viewer, and a runtime, of acme's may send at worst.
func (w *world) attacks(keys int) (all []func(context.Context)) {
	in := w.crowded(keys)
	viewer, admin := w.user("acme", authz.Viewer), w.user("acme", authz.Admin)
	folders := `{`
	for i := range 18 {
		folders += fmt.Sprintf(` f%d: datastore(id: %q) { folders(delimiter: "x%d", first: 100) { nodes { prefix } } }`, i, in, i)
	}
	metadata := func(aliases int) string {
		all := `{ datastore(id: "` + in + `") { objects(first: 38) { nodes { versions(first: 6) { nodes { id`
		for i := range aliases {
			all += fmt.Sprintf(" m%d: metadata", i)
		}
		return all + ` } } } } } }`
	}
	secrets := `{`
	for i := range 19 {
		secrets += fmt.Sprintf(` s%d: secrets(first: 100) { nodes { fields } }`, i)
	}
	content := `{ datastore(id: "` + in +
		`") { objects(prefix: "big/", first: 37) { nodes { current { content(maxBytes: 262144) { text } } } } } }`
	both := strings.Replace(content, "text", "text base64", 1)
	for document, who := range map[string]credential{
		folders + `}`: viewer,
		metadata(30):  viewer,
		metadata(4):   viewer,
		secrets +
			`}`: viewer,
		content: viewer,
		both:    viewer,
		`mutation { deleteObjects(input: {datastoreId: "` + in +
			`", prefix: "key", dryRun: true}) { objectCount } }`: admin,
	} {
		all = append(all, func(context.Context) { w.demand(who, operation(document, nil)) })
	}
	lease, token, runtime := w.leased()
	redact := operation(`mutation($l: ID!, $t: SecretString!, $o: Base64!) { redactOutput(input: {leaseId: $l, token: $t, output: $o}) { output } }`,
		map[string]any{"l": lease, "t": token, "o": base64.StdEncoding.EncodeToString(make([]byte, 300<<10))})
	return append(all,
		func(context.Context) { w.demand(runtime, redact) },
		func(ctx context.Context) { w.neverRead(ctx, viewer, operation(content, nil)) },
		func(ctx context.Context) { w.neverSend(ctx, viewer) })
}

// demand sends a request whose answer is of no interest, but that it is no fault of the server's.
func (w *world) demand(who credential, body []byte) {
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "http://"+w.address+"/graphql",
		bytes.NewReader(body))
	if err != nil {
		w.t.Error(err)
		return
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(who.header, who.value)
	response, err := client.Do(r)
	if err != nil {
		return
	}
	defer func() { _ = response.Body.Close() }()
	first := make([]byte, 1000)
	n, _ := io.ReadFull(response.Body, first)
	_, _ = io.Copy(io.Discard, response.Body)
	if bytes.Contains(first[:n], []byte(`"INTERNAL"`)) {
		w.t.Errorf("a hostile request got %s", first[:n])
	}
}

// begin opens a connection and sends the headers of a request, of a body that is so long.
func (w *world) begin(ctx context.Context, who credential, length int) (net.Conn, error) {
	var d net.Dialer
	line, err := d.DialContext(ctx, "tcp", w.address)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(line, "POST /graphql HTTP/1.1\r\nHost: %s\r\n%s: %s\r\nContent-Type: "+
		"application/json\r\nContent-Length: %d\r\n\r\n",
		w.address, who.header, who.value, length)
	return line, err
}

// neverRead asks and takes nothing of the answer but its first byte, until the server cuts the connection or time is
// over.
func (w *world) neverRead(ctx context.Context, who credential, body []byte) {
	line, err := w.begin(ctx, who, len(body))
	if err != nil {
		return
	}
	defer func() { _ = line.Close() }()
	_, err = line.Write(body)
	if _, first := bufio.NewReaderSize(line, 16).ReadByte(); errors.Join(err, first) != nil {
		return
	}
	select {
	case <-ctx.Done():
	case <-time.After(20 * time.Second):
	}
}

// neverSend begins a request and sends no body.
func (w *world) neverSend(ctx context.Context, who credential) {
	line, err := w.begin(ctx, who, 1000)
	if err != nil {
		return
	}
	defer func() { _ = line.Close() }()
	select {
	case <-ctx.Done():
	case <-time.After(5 * time.Second):
	}
}

// crowded makes a datastore of acme's with flat keys, and forty objects with content and metadata that are as long as
// any, in six versions; and a hundred secrets with as many fields as any.
func (w *world) crowded(keys int) (in string) {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Admin),
		`mutation { createDatastore(input: {name: "crowded"}) { datastore { id } } }`, nil)
	in = a.text("data", "createDatastore", "datastore", "id")
	super, store := w.super(), w.buckets()
	blob := ident.New[object.Object]().String()
	// What JSON writes as six bytes each.
	content := []byte(strings.Repeat("\x01", 256<<10))
	if _, err := store.Write(w.t.Context(), object.BlobPlace(store.Buckets()[0].Region, object.BlobID(blob)), content,
		"text/plain"); err != nil {
		w.t.Fatal(err)
	}
	metadata := `{"m": "` + strings.Repeat("m", 8000) + `"}`
	fields := make(pq.StringArray, 100)
	for i := range fields {
		fields[i] = fmt.Sprintf("%03d%s", i, strings.Repeat("f", 200))
	}
	w.insert(super, `INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		SELECT $1, gen_random_uuid(), $2, 'key' || i, 1 FROM generate_series(1, $3) i`, w.acme.String(), in, keys)
	w.insert(super, `INSERT INTO blob (workspace_id, id, refs) VALUES ($1, $2, 240)`, w.acme.String(), blob)
	w.insert(super, `INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		SELECT $1, gen_random_uuid(), $2, 'big/' || i, 1 FROM generate_series(1, 40) i`, w.acme.String(), in)
	w.insert(super, `INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes,
		content_type, crc32c, metadata,
			created_by_kind, created_by_id, created_by_label)
		SELECT $1, gen_random_uuid(), o.id, v, $3, $4, 'text/plain', '', $5, 'USER', '', ''
		FROM object o, generate_series(1, 6) v
		WHERE o.datastore_id = $2 AND o.key LIKE 'big/%'`, w.acme.String(), in, blob, len(content), metadata)
	w.insert(super, `UPDATE object SET current_version = 6 WHERE datastore_id = $1 AND key LIKE 'big/%'`, in)
	// They have lain there for long, so that no reader pays for what came with them.
	w.insert(super, `VACUUM (ANALYZE) object, object_version`)
	for i := range 3 {
		w.createSecret(fmt.Sprintf("crowd-%d", i), w.canaries.add("crowd"))
	}
	w.insert(super, `UPDATE secret SET fields = $2 WHERE workspace_id = $1`, w.acme.String(), fields)
	return in
}

func (w *world) insert(super *sql.DB, statement string, args ...any) {
	w.t.Helper()
	if _, err := super.ExecContext(w.t.Context(), statement, args...); err != nil {
		w.t.Fatal(err)
	}
}

// leased injects a long value, and returns what redacts it.
func (w *world) leased() (lease, token string, runtimeKey credential) {
	w.t.Helper()
	id := w.createSecret("long", strings.Repeat(w.canaries.add("long"), 1000))
	runtime, key := w.runtime("acme"), w.apiKey("acme", authz.SecretsInject)
	a := w.inject(key, injection{secret: id, runtimeKey: runtime.id})
	_, token = runtime.one(w.t, a)
	return a.text("data", "injectSecrets", "leaseId"), token, key
}
