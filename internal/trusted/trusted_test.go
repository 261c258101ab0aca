package trusted_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/trusted"
	"github.com/provenanceone/data-api/schema"
)

const regions, role = "{ regions }", "{ viewer { role } }"

// rig is the service on a database, with the workspaces acme and globex.
type rig struct {
	*trusted.Service
	*testkit.Database
	acme, globex authz.Actor
	reads        *atomic.Int32
}

// counted counts how often a list is read.
type counted struct {
	trusted.Store
	reads *atomic.Int32
}

func (c counted) Get(ctx context.Context, ws authz.WorkspaceID) (trusted.List, bool, error) {
	c.reads.Add(1)
	return c.Store.Get(ctx, ws)
}

func check(t testing.TB) func(string) error {
	t.Helper()
	contract, err := schema.Load()
	testkit.Must(t, err)
	return document.NewChecker(contract, document.DefaultLimits()).Check
}

func newRig(t *testing.T, deployment trusted.Documents) *rig {
	t.Helper()
	r := &rig{Database: testkit.NewDatabase(t), reads: &atomic.Int32{}}
	r.acme, r.globex = r.Workspace(t, "acme"), r.Workspace(t, "globex")
	r.Service = r.on(t, counted{r.DB.TrustedDocuments(), r.reads}, deployment)
	return r
}

func (r *rig) on(t *testing.T, store trusted.Store, deployment trusted.Documents) *trusted.Service {
	t.Helper()
	s, err := trusted.NewService(store, deployment, check(t),
		func() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) })
	testkit.Must(t, err)
	return s
}

// held returns who acts with an API key that is held to trusted documents, while a revision counts.
func held(a authz.Actor, revision int64) authz.Actor {
	a.TrustedDocumentsOnly, a.DocumentsRevision = true, revision
	return a
}

func (r *rig) set(t *testing.T, a authz.Actor, manifest map[string]any) trusted.List {
	t.Helper()
	l, err := r.Set(t.Context(), a, manifest)
	testkit.Must(t, err)
	return l
}

