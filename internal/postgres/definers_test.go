package postgres_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"
)

// pinned is the one search path that a function may have: what is temporary comes last, instead of first.
const pinned = "search_path=pg_catalog, public, pg_temp"

// unpinned are the functions that have a body of text and no path, each with why that is well.
var unpinned = map[string]string{
	"river.river_job_state_in_bitmask": "River's own, as River makes it; it runs as its caller and names nothing of " +
		"ours",
}

// function is a row of pg_proc.
type function struct {
	name, owner, body, config      string
	runsAsOwner, trigger, resolved bool
	byPublic, byApp                bool
}

func allFunctions(t *testing.T, f fixture) (all []function) {
	t.Helper()
	rows, err := open(t, f.SuperURL).Query(`
		SELECT p.pronamespace::regnamespace || '.' || p.proname, p.proowner::regrole, p.prosrc,
			coalesce(array_to_string(p.proconfig, '; '), ''), p.prosecdef, p.prorettype = 'trigger'::regtype,
			p.prosqlbody IS NOT NULL, EXISTS (
				SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0
			), has_function_privilege('data_api_app', p.oid, 'EXECUTE')
		FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
		WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`)
	testkit.Must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var p function
		testkit.Must(t, rows.Scan(&p.name, &p.owner, &p.body, &p.config, &p.runsAsOwner, &p.trigger, &p.resolved,
			&p.byPublic, &p.byApp))
		all = append(all, p)
	}
	testkit.Must(t, rows.Err())
	return all
}

// TestFunctions_NameNothingThatACallerCanPutInItsPlace looks at every function there is. One that is no SQL-standard
// body, whose names are resolved when it is made, has the pinned path; so has each one that runs as the owner.
func TestFunctions_NameNothingThatACallerCanPutInItsPlace(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ours, owned := names(t, f), 0
	for _, p := range allFunctions(t, f) {
		if p.owner != "data_api_owner" {
			t.Errorf("%s belongs to %s", p.name, p.owner)
		}
		if p.runsAsOwner {
			owned++
			if p.byPublic || !p.byApp {
				t.Errorf("%s runs as the owner: the app's role alone may call it (PUBLIC: %t, the app's role: %t)",
					p.name, p.byPublic, p.byApp)
			}
			if p.trigger {
				t.Errorf("%s is a trigger that runs as the owner: whoever may make a trigger could use it", p.name)
			}
		}
		if why := unpinned[p.name]; why != "" && !p.runsAsOwner && !p.trigger {
			continue
		}
		if (p.runsAsOwner || !p.resolved) && p.config != pinned {
			t.Errorf("%s takes SET search_path = pg_catalog, public, pg_temp; it has %q", p.name, p.config)
		}
		if unqualified := ours.FindAllString(p.body, -1); !p.resolved && unqualified != nil {
			t.Errorf("%s names %v without the schema", p.name, unqualified)
		}
	}
	if owned < 10 {
		t.Errorf("only %d functions run as the owner: this shows nothing", owned)
	}
}

// names matches where a body names one of our tables, or calls one of our functions, without saying of which schema.
func names(t *testing.T, f fixture) *regexp.Regexp {
	t.Helper()
	var called []string
	for _, p := range allFunctions(t, f) {
		_, name, _ := strings.Cut(p.name, ".")
		called = append(called, name)
	}
	return regexp.MustCompile(`(?i)\b(FROM|JOIN|INTO|UPDATE|ON|OF|TABLE)\s+(` +
		strings.Join(tables(t, f), "|") + `)\b` +
		`|(^|[^.\w'])(` + strings.Join(slices.Compact(called), "|") + `)\(`)
}

func TestNames_UnqualifiedOnes_AreFound(t *testing.T) {
	t.Parallel()
	found := names(t, newFixture(t))
	for body, want := range map[string]bool{
		"SELECT 1 FROM workspace w":              true,
		"FROM public.api_key k JOIN workspace w": true,
		"PARTITION OF audit_event FOR":           true,
		"x := first_uuidv7(month)":               true,
		"PERFORM version_is_pinned(1)":           true,
		"SELECT 1 FROM public.workspace w":       false,
		"SELECT k.workspace_id":                  false,
		"x := public.first_uuidv7(month)":        false,
		"hashtext('ensure_audit_partitions')":    false,
	} {
		if got := found.MatchString(body); got != want {
			t.Errorf("%q: found %t", body, got)
		}
	}
}
