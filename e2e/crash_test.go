package e2e

import (
	"database/sql"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestCrash_AtAnyCallOfAnyOperation_LeavesNothingTornOrLost kills the server, or loses, delays or doubles the answer,
// at every call that it makes to Secret Manager, to storage and to the database, and sends the same operation again to
// another server, as a client does.
func TestCrash_AtAnyCallOfAnyOperation_LeavesNothingTornOrLost(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	w := newWorld(t, s)
	trial := &trial{world: w, frail: newFrail(t, s), rows: w.super(), buckets: w.buckets()}
	w.keep("kept") // so that there always is something to compare
	points, faults, runs := 0, 0, 0
	all := allOrdeals()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		o := all[name]
		calls := trial.try(name, o, nil, 0, none)
		for _, way := range trial.ways(calls) {
			for at := 1; at <= way.most; at++ {
				points++
				for _, met := range way.with {
					if faults++; atFullSize() || faults%sampled == 0 {
						trial.try(fmt.Sprintf("%s, call %d %s", name, at, met), o, way.where, at, met)
						// sooner than the reconciler has so many orphans before it that it doubts the database
						if runs++; runs%5 == 0 {
							trial.converge()
						}
					}
				}
			}
		}
	}
	trial.converge()
	t.Logf("%d crash points of %d operations, %d runs, the server started %d times", points, len(all), runs,
		trial.starts)
	if points < 200 || runs < 10 || trial.starts < 3 {
		t.Errorf("the test shows nothing")
	}
}

func allOrdeals() map[string]ordeal {
	all := maps.Clone(ordeals)
	maps.Copy(all, objectOrdeals)
	maps.Copy(all, stepOrdeals)
	return all
}

// trial is a frail server beside a healthy one, on the same backends.
type trial struct {
	*world
	*frail
	rows    *sql.DB
	buckets *gcs.Store
	// later are the looks that wait until all that happens in the background has ended.
	later []func()
}

type calls struct{ vault, database, storage int }

// way is where calls go, how many, and what they meet there.
type way struct {
	where *trap
	most  int
	with  []fault
}

// sampled is of how many faults one is tried where not all are: by a prime, each kind has its share.
const sampled = 83

func (w *trial) ways(n calls) []way {
	all := []fault{killBefore, killAfter, lost, delayed, twice}
	return []way{{&w.vault, n.vault, all}, {&w.storage, n.storage, all},
		{&w.database, n.database, []fault{killBefore, killAfter, lost, delayed}}}
}

// try sends one operation, of which one call meets the fault, and then the same again to the healthy server; it
// returns how many calls it made.
func (w *trial) try(name string, o ordeal, where *trap, at int, met fault) (made calls) {
	w.revive()
	admin := w.user("acme", authz.Admin)
	a := &attempt{
		world:  w.world,
		rows:   w.rows,
		admin:  admin,
		who:    admin,
		name:   fmt.Sprintf("s%d", time.Now().UnixNano()),
		before: w.before,
		after:  w.after,
	}
	o.prepare(a)
	frailly := *w.world
	frailly.address = w.server.address // of the frail one
	body := operation(o.mutation, map[string]any{"s": a.id, "n": a.name, "a": a.after, "k": a.name, "r": a.key})
	// connections are made and statements known
	if got, err := frailly.send(a.who, operation(`{ viewer { scopes } }`, nil)); err != nil || got.status != 200 {
		w.world.t.Fatalf("%s: the server does not answer: %v", name, err)
	}
	for _, to := range []*trap{&w.vault, &w.database, &w.storage} {
		to.arm(0, none, nil)
	}
	if where != nil {
		where.arm(at, met, w.server.kill)
	}
	first, _ := frailly.send(a.who, body) // a server that was killed answers nothing
	made = calls{w.vault.disarm(), w.database.disarm(), w.storage.disarm()}
	second := w.insist(w.rows, a.who, body)
	before := w.world.t.Failed()
	o.check(a, first, second)
	if w.world.t.Failed() && !before {
		w.world.t.Fatalf("%s: first %s, then %s", name, first.body, second.body)
	}
	if o.settled != nil {
		w.later = append(w.later, func() {
			if o.settled(a); w.world.t.Failed() && !before {
				w.world.t.Fatalf("%s, once all is done: first %s, then %s", name, first.body, second.body)
			}
		})
	}
	return made
}

