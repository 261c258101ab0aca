package e2e

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// breakage is something that becomes of the database, until it is mended.
type breakage struct {
	name        string
	begin, mend func()
	// refuses says that nothing can be written until it is mended.
	refuses bool
}

// TestDatabase_WhateverBecomesOfIt_WritesAreRefusedAndThenServed has eight clients write while the database crashes,
// stalls, takes no writes, has no room, has no partition for the log, and lets one connection in. A refusal is
// UNAVAILABLE, what it says was not done was not, what was acknowledged is there, and within five seconds of the mend
// the same server writes again.
func TestDatabase_WhateverBecomesOfIt_WritesAreRefusedAndThenServed(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	w := newWorld(t, s)
	b := &bearing{world: w, editor: w.user("acme", authz.Editor)}
	ctx, over := context.WithCancel(t.Context())
	var all sync.WaitGroup
	defer all.Wait()
	defer over()
	for client := range bearers {
		all.Go(func() { b.write(ctx, client) })
	}
	for _, f := range b.breakages() {
		b.bear(f)
	}
	over()
	all.Wait()
	b.check(t)
}

// bearers are the clients that write.
const bearers = 8

// bearing is a server that bears what becomes of its database, and what its clients were told.
type bearing struct {
	*world
	editor  credential
	mu      sync.Mutex
	written []string
	refused int
	// undone are those of which they were told that nothing was done.
	undone []string
}

