package datastore_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

// seen are the ids of a whole list, read in pages.
func (r *rig) seen(t *testing.T, f datastore.Filter, first int) (ids []datastore.ID) {
	t.Helper()
	req := page.Request{First: first, Count: true}
	for more := true; more; {
		p, err := r.List(t.Context(), r.acme, f, req)
		testkit.Must(t, err)
		for _, d := range p.Items {
			ids = append(ids, d.ID)
		}
		if more = p.HasNext; more {
			req.After = p.Keys[len(p.Keys)-1]
			continue
		}
		if int(p.Total) != len(ids) {
			t.Errorf("%+v counts %d of %d", f, p.Total, len(ids))
		}
	}
	return ids
}

// expected are the ids that a list should have: those that are kept, in an order that is told without the database.
func expected(all []datastore.Datastore, o datastore.Order, keep func(datastore.Datastore) bool) (ids []datastore.ID) {
	sorted := slices.SortedFunc(slices.Values(all), func(a, b datastore.Datastore) int {
		by := map[datastore.OrderField]int{
			datastore.ByName:      strings.Compare(a.Name, b.Name),
			datastore.ByCreatedAt: a.CreatedAt.Compare(b.CreatedAt),
			datastore.ByUpdatedAt: a.UpdatedAt.Compare(b.UpdatedAt),
		}
		return cmp.Or(by[o.Field], strings.Compare(a.ID.String(), b.ID.String()))
	})
	if o.Descending {
		slices.Reverse(sorted)
	}
	for _, d := range sorted {
		if keep(d) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func TestList_InEachOrderUnderEachFilter_HasNoGapAndNoRepeat(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	prod, even := map[datastore.ID]bool{}, map[datastore.ID]bool{}
	for i := range 23 {
		labels := []label.Label{{Key: "env", Value: []string{"dev", "prod", ""}[i%3]}}
		if i%2 == 0 {
			labels = append(labels, label.Label{Key: "even"})
		}
		d, err := r.Create(t.Context(), r.acme,
			datastore.CreateRequest{Name: fmt.Sprintf("%s %d", []string{"a", "Z", "ü"}[i*7%3], i*5%23), Labels: labels})
		testkit.Must(t, err)
		prod[d.ID], even[d.ID] = i%3 == 1, i%2 == 0
		// equal times, and some apart by the least that the database knows
		r.sql(t, `UPDATE datastore SET created_at = created_at + make_interval(secs => $2),
			updated_at = updated_at + make_interval(secs => $3) WHERE id = $1`, d.ID, float64(i%4)/1e6, float64(i%5)/1e6)
	}
	theirs, err := r.Create(t.Context(), r.globex,
		datastore.CreateRequest{Name: "a", Labels: []label.Label{{Key: "env", Value: "prod"}}})
	testkit.Must(t, err)
	all := make([]datastore.Datastore, 0, 23)
	for _, id := range r.seen(t, datastore.Filter{}, 100) {
		d, err := r.Find(t.Context(), r.acme, id)
		testkit.Must(t, err)
		all = append(all, d)
	}

	is := func(key, value string) label.Filter { return label.Filter{Key: key, Value: &value} }
	for name, c := range map[string]struct {
		filter datastore.Filter
		keep   func(datastore.Datastore) bool
	}{
		"all":        {datastore.Filter{}, func(datastore.Datastore) bool { return true }},
		"by a label": {datastore.Filter{Labels: []label.Filter{is("env", "prod")}}, func(d datastore.Datastore) bool { return prod[d.ID] }},
		"by a key":   {datastore.Filter{Labels: []label.Filter{{Key: "even"}}}, func(d datastore.Datastore) bool { return even[d.ID] }},
		"by both": {datastore.Filter{Labels: []label.Filter{is("even", ""), is("env", "prod")}},
			func(d datastore.Datastore) bool { return even[d.ID] && prod[d.ID] }},
		"by a label and a name": {datastore.Filter{Labels: []label.Filter{{Key: "even"}}, NameContains: "A"},
			func(d datastore.Datastore) bool { return even[d.ID] && strings.Contains(d.Name, "a") }},
		"by an empty value": {datastore.Filter{Labels: []label.Filter{is("env", "")}, NameContains: "z"},
			func(d datastore.Datastore) bool {
				return r.value(t, d.ID, "env") == "" && strings.Contains(d.Name, "Z")
			}},
		"by the whole name": {datastore.Filter{Labels: []label.Filter{{Key: "env"}}, Name: &all[7].Name},
			func(d datastore.Datastore) bool { return d.Name == all[7].Name }},
		"by no key": {datastore.Filter{Labels: []label.Filter{{Key: "none"}}}, func(datastore.Datastore) bool { return false }},
		"by two values": {datastore.Filter{Labels: []label.Filter{is("env", "dev"), is("env", "prod")}},
			func(datastore.Datastore) bool { return false }},
	} {
		for _, field := range []datastore.OrderField{datastore.ByName, datastore.ByCreatedAt, datastore.ByUpdatedAt} {
			for _, down := range []bool{false, true} {
				c.filter.Order = datastore.Order{Field: field, Descending: down}
				want := expected(all, c.filter.Order, c.keep)
				for _, first := range []int{1, 4, 100} {
					if got := r.seen(t, c.filter, first); !slices.Equal(got, want) || slices.Contains(got, theirs.ID) {
						t.Errorf("%s by %q, down %t, in pages of %d: %v, want %v", name, field, down, first, got, want)
					}
				}
			}
		}
	}
}

// value is that of a label of a datastore.
func (r *rig) value(t *testing.T, id datastore.ID, key string) string {
	t.Helper()
	labels, err := r.Labels(t.Context(), r.acme, []datastore.ID{id})
	testkit.Must(t, err)
	for _, l := range labels[0] {
		if l.Key == key {
			return l.Value
		}
	}
	return "none"
}

// TestList_ByALabelThatManyHave_IsTheSameAsByOneThatFewHave crosses the number from which on a list is not read by the
// label.
func TestList_ByALabelThatManyHave_IsTheSameAsByOneThatFewHave(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.sql(t, `INSERT INTO datastore (workspace_id, id, name, created_at, created_by_kind, created_by_id, created_by_label)
		SELECT $1, md5('d' || i)::uuid, i, now() + make_interval(secs => i % 7), 'USER', '', ''
		FROM generate_series(1, 1100) i`, r.acme.Workspace)
	r.sql(t, `INSERT INTO datastore_label SELECT $1, md5('d' || i)::uuid, key, ''
		FROM generate_series(1, 1100) i, unnest(ARRAY['many', 'few']) key WHERE key = 'many' OR i > 100`, r.acme.Workspace)
	for _, down := range []bool{false, true} {
		for _, field := range []datastore.OrderField{datastore.ByName, datastore.ByCreatedAt} {
			f := datastore.Filter{Order: datastore.Order{Field: field, Descending: down}}
			all := r.seen(t, f, 100)
			f.Labels = []label.Filter{{Key: "many"}}
			if got := r.seen(t, f, 100); len(got) != 1100 || !slices.Equal(got, all) {
				t.Errorf("%d have it", len(got))
			}
			labels, err := r.Labels(t.Context(), r.acme, all)
			testkit.Must(t, err)
			var few []datastore.ID
			for i, id := range all {
				if len(labels[i]) == 2 {
					few = append(few, id)
				}
			}
			f.Labels = []label.Filter{{Key: "many"}, {Key: "few"}}
			if got := r.seen(t, f, 100); len(got) != 1000 || !slices.Equal(got, few) {
				t.Errorf("%d have both", len(got))
			}
		}
	}
}

func TestList_WithACursorOfAnotherOrderOrFilter_IsInvalid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.make(t, "a")
	r.make(t, "b")
	prod := "prod"
	filters := []datastore.Filter{
		{}, {Order: datastore.Order{Descending: true}},
		{Order: datastore.Order{Field: datastore.ByCreatedAt}},
		{Order: datastore.Order{Field: datastore.ByCreatedAt, Descending: true}},
		{Order: datastore.Order{Field: datastore.ByUpdatedAt}},
		{Labels: []label.Filter{{Key: "env"}}}, {Labels: []label.Filter{{Key: "env", Value: &prod}}},
	}
	for i, f := range filters[:5] {
		p, err := r.List(t.Context(), r.acme, f, page.Request{First: 1})
		testkit.Must(t, err)
		for j, other := range filters {
			_, err := r.List(t.Context(), r.acme, other, page.Request{First: 1, After: p.Keys[0]})
			if (i == j) != (err == nil) || err != nil && fieldOf(err, fault.Invalid) != "after" {
				t.Errorf("a cursor of %+v under %+v: %v", f, other, err)
			}
		}
	}

	// A cursor that was made up names a place before all, or after.
	f := datastore.Filter{Order: datastore.Order{Field: datastore.ByCreatedAt}}
	p, err := r.List(t.Context(), r.acme, f, page.Request{First: 1})
	testkit.Must(t, err)
	for _, at := range []string{"", "yesterday", "0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-06-01T12:00:00+14:00"} {
		after := page.Key{p.Keys[0][0], at, "x"}
		if _, err := r.List(t.Context(), r.acme, f, page.Request{First: 1, After: after}); err != nil {
			t.Errorf("after %q: %v", at, err)
		}
	}
}
