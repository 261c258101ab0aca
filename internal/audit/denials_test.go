package audit_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

var admin = authz.Need{Role: authz.Admin, Scope: authz.SecretsRead}

// log is a store of entries that can be down.
type log struct {
	audit.Store
	mu      sync.Mutex
	entries []audit.Entry
	down    bool
	// told is called once something is written; nil is not.
	told func()
}

func (l *log) Record(_ context.Context, entries ...audit.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.down {
		return fault.New(fault.Unavailable, "It is down.")
	}
	l.entries = append(l.entries, entries...)
	if l.told != nil {
		l.told()
	}
	return nil
}

// folded is how many denials the entries stand for.
func (l *log) folded() (n int) {
	for _, e := range l.entries {
		n++
		if more, ok := e.Details["denialsSuppressed"].(int); ok {
			n += more
		}
	}
	return n
}

// addresses are those that an entry names.
func (l *log) addresses(entry int) []string {
	from, _ := l.entries[entry].Details["addresses"].([]string)
	return from
}

func viewer(name string) authz.Actor {
	return authz.Actor{Who: authz.Who{Kind: authz.User, PrincipalID: name}, Workspace: "w", Role: authz.Viewer}
}

type desk struct {
	*log
	*audit.Denials
	now time.Time
}

func newDesk() *desk {
	d := &desk{log: &log{}, now: time.Unix(1000, 0)}
	d.Denials = audit.NewDenials(d.log, func() time.Time { return d.now })
	return d
}

func (d *desk) deny(t *testing.T, a authz.Actor, field string) {
	t.Helper()
	if err := d.Denials.Record(t.Context(), a, audit.Refusal{Field: field, Need: admin}); err != nil {
		t.Error(err)
	}
}

func TestDenials_RepeatsWithinAMinute_AreCountedByTheNextWritten(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for range 4 {
		d.deny(t, viewer("a"), "Mutation.revealSecret")
	}
	d.now = d.now.Add(time.Minute - 1)
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	if len(d.entries) != 1 || d.entries[0].Details["denialsSuppressed"] != nil {
		t.Fatalf("within the minute: %v", d.entries)
	}
	d.now = d.now.Add(1)
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	if len(d.entries) != 2 || d.entries[1].Details["denialsSuppressed"] != 4 {
		t.Fatalf("after the minute: %v", d.entries)
	}
	e := d.entries[0]
	if e.Action != audit.AccessDenied || e.Outcome != audit.Denied || e.Risk != audit.Medium ||
		e.Target.Label != "Mutation.revealSecret" ||
		e.Details["requiredRole"] != "ADMIN" || e.Details["requiredScope"] != "SECRETS_READ" {
		t.Errorf("the entry is %+v", e)
	}
	d.now = d.now.Add(time.Hour)
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	if d.entries[2].Details["denialsSuppressed"] != nil {
		t.Errorf("without repeats: %v", d.entries[2].Details)
	}
}

func TestDenials_OfOthersFieldsOrWorkspaces_AreWrittenEach(t *testing.T) {
	t.Parallel()
	d := newDesk()
	elsewhere := viewer("a")
	elsewhere.Workspace = "v"
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	d.deny(t, viewer("b"), "Mutation.revealSecret")
	d.deny(t, viewer("a"), "Mutation.rotateSecret")
	d.deny(t, elsewhere, "Mutation.revealSecret")
	if len(d.entries) != 4 {
		t.Errorf("%d entries", len(d.entries))
	}
}

func TestDenials_OfAnActorInNoWorkspace_AreNotWritten(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for range 3 {
		d.deny(t, authz.Actor{Who: authz.Who{Kind: authz.User}}, "Query.secrets")
	}
	if len(d.entries) != 0 {
		t.Errorf("got %v", d.entries)
	}
}

func TestDenials_ThatCouldNotBeWritten_AreNeitherFoldedNorForgotten(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	d.now, d.down = d.now.Add(time.Minute), true
	for range 2 {
		if err := d.Denials.Record(t.Context(), viewer("a"),
			audit.Refusal{Field: "Mutation.revealSecret", Need: admin}); !fault.Is(err, fault.Unavailable) {
			t.Errorf("while it is down: %v", err)
		}
	}
	d.down = false
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	if len(d.entries) != 2 || d.entries[1].Details["denialsSuppressed"] != 1 {
		t.Errorf("the entries are %v", d.entries)
	}
}

func TestDenials_OfManyPrincipals_WriteMoreNeverLess(t *testing.T) {
	t.Parallel()
	d := newDesk()
	const many = 25_000
	for i := range many {
		d.deny(t, viewer(fmt.Sprint(i)), "Query.secrets")
	}
	if len(d.entries) != many {
		t.Errorf("%d entries", len(d.entries))
	}
	for range 3 {
		d.deny(t, viewer(fmt.Sprint(many-1)), "Query.secrets")
	}
	if len(d.entries) != many {
		t.Errorf("the latest are not remembered: %d entries", len(d.entries))
	}
	d.deny(t, viewer("0"), "Query.secrets")
	if len(d.entries) != many+1 {
		t.Errorf("the first are remembered for ever: %d entries", len(d.entries))
	}
}

func TestDenials_BySixtyFourAtOnce_AreOneEntryAMinute(t *testing.T) {
	t.Parallel()
	d := newDesk()
	rush := func() {
		var all sync.WaitGroup
		for range 64 {
			all.Go(func() {
				for range 10 {
					if err := d.Denials.Record(context.Background(), viewer("a"),
						audit.Refusal{Field: "Query.secrets", Need: admin}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	}
	rush()
	d.now = d.now.Add(time.Minute)
	rush()
	if len(d.entries) != 2 {
		t.Fatalf("%d entries", len(d.entries))
	}
	d.now = d.now.Add(time.Minute)
	d.deny(t, viewer("a"), "Query.secrets")
	if n := d.folded(); n != 2*640+1 {
		t.Errorf("%d denials are on record, of %d", n, 2*640+1)
	}
}