// insist sends an operation again until it is answered, as a client does whose time is short: claims of those who are
// gone are taken over at once.
func (w *world) insist(super *sql.DB, who credential, body []byte) answer {
	for range 5 {
		if _, err := super.Exec(`UPDATE idempotency_claim SET attempted_at = '-infinity'`); err != nil {
			w.t.Fatal(err)
		}
		if got, err := w.send(who, body); err != nil || got.code() != "UNAVAILABLE" {
			testkit.Must(w.t, err)
			return got
		}
	}
	w.t.Fatalf("an operation was not answered: %s", body)
	return answer{}
}

// converge reconciles, as if days went by, until Secret Manager, the buckets and the database agree: nothing is in one
// that the others do not know, and no row is half done.
func (w *trial) converge() {
	t := w.world.t
	w.eventually(w.rows, `SELECT NOT EXISTS (SELECT FROM deletion WHERE state = 'RUNNING')`)
	for _, look := range w.later {
		look()
	}
	w.later = nil
	var halfDone int
	if err := w.rows.QueryRow(`SELECT (SELECT count(*) FROM secret WHERE state = 'PENDING') + (SELECT count(*)
		FROM secret_version WHERE destroyed_at IS NOT NULL AND erased_at IS NULL)
		+ (SELECT count(*) FROM blob WHERE refs <> (SELECT count(*) FROM object_version v WHERE v.blob_id = blob.id))
		+ (SELECT count(*) FROM object o
		WHERE NOT EXISTS (SELECT FROM object_version v WHERE v.object_id = o.id AND v.version = o.current_version))
		+ (SELECT count(*) FROM datastore d WHERE (object_count, used_bytes) <> (SELECT count(DISTINCT o.id),
		coalesce(sum(v.size_bytes), 0) FROM object o JOIN object_version v ON v.object_id = o.id
		WHERE o.datastore_id = d.id))
		+ (SELECT count(*) FROM workspace_usage u WHERE (object_count, used_bytes,
		reserved_bytes) <> (SELECT coalesce(sum(d.object_count), 0), coalesce(sum(d.used_bytes), 0),
			coalesce((SELECT sum(max_bytes) FROM upload WHERE workspace_id = u.workspace_id AND state = 'OPEN'), 0)
			FROM datastore d WHERE d.workspace_id = u.workspace_id))`).Scan(&halfDone); err != nil || halfDone > 0 {
		t.Fatalf("%d rows are half done: %v", halfDone, err)
	}
	r, report := w.reconciler(), secret.Report{}
	for _, later := range []time.Duration{25 * time.Hour, 50 * time.Hour, 75 * time.Hour} {
		var err error
		if report, err = r(later).Reconcile(t.Context(), reconcile.Plan{}); err != nil {
			t.Fatal(err)
		}
	}
	if len(report.Findings) > 0 || report.Secrets == 0 || report.Foreign > 0 {
		t.Fatalf("Secret Manager and the database do not agree: %+v", report)
	}
	w.dropFreed(w.buckets)
	if found := w.compare(w.buckets); len(found.Findings) > 0 || found.Foreign > 0 {
		t.Fatalf("the buckets and the database do not agree: %+v", found)
	}
}

// secretManager is Secret Manager, as the deployment has it.
func (w *world) secretManager() *secretmanager.Vault {
	w.t.Helper()
	bearer, err := os.ReadFile(w.setting("bearerFile"))
	testkit.Must(w.t, err)
	instance, err := w.db.Instance(w.t.Context())
	testkit.Must(w.t, err)
	region, places, _ := strings.Cut(w.setting("region"), "=")
	_, location, _ := strings.Cut(places, ",")
	vault, err := secretmanager.New(w.t.Context(),
		secretmanager.Options{
			Project:   w.setting("gcpProject"),
			Locations: map[string]string{region: location},
			Endpoint:  w.setting("secretManagerEndpoint"),
			Bearer:    strings.TrimSpace(string(bearer)),
			Instance:  instance,
		})
	testkit.Must(w.t, err)
	w.t.Cleanup(func() { _ = vault.Close() })
	return vault
}

// reconciler is one of the deployment, whose clock is so far ahead.
func (w *world) reconciler() func(ahead time.Duration) *secret.Reconciler {
	vault := w.secretManager()
	return func(ahead time.Duration) *secret.Reconciler {
		return secret.NewReconciler(w.db.Secrets(), vault, func() time.Time { return time.Now().Add(ahead) },
			slog.New(slog.DiscardHandler))
	}
}