func TestSet_EachChange_IsTheNextRevisionOnRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	if _, found, err := r.Find(t.Context(), r.acme); found || err != nil {
		t.Fatalf("a new workspace has a list: %v, %v", found, err)
	}
	first := r.set(t, r.acme, map[string]any{"a": regions})
	again := r.set(t, r.acme, map[string]any{"a": regions})
	second := r.set(t, r.acme, map[string]any{})
	if first.Revision != 1 || again.Revision != 1 || second.Revision != 2 || len(second.Documents) != 0 {
		t.Errorf("got %v, %v, %v", first, again, second)
	}
	now, found, err := r.Find(t.Context(), r.acme)
	if err != nil || !found || now.Revision != 2 || now.SetBy != r.acme.Who || !now.SetAt.Equal(second.SetAt) {
		t.Errorf("found %v, %v, %v", now, found, err)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'workspace.trusted_documents_set'
		AND target_label = 'acme' AND risk = 'HIGH' AND details->>'revision' IN ('1', '2')`); n != 2 {
		t.Errorf("%d events", n)
	}
	if _, found, err := r.Find(t.Context(), r.globex); found || err != nil {
		t.Errorf("another workspace sees it: %v, %v", found, err)
	}
}

func TestSet_DocumentThatCannotBeRun_IsRefusedAndNothingChanges(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	r.set(t, r.acme, map[string]any{"a": regions})
	for _, c := range []struct{ text, says string }{
		{"{ nothing }", `The document "b" cannot be run: Cannot query field "nothing"`},
		{"no graphql", `The document "b" cannot be run`},
		{"fragment F on Viewer { role }", `The document "b" cannot be run`},
		{"{ viewer { " + strings.Repeat("a: role ", 2000) + "} }", "tokens"},
		{"{ regions } #" + strings.Repeat("x", 64<<10), "bytes"},
	} {
		_, err := r.Set(t.Context(), r.acme, map[string]any{"a": role, "b": c.text})
		if f := testkit.Refused(t, err, fault.Invalid, "manifest"); !strings.Contains(f.Say, c.says) {
			t.Errorf("%.40s: %s", c.text, f.Say)
		}
	}
	long := map[string]any{}
	for n := range 1 + trusted.MaxBytes/(60<<10) {
		long[strconv.Itoa(n)] = "{ regions } #" + strings.Repeat("x", 60<<10)
	}
	_, err := r.Set(t.Context(), r.acme, long)
	if f := testkit.Refused(t, err, fault.Invalid, "manifest"); !strings.Contains(f.Say, "at most 786432 bytes") {
		t.Error(f.Say)
	}
	if l, _, err := r.Find(t.Context(), r.acme); err != nil || l.Revision != 1 {
		t.Errorf("now %v, %v", l, err)
	}
}

func TestText_OfTheWorkspace_ComesBeforeTheDeployments(t *testing.T) {
	t.Parallel()
	r := newRig(t, trusted.Documents{"a": regions, "c0ffee": regions})
	r.set(t, r.acme, map[string]any{"a": role})
	for _, c := range []struct {
		who      authz.Actor
		id, text string
	}{
		{held(r.acme, 1), "a", role},
		{held(r.globex, 0), "a", regions},
		{held(r.acme, 1), "sha256:c0ffee", regions},
	} {
		if text, err := r.Text(t.Context(), c.who, c.id); err != nil || text != c.text {
			t.Errorf("%s: got %q, %v", c.id, text, err)
		}
	}
	_, err := r.Text(t.Context(), held(r.acme, 1), "sha256:a0")
	testkit.Refused(t, err, fault.UnknownDocument, "")
}

func TestAllow_KeyHeldToDocuments_MaySendThoseAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t, trusted.Documents{"d": regions})
	r.set(t, r.acme, map[string]any{"a": role})
	for text, allowed := range map[string]bool{regions: true, role: true, "{ viewer { scopes } }": false, "a": false} {
		err := r.Allow(t.Context(), held(r.acme, 1), text)
		if allowed {
			testkit.Must(t, err)
			continue
		}
		testkit.Refused(t, err, fault.UntrustedDocument, "")
		testkit.Must(t, r.Allow(t.Context(), r.acme, text))
	}
	testkit.Refused(t, r.Allow(t.Context(), held(r.globex, 0), role), fault.UntrustedDocument, "")
}

func TestText_ListThatWasReplacedByAnotherServer_IsTrustedNoMore(t *testing.T) {
	t.Parallel()
	r := newRig(t, nil)
	other := r.on(t, r.DB.TrustedDocuments(), nil)
	r.set(t, r.acme, map[string]any{"a": regions})
	for range 3 {
		_, err := r.Text(t.Context(), held(r.acme, 1), "a")
		testkit.Must(t, err)
	}
	if n := r.reads.Load(); n != 1 {
		t.Errorf("the list was read %d times", n)
	}
	_, err := other.Set(t.Context(), r.acme, map[string]any{"b": regions})
	testkit.Must(t, err)
	_, err = r.Text(t.Context(), held(r.acme, 2), "a")
	testkit.Refused(t, err, fault.UnknownDocument, "")
	if text, err := r.Text(t.Context(), held(r.acme, 2), "b"); err != nil || text != regions {
		t.Errorf("got %q, %v", text, err)
	}
}

func TestDeployment_ManifestThatCannotBeUsed_IsAnErrorAtStart(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "manifest.json")
	for text, says := range map[string]string{
		`{"a": "{ nothing }"}`: `The document "a" cannot be run`,
		`[]`:                   "is no JSON object",
		`{"a": 1}`:             `no text for the document "a"`,
	} {
		testkit.Must(t, os.WriteFile(file, []byte(text), 0o600))
		documents, err := trusted.Load(file)
		if err == nil {
			_, err = trusted.NewService(nil, documents, check(t), time.Now)
		}
		if f := testkit.Refused(t, err, fault.Invalid, "manifest"); !strings.Contains(f.Say, says) {
			t.Errorf("%s: %s", text, f.Say)
		}
	}
	if documents, err := trusted.Load(""); len(documents) != 0 || err != nil {
		t.Errorf("no file: %v, %v", documents, err)
	}
}
