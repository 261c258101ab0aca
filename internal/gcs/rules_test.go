package gcs

import (
	"net/http"
	"slices"
	"testing"

	"cloud.google.com/go/storage"
)

func TestEmptiesStaging_OnlyARuleWithoutOtherConditions(t *testing.T) {
	t.Parallel()
	with := func(change func(*storage.LifecycleRule)) storage.LifecycleRule {
		r := stagingRule()
		change(&r)
		return r
	}
	for name, row := range map[string]struct {
		rule storage.LifecycleRule
		want bool
	}{
		"ours": {stagingRule(), true},
		"ours and another folder": {with(func(r *storage.LifecycleRule) {
			r.Condition.MatchesPrefix = []string{"tmp/", stagingPrefix}
		}), true},
		"some files alone": {with(func(r *storage.LifecycleRule) { r.Condition.MatchesSuffix = []string{".tmp"} }), false},
		"archived alone":   {with(func(r *storage.LifecycleRule) { r.Condition.Liveness = storage.Archived }), false},
		"another age":      {with(func(r *storage.LifecycleRule) { r.Condition.AgeInDays = 30 }), false},
		"another folder":   {with(func(r *storage.LifecycleRule) { r.Condition.MatchesPrefix = []string{"x/"} }), false},
	} {
		if got := emptiesStaging(row.rule); got != row.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

// TestClosedTo_GoesByTheFirstRule holds what storage does: a rule that comes later is not looked at.
func TestClosedTo_GoesByTheFirstRule(t *testing.T) {
	t.Parallel()
	const app = "https://app.example"
	full := corsRule([]string{app})
	bare := storage.CORS{Origins: []string{"*"}, Methods: []string{http.MethodPut}}
	for name, row := range map[string]struct {
		rules []storage.CORS
		want  []string
	}{
		"ours first":          {[]storage.CORS{full, bare}, nil},
		"one without headers": {[]storage.CORS{bare, full}, []string{app}},
		"none":                {nil, []string{app}},
	} {
		if got := closedTo(row.rules, []string{app}); !slices.Equal(got, row.want) {
			t.Errorf("%s: closed to %v", name, got)
		}
	}
}
