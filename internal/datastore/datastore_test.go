package datastore_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// rig is the service on a database, with the workspaces acme and globex.
type rig struct {
	*datastore.Service
	*testkit.Database
	acme, globex authz.Actor
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{Database: testkit.NewDatabase(t)}
	r.Service = datastore.NewService(r.DB.Datastores(), nil, nil, func() time.Time { return now })
	r.acme, r.globex = r.Workspace(t, "acme"), r.Workspace(t, "globex")
	return r
}

func fieldOf(err error, kind fault.Kind) any {
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != kind {
		return nil
	}
	return e.Details["field"]
}

func (r *rig) make(t *testing.T, name string) datastore.Datastore {
	t.Helper()
	d, err := r.Create(t.Context(), r.acme, datastore.CreateRequest{Name: name})
	testkit.Must(t, err)
	return d
}

func (r *rig) names(t *testing.T, contains string) []string {
	t.Helper()
	p, err := r.List(t.Context(), r.acme, datastore.Filter{NameContains: contains},
		page.Request{First: 100, Count: true})
	testkit.Must(t, err)
	names := []string{}
	for _, d := range p.Items {
		names = append(names, d.Name)
	}
	if int(p.Total) != len(names) {
		t.Errorf("%d of %q are counted as %d", len(names), contains, p.Total)
	}
	return names
}

func TestCreate_IsFoundAsItWasMadeAndOnRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	text := strings.Repeat("ü", 2000)
	made, err := r.Create(t.Context(), r.acme, datastore.CreateRequest{Name: "Berichte 2026", Description: &text})
	testkit.Must(t, err)
	got, err := r.Find(t.Context(), r.acme, made.ID)
	testkit.Must(t, err)
	if got.Name != made.Name || *got.Description != text || !got.CreatedAt.Equal(now) || !got.UpdatedAt.Equal(now) ||
		got.CreatedBy != r.acme.Who || got.ObjectCount != 0 {
		t.Errorf("it is %+v", got)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.created' AND target_id = $1
		AND target_label = 'Berichte 2026'`, made.ID.String()); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestCreate_WithBadInput_NamesTheField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	long := strings.Repeat("d", 2001)
	for name, c := range map[string]struct {
		new   datastore.CreateRequest
		field string
	}{
		"no name":              {datastore.CreateRequest{}, "name"},
		"name too long":        {datastore.CreateRequest{Name: strings.Repeat("n", 121)}, "name"},
		"space at its end":     {datastore.CreateRequest{Name: "a "}, "name"},
		"control":              {datastore.CreateRequest{Name: "a\x00b"}, "name"},
		"description too long": {datastore.CreateRequest{Name: "a", Description: &long}, "description"},
	} {
		if _, err := r.Create(t.Context(), r.acme, c.new); fieldOf(err, fault.Invalid) != c.field {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCreate_OfANameThatIsTaken_IsConflictNamingIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.make(t, "reports")
	if _, err := r.Create(t.Context(), r.acme, datastore.CreateRequest{Name: "reports"}); fieldOf(err,
		fault.Conflict) != "name" {
		t.Errorf("got %v", err)
	}
	r.make(t, "Reports")
	if _, err := r.Create(t.Context(), r.globex, datastore.CreateRequest{Name: "reports"}); err != nil {
		t.Errorf("in another workspace: %v", err)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.created'`); n != 3 {
		t.Errorf("%d events", n)
	}
}

func TestCreate_OfOneNameBySixteenAtOnce_IsOneDatastore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var won atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			_, err := r.Create(t.Context(), r.acme, datastore.CreateRequest{Name: "reports"})
			switch {
			case err == nil:
				won.Add(1)
			case fieldOf(err, fault.Conflict) != "name":
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || len(r.names(t, "")) != 1 {
		t.Errorf("%d were made", won.Load())
	}
}

func TestFind_OfAForeignOrUnknownID_IsNotFoundAlike(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.make(t, "reports")
	for _, id := range []datastore.ID{d.ID, "", "x", "01890a5d-ac96-774b-bcce-b302099a8057",
		datastore.ID(strings.ToUpper(d.ID.String()))} {
		if _, err := r.Find(t.Context(), r.globex, id); err == nil || err.Error() != datastore.NotFound().Error() {
			t.Errorf("%q: %v", id, err)
		}
	}
	all, err := r.FindAll(t.Context(), r.acme, []datastore.ID{"", d.ID, "x", d.ID})
	testkit.Must(t, err)
	if len(all) != 1 || all[0].ID != d.ID {
		t.Errorf("found %v", all)
	}
}

func TestList_ByPartOfAName_TakesItLiterally(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, name := range []string{"100%", "100 of", "a_b", "aXb", `c\d`, "Reports", "reports old", "Übersicht"} {
		r.make(t, name)
	}
	for part, want := range map[string][]string{
		"%": {"100%"},
		"_": {"a_b"},
		`\`: {`c\d`},
		"REPORT": {"Reports",
			"reports old"},
		"0%":   {"100%"},
		"%%":   {},
		"a_":   {"a_b"},
		"'":    {},
		"0 o":  {"100 of"},
		"üBER": {"Übersicht"},
	} {
		if got := r.names(t, part); !slices.Equal(got, want) {
			t.Errorf("with %q: %q, want %q", part, got, want)
		}
	}
}

func TestList_InPages_IsByNameWithoutGapOrRepeat(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var want []string
	for i := range 25 {
		want = append(want, r.make(t, fmt.Sprintf("%s %d", []string{"a", "Z", "ü", "🧪"}[i%4], i)).Name)
	}
	slices.Sort(want)
	for _, first := range []int{1, 7, 24, 25, 100} {
		var got []string
		req := page.Request{First: first}
		for more := true; more; {
			p, err := r.List(t.Context(), r.acme, datastore.Filter{}, req)
			testkit.Must(t, err)
			for _, d := range p.Items {
				got = append(got, d.Name)
			}
			more, req.After = p.HasNext, p.Keys[len(p.Keys)-1]
		}
		if !slices.Equal(got, want) {
			t.Errorf("in pages of %d: %q", first, got)
		}
	}
	if p, err := r.List(t.Context(), r.globex, datastore.Filter{}, page.Request{First: 10, Count: true}); err != nil ||
		len(p.Items) != 0 || p.Total != 0 {
		t.Errorf("globex sees %+v, %v", p, err)
	}
}
