package postgres

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

// ofAnyone is a statement for anyone: it reads one function, and nothing else.
var ofAnyone = regexp.MustCompile("anyone, &\\w+, `SELECT [a-z_,\\s]+\\sFROM ([a-z_]+)\\((\\$\\d(, )?)+\\)`")

// TestAnyone_IsUsedForSecurityDefinerFunctionsOnly holds what `anyone` rests on: whatever the session is bound to,
// they show the same.
func TestAnyone_IsUsedForSecurityDefinerFunctionsOnly(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	var definers []string
	if err := db.pool.Select(&definers, `SELECT proname FROM pg_proc WHERE prosecdef
		AND pronamespace = 'public'::regnamespace`); err != nil {
		t.Fatal(err)
	}
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		found := ofAnyone.FindAllStringSubmatch(string(text), -1)
		if uses := strings.Count(string(text), "(ctx, anyone,"); uses != len(found) {
			t.Errorf("%s: %d statements are for anyone, and %d of them read one function alone", path, uses, len(found))
		}
		for _, f := range found {
			if !slices.Contains(definers, f[1]) {
				t.Errorf("%s: %s is not SECURITY DEFINER", path, f[1])
			}
		}
	}
}

func TestAnyone_LeavesTheSessionBound_AndBeginsNoTransaction(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	a := authz.NewWorkspaceID()
	before := bound(bind(t.Context(), a), t, db)
	if got := bound(bind(t.Context(), anyone), t, db); got != before || got != a.String() {
		t.Errorf("bound to %q, and then to %q", before, got)
	}
	if got := bound(bind(t.Context(), ""), t, db); got != "" {
		t.Errorf("nobody is bound to %q", got)
	}
	if err := db.transact(t.Context(), anyone, func(tx *Tx) error { tx.bookkeeping("a test"); return nil }); err == nil {
		t.Error("anyone has a transaction")
	}
}
