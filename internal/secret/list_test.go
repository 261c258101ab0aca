package secret_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// seen are the ids of a whole list, read in pages.
func (r *rig) seen(t *testing.T, f secret.Filter, first int) (ids []secret.ID) {
	t.Helper()
	req := page.Request{First: first, Count: true}
	for more := true; more; {
		p, err := r.List(t.Context(), r.acme, f, req)
		testkit.Must(t, err)
		for _, s := range p.Items {
			ids = append(ids, s.ID)
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

// inOrder are the ids of those that are kept, in an order that is told without the database.
func inOrder(all []secret.Secret, o secret.Order, keep func(secret.Secret) bool) (ids []secret.ID) {
	sorted := slices.SortedFunc(slices.Values(all), func(a, b secret.Secret) int {
		by := map[secret.OrderField]int{
			secret.ByName:      strings.Compare(a.Name, b.Name),
			secret.ByCreatedAt: a.CreatedAt.Compare(b.CreatedAt),
			secret.ByRotatedAt: a.RotatedAt.Compare(b.RotatedAt),
		}
		return cmp.Or(by[o.Field], strings.Compare(a.ID.String(), b.ID.String()))
	})
	if o.Descending {
		slices.Reverse(sorted)
	}
	for _, s := range sorted {
		if keep(s) {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// many makes secrets that a list may mix up: of equal times, of one name, deleted, with labels, of another workspace.
func (r *rig) many(t *testing.T) {
	t.Helper()
	r.sql(t, `INSERT INTO secret (workspace_id, id, name, state, format, current_version, created_at, rotated_at,
			deleted_at, purge_at, created_by_kind, created_by_id, created_by_label)
		SELECT w, md5(w || 's' || i)::uuid, (ARRAY['a', 'Z', 'b'])[i % 3 + 1] || CASE WHEN i > 20 THEN '' ELSE '/' || i * 7 % 20 END,
			CASE WHEN i > 14 THEN 'DELETED' ELSE 'ACTIVE' END, 'TEXT', 1,
			'2026-01-01'::timestamptz + make_interval(secs => (i % 4) / 1e6),
			'2026-01-01'::timestamptz + make_interval(secs => (i % 5) / 1e6), CASE WHEN i > 14 THEN now() END,
			CASE WHEN i > 26 THEN now() - interval '1 s' WHEN i > 14 THEN now() + interval '1 day' END, 'USER', '', ''
		FROM generate_series(1, 28) i, unnest(ARRAY[$1, $2]::uuid[]) w`, r.acme.Workspace, r.globex.Workspace)
	r.sql(t, `INSERT INTO secret_label SELECT w, md5(w || 's' || i)::uuid, key, CASE key WHEN 'env' THEN (ARRAY['dev', 'prod', ''])[i % 3 + 1] ELSE '' END
		FROM generate_series(1, 28) i, unnest(ARRAY['env', 'even']) key, unnest(ARRAY[$1, $2]::uuid[]) w
		WHERE key = 'env' OR i % 2 = 0`, r.acme.Workspace, r.globex.Workspace)
}

func TestList_InEachOrderUnderEachFilter_HasNoGapAndNoRepeat(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.many(t)
	all, err := r.FindAll(t.Context(), r.acme, r.seen(t, secret.Filter{Deleted: true}, 100))
	testkit.Must(t, err)
	if len(all) != 26 {
		t.Fatalf("there are %d", len(all))
	}
	value := func(s secret.Secret, key string) *string {
		labels, err := r.Labels(t.Context(), r.acme, []secret.ID{s.ID})
		testkit.Must(t, err)
		for _, l := range labels[0] {
			if l.Key == key {
				return &l.Value
			}
		}
		return nil
	}
	prod, z := "prod", "Z"
	isProd := func(s secret.Secret) bool { return *value(s, "env") == prod }
	isEven := func(s secret.Secret) bool { return value(s, "even") != nil }
	byEnv, byEven := label.Filter{Key: "env", Value: &prod}, label.Filter{Key: "even"}

	for name, c := range map[string]struct {
		filter secret.Filter
		keep   func(secret.Secret) bool
	}{
		"all":         {secret.Filter{}, func(secret.Secret) bool { return true }},
		"by a label":  {secret.Filter{Labels: []label.Filter{byEnv}}, isProd},
		"by a key":    {secret.Filter{Labels: []label.Filter{byEven}}, isEven},
		"by both":     {secret.Filter{Labels: []label.Filter{byEven, byEnv}}, func(s secret.Secret) bool { return isProd(s) && isEven(s) }},
		"by one name": {secret.Filter{Name: &z}, func(s secret.Secret) bool { return s.Name == z }},
		"by one name and a label": {secret.Filter{Name: &z, Labels: []label.Filter{byEven}},
			func(s secret.Secret) bool { return s.Name == z && isEven(s) }},
		"by a part of the name and a label": {secret.Filter{NameContains: "A", Labels: []label.Filter{byEven}},
			func(s secret.Secret) bool { return strings.Contains(s.Name, "a") && isEven(s) }},
		"referenced": {secret.Filter{Referenced: new(true), Labels: []label.Filter{byEven}}, func(secret.Secret) bool { return false }},
	} {
		for _, deleted := range []bool{false, true} {
			c.filter.Deleted = deleted
			keep := func(s secret.Secret) bool { return c.keep(s) && (deleted || s.PurgeAt == nil) }
			for _, field := range []secret.OrderField{secret.ByName, secret.ByCreatedAt, secret.ByRotatedAt} {
				for _, down := range []bool{false, true} {
					c.filter.Order = secret.Order{Field: field, Descending: down}
					want := inOrder(all, c.filter.Order, keep)
					for _, first := range []int{1, 4, 100} {
						if got := r.seen(t, c.filter, first); !slices.Equal(got, want) {
							t.Errorf("%s by %q, down %t, deleted too %t, in pages of %d: %v, want %v", name, field, down,
								deleted, first, got, want)
						}
					}
				}
			}
		}
	}
}

func TestList_ByALabelThatManyHave_IsTheSameAsByOneThatFewHave(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.sql(t, `INSERT INTO secret (workspace_id, id, name, state, format, current_version, created_at, deleted_at, purge_at,
			created_by_kind, created_by_id, created_by_label)
		SELECT $1, md5('s' || i)::uuid, i, CASE WHEN i % 10 = 0 THEN 'DELETED' ELSE 'ACTIVE' END, 'TEXT', 1,
			now() + make_interval(secs => i % 7), CASE WHEN i % 10 = 0 THEN now() END,
			CASE WHEN i % 10 = 0 THEN now() + interval '1 day' END, 'USER', '', ''
		FROM generate_series(1, 1100) i`, r.acme.Workspace)
	r.sql(t, `INSERT INTO secret_label SELECT $1, md5('s' || i)::uuid, key, ''
		FROM generate_series(1, 1100) i, unnest(ARRAY['many', 'few']) key WHERE key = 'many' OR i > 100`, r.acme.Workspace)
	for _, down := range []bool{false, true} {
		for _, field := range []secret.OrderField{secret.ByName, secret.ByCreatedAt} {
			for deleted, want := range map[bool]int{false: 990, true: 1100} {
				f := secret.Filter{Order: secret.Order{Field: field, Descending: down}, Deleted: deleted}
				all := r.seen(t, f, 100)
				f.Labels = []label.Filter{{Key: "many"}}
				if got := r.seen(t, f, 100); len(got) != want || !slices.Equal(got, all) {
					t.Errorf("by %q, down %t: %d have it, want %d", field, down, len(got), want)
				}
				f.Labels = []label.Filter{{Key: "many"}, {Key: "few"}}
				if got := r.seen(t, f, 100); len(got) != want*10/11 || !isPart(got, all) {
					t.Errorf("by %q, down %t: %d have both, want %d", field, down, len(got), want*10/11)
				}
			}
		}
	}
}

// isPart reports whether all has the ids, in the same order.
func isPart(ids, all []secret.ID) bool {
	for _, id := range all {
		if len(ids) > 0 && ids[0] == id {
			ids = ids[1:]
		}
	}
	return len(ids) == 0
}

func TestList_WithACursorOfAnotherOrder_IsInvalid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.many(t)
	prod := "prod"
	var filters []secret.Filter
	for _, field := range []secret.OrderField{secret.ByName, secret.ByCreatedAt, secret.ByRotatedAt} {
		for _, down := range []bool{false, true} {
			o := secret.Order{Field: field, Descending: down}
			filters = append(filters, secret.Filter{Order: o},
				secret.Filter{Order: o, Labels: []label.Filter{{Key: "env", Value: &prod}}})
		}
	}
	for i, f := range filters {
		p, err := r.List(t.Context(), r.acme, f, page.Request{First: 1})
		testkit.Must(t, err)
		for j, other := range filters {
			name := fmt.Sprintf("a cursor of %+v under %+v", f, other)
			_, err := r.List(t.Context(), r.acme, other, page.Request{First: 1, After: p.Keys[0]})
			if i == j && err != nil || i != j && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