func (b *bearing) breakages() []breakage {
	super := b.super()
	do := func(statements ...string) func() {
		return func() {
			b.t.Helper()
			for _, statement := range statements {
				if _, err := super.ExecContext(b.t.Context(), statement); err != nil && !strings.Contains(err.Error(), "terminat") {
					b.t.Errorf("%s: %v", statement, err)
				}
			}
		}
	}
	const month = `DO $$ DECLARE name text; BEGIN FOR name IN SELECT inhrelid::regclass FROM pg_inherits
		WHERE inhparent = 'audit_event'::regclass LOOP EXECUTE 'DROP TABLE ' || name; END LOOP; END $$`
	const ends = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'data_api_app'`
	return []breakage{
		{name: "crashes", begin: b.crash(super), mend: func() {}},
		{name: "stalls", begin: b.signal(syscall.SIGSTOP), mend: b.signal(syscall.SIGCONT), refuses: true},
		{
			name:    "is read-only",
			begin:   do(`ALTER SYSTEM SET default_transaction_read_only = on`, `SELECT pg_reload_conf()`),
			mend:    do(`SET default_transaction_read_only = off`, `ALTER SYSTEM RESET default_transaction_read_only`, `SELECT pg_reload_conf()`),
			refuses: true,
		},
		{
			name: "has no room", // as Postgres says it, once there is none on its disk
			begin: do(`CREATE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
				RAISE 'could not extend file "base/1/1": No space left on device' USING ERRCODE = 'disk_full'; END $$`,
				`CREATE TRIGGER no_room BEFORE INSERT ON public.datastore FOR EACH ROW EXECUTE FUNCTION public.no_room()`),
			mend:    do(`DROP FUNCTION public.no_room() CASCADE`),
			refuses: true,
		},
		{
			name:    "has no partition for the log",
			begin:   do(month),
			mend:    func() { _ = isReady(b.t.Context(), b.address) }, // whoever asks for that has it made
			refuses: true,
		},
		{
			name:  "lets one connection in",
			begin: do(`ALTER ROLE data_api_app CONNECTION LIMIT 1`, ends),
			mend:  do(`ALTER ROLE data_api_app CONNECTION LIMIT -1`),
		},
	}
}

// crash kills the process of one connection, which has Postgres end all others and recover.
func (b *bearing) crash(super *sql.DB) func() {
	return func() {
		b.t.Helper()
		var pid int
		testkit.Must(b.t, super.QueryRowContext(b.t.Context(),
			`SELECT pid FROM pg_stat_activity WHERE usename = 'data_api_app' LIMIT 1`).Scan(&pid))
		testkit.Must(b.t, syscall.Kill(pid, syscall.SIGKILL))
	}
}

// signal sends a signal to Postgres and the processes of all connections.
func (b *bearing) signal(which syscall.Signal) func() {
	return func() {
		b.t.Helper()
		file, err := os.ReadFile(filepath.Join(b.state(), "postgres", "data", "postmaster.pid"))
		testkit.Must(b.t, err)
		first, _, _ := strings.Cut(string(file), "\n")
		server, err := strconv.Atoi(first)
		testkit.Must(b.t, err)
		children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", server, server))
		testkit.Must(b.t, err)
		for _, child := range strings.Fields(string(children)) {
			pid, err := strconv.Atoi(child)
			testkit.Must(b.t, err)
			_ = syscall.Kill(pid, which) // it may just have ended
		}
		testkit.Must(b.t, syscall.Kill(server, which))
	}
}

// bear waits until writes are refused, has it mended, and waits until they are served.
func (b *bearing) bear(f breakage) {
	b.t.Helper()
	written, refused := b.told()
	f.begin()
	if !b.comes(func() bool { w, r := b.told(); return w+r >= written+refused+2*bearers }) {
		b.t.Errorf("%s: nobody is answered", f.name)
	}
	if f.refuses && !b.comes(func() bool { _, now := b.told(); return now >= refused+bearers }) {
		b.t.Errorf("%s: writes are not refused", f.name)
	}
	f.mend()
	mended := time.Now()
	written, _ = b.told()
	// writes that were under way show nothing
	if !b.comes(func() bool { now, _ := b.told(); return now > written+bearers }) {
		b.t.Errorf("%s: writes are not served again", f.name)
	}
	took := time.Since(mended).Round(time.Millisecond)
	if b.t.Logf("%s: served %s after the mend", f.name, took); took > promised(5*time.Second) {
		b.t.Errorf("%s: writes are served %s after the mend", f.name, took)
	}
}

// comes waits until something holds, or a minute is over.
func (b *bearing) comes(holds func() bool) bool {
	for end := time.Now().Add(time.Minute); !holds(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// told is how many writes were acknowledged, and refused.
func (b *bearing) told() (written, refused int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.written), b.refused
}

// write makes datastores until ctx ends.
func (b *bearing) write(ctx context.Context, client int) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for n := 0; ctx.Err() == nil && !b.t.Failed(); n++ {
		name := fmt.Sprintf("borne-%d-%d", client, n)
		a, err := b.send(b.editor, operation(`mutation($n: String!) { createDatastore(input: {name: $n}) { datastore { id } } }`,
			map[string]any{"n": name}))
		if err != nil {
			b.t.Errorf("%s: %v", name, err)
			return
		}
		b.note(name, a)
		<-tick.C
	}
}

func (b *bearing) note(name string, a answer) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case a.text("data", "createDatastore", "datastore", "id") != "":
		b.written = append(b.written, name)
	case a.code() != "UNAVAILABLE":
		b.t.Errorf("%s: %d %s", name, a.status, a.body)
	default:
		b.refused++
		if strings.Contains(string(a.body), "nothing was done") {
			b.undone = append(b.undone, name)
		}
	}
}

// check compares what the clients were told with what is there.
func (b *bearing) check(t *testing.T) {
	t.Helper()
	var names []byte
	testkit.Must(t, b.super().QueryRowContext(t.Context(),
		`SELECT json_agg(name) FROM datastore WHERE workspace_id = $1`, b.acme.String()).Scan(&names))
	var all []string
	testkit.Must(t, json.Unmarshal(names, &all))
	there := map[string]bool{}
	for _, name := range all {
		there[name] = true
	}
	for _, name := range b.written {
		if !there[name] {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
	for _, name := range b.undone {
		if there[name] {
			t.Errorf("%s is there, of which was said that nothing was done", name)
		}
	}
	t.Logf("%d datastores are there, %d were acknowledged; %d were refused, and of %d nothing was done, as was said",
		len(all), len(b.written), b.refused, len(b.undone))
}
