package audit_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/testkit"
)

// newLog returns a database with the workspaces acme and globex, each with the event that made it.
func newLog(t *testing.T) (db *postgres.DB, acme, globex authz.Actor) {
	t.Helper()
	d := testkit.NewDatabase(t)
	acme, globex = viewer("admin@acme"), viewer("admin@globex")
	acme.Workspace, globex.Workspace = d.Workspace(t, "acme").Workspace, d.Workspace(t, "globex").Workspace
	return d.DB, acme, globex
}

func TestLog_InPages_IsNewestFirstWithoutGapOrRepeat(t *testing.T) {
	t.Parallel()
	db, acme, globex := newLog(t)
	l := audit.NewLog(db.AuditLog())
	var want []audit.EventID
	for i := range 45 {
		e := audit.Record(acme, audit.SecretAccessed).On("secret", "", "s").Because(fmt.Sprint(i))
		testkit.Must(t, db.Record(t.Context(), e))
		want = append([]audit.EventID{e.ID}, want...)
		testkit.Must(t, db.Record(t.Context(), audit.Record(globex, audit.SecretAccessed)))
	}
	for _, first := range []int32{1, 20, 45, 100} {
		var got []audit.EventID
		var after *string
		for more := true; more; {
			r, err := page.Parse(&first, after)
			testkit.Must(t, err)
			p, err := l.List(t.Context(), acme, audit.Filter{}, r)
			testkit.Must(t, err)
			for _, e := range p.Items {
				got = append(got, e.ID)
			}
			cursor := p.Keys[len(p.Keys)-1].Cursor()
			after, more = &cursor, p.HasNext
		}
		if len(got) != 46 || !slices.Equal(got[:45], want) {
			t.Errorf("in pages of %d there are %d events", first, len(got))
		}
	}
}

func TestLog_AfterACursorThatIsNoID_IsEmpty(t *testing.T) {
	t.Parallel()
	db, acme, _ := newLog(t)
	testkit.Must(t, db.Record(t.Context(), audit.Record(acme, audit.SecretAccessed).On("secret", "id", "stripe")))
	start, err := audit.NewLog(db.AuditLog()).List(t.Context(), acme, audit.Filter{}, page.Request{First: 1})
	testkit.Must(t, err)
	for _, after := range []string{"", "x", "' OR true --"} {
		p, err := audit.NewLog(db.AuditLog()).List(t.Context(), acme, audit.Filter{},
			page.Request{First: 10, After: page.Key{start.Keys[0][0], after}})
		testkit.Must(t, err)
		if len(p.Items) != 0 {
			t.Errorf("after %q: %v", after, p.Items)
		}
	}
}

func TestLog_Find_IsWhatWasRecordedAndOnlyInItsWorkspace(t *testing.T) {
	t.Parallel()
	db, acme, globex := newLog(t)
	acme.From = authz.Origin{RequestID: "request", IP: "2001:db8::1", UserAgent: "agent ü"}
	e := audit.Record(acme, audit.SecretAccessed).On("secret", "id", "stripe").Because("incident 7").
		Ended(audit.Failed).With("version", 3)
	testkit.Must(t, db.Record(t.Context(), e))
	got, err := audit.NewLog(db.AuditLog()).Find(t.Context(), acme, e.ID)
	testkit.Must(t, err)
	if got.ID != e.ID || got.At.IsZero() || got.Action != e.Action || got.Risk != audit.High ||
		got.Outcome != audit.Failed || got.Actor != acme.Who ||
		got.From != acme.From || got.Reason != "incident 7" || got.Target != e.Target ||
		fmt.Sprint(got.Details["version"]) != "3" {
		t.Errorf("it is %+v", got)
	}
	for _, id := range []audit.EventID{e.ID, "", "x", "01890a5d-ac96-774b-bcce-b302099a8057"} {
		if _, err := audit.NewLog(db.AuditLog()).Find(t.Context(), globex, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("globex finds %q: %v", id, err)
		}
	}
}

func TestEntry_Changed_LeavesTheOneBeforeAsItWas(t *testing.T) {
	t.Parallel()
	base := audit.Record(viewer("a"), audit.SecretRotated).With("version", 1)
	next := base.With("version", 2).On("secret", "id", "s").Because("why").Ended(audit.Denied)
	if base.Details["version"] != 1 || next.Details["version"] != 2 || base.Target.Kind != "" || base.Reason != "" ||
		base.Outcome != audit.Allowed || next.ID != base.ID {
		t.Errorf("%+v became %+v", base, next)
	}
	if audit.Action("unheard.of").Risk() != audit.Low || audit.SecretAccessed.Risk() != audit.High {
		t.Error("the risks are wrong")
	}
}
