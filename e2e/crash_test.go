package e2e

import (
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

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
						if runs++; runs%8 == 0 {
							w.converge(super)
						}
					}
				}
			}
		}
	}
	w.converge(super)
	t.Logf("%d crash points of %d operations, %d runs, the server started %d times", points, len(ordeals), runs, f.starts)
	if points < 50 || f.starts < 3 {
		t.Errorf("the test shows nothing")
	}
}

type calls struct{ vault, database int }

// try sends one operation, of which one call meets the fault, and then the same again to the healthy server; it returns how many calls it made.
func (w *world) try(f *frail, super *sql.DB, name string, o ordeal, where *trap, at int, met fault) (made calls) {
	f.revive()
	admin := w.user("acme", authz.Admin)
	a := &attempt{world: w, admin: admin, who: admin, name: fmt.Sprintf("s%d", time.Now().UnixNano()), before: f.before, after: f.after}
	o.prepare(a)
	frailly := *w
	frailly.address = f.server.address
	body := operation(o.mutation, map[string]any{"s": a.id, "n": a.name, "a": a.after, "k": a.name, "r": a.key})
	if got, err := frailly.send(a.who, operation(`{ viewer { scopes } }`, nil)); err != nil || got.status != 200 { // connections are made and statements known
		w.t.Fatalf("%s: the server does not answer: %v", name, err)
	}
	f.vault.arm(0, none, nil)
	f.database.arm(0, none, nil)
	where.arm(at, met, f.kill)
	first, _ := frailly.send(a.who, body) // a server that was killed answers nothing
	made = calls{f.vault.disarm(), f.database.disarm()}
	second := w.insist(super, a.who, body)
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

// converge reconciles, as if days went by, until Secret Manager and the database agree: nothing is in one that the other does not know,
// and no row is half done.
func (w *world) converge(super *sql.DB) {
	var halfDone int
	if err := super.QueryRow(`SELECT (SELECT count(*) FROM secret WHERE state = 'PENDING') + (SELECT count(*) FROM secret_version WHERE destroyed_at IS NOT NULL AND erased_at IS NULL)`).Scan(&halfDone); err != nil || halfDone > 0 {
		w.t.Fatalf("%d rows are half done: %v", halfDone, err)
	}
	r, report := w.reconciler(), secret.Report{}
	for _, later := range []time.Duration{25 * time.Hour, 50 * time.Hour, 75 * time.Hour} {
		var err error
		if report, err = r(later).Reconcile(w.t.Context(), secret.Plan{}); err != nil {
			w.t.Fatal(err)
		}
	}
	if len(report.Findings) > 0 || report.Secrets == 0 || report.Foreign > 0 {
		w.t.Fatalf("Secret Manager and the database do not agree: %+v", report)
	}
}

// reconciler is one of the deployment, whose clock is so far ahead.
func (w *world) reconciler() func(ahead time.Duration) *secret.Reconciler {
	bearer, err := os.ReadFile(w.setting("bearerFile"))
	if err != nil {
		w.t.Fatal(err)
	}
	instance, _, _, err := w.db.Instance(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	region, places, _ := strings.Cut(w.setting("region"), "=")
	_, location, _ := strings.Cut(places, ",")
	vault, err := secretmanager.New(w.t.Context(), secretmanager.Options{Project: w.setting("gcpProject"), Locations: map[string]string{region: location},
		Endpoint: w.setting("secretManagerEndpoint"), Bearer: strings.TrimSpace(string(bearer)), Instance: instance})
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = vault.Close() })
	return func(ahead time.Duration) *secret.Reconciler {
		return secret.NewReconciler(w.db, vault, func() time.Time { return time.Now().Add(ahead) }, slog.New(slog.DiscardHandler))
	}
}
