package apikey_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

var now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// rig is the service on a database, with the workspaces acme and globex.
type rig struct {
	*apikey.Service
	*testkit.Database
	acme, globex authz.Actor
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{Database: testkit.NewDatabase(t)}
	r.acme, r.globex = r.Workspace(t, "acme"), r.Workspace(t, "globex")
	minted := 0
	r.Service = apikey.NewService(r.DB.APIKeys(), func() apikey.Token {
		minted++
		text := fmt.Sprintf("token-%d", minted)
		sum := sha256.Sum256([]byte(text))
		return apikey.Token{Text: text, Prefix: text[:5], Hash: sum[:]}
	}, nil, func() time.Time { return now })
	return r
}

func fieldOf(err error, kind fault.Kind) any {
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != kind {
		return nil
	}
	return e.Details["field"]
}

func (r *rig) make(t *testing.T, name string) (k apikey.Key, token string) {
	t.Helper()
	made, err := r.Create(t.Context(), r.acme, apikey.CreateRequest{Name: name, Scopes: []authz.Scope{authz.AuditRead}})
	testkit.Must(t, err)
	return made.Key, *made.Token
}

func TestCreate_KeepsTheHashAloneAndSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ends := now.Add(time.Nanosecond)
	made, err := r.Create(t.Context(), r.acme, apikey.CreateRequest{
		Name:      "ci",
		ExpiresAt: &ends,
		Scopes:    []authz.Scope{authz.SecretsRead, authz.AuditRead, authz.SecretsRead},
	})
	testkit.Must(t, err)
	k, token := made.Key, *made.Token
	if !slices.Equal(k.Scopes, []authz.Scope{authz.AuditRead, authz.SecretsRead}) || k.Prefix != token[:5] ||
		k.CreatedBy != r.acme.Who || k.RevokedAt != nil {
		t.Errorf("got %+v", k)
	}
	if n := r.Count(t, `SELECT count(*) FROM api_key WHERE token_hash = sha256(convert_to($1, 'UTF8'))`,
		token); n != 1 {
		t.Error("the hash is not kept")
	}
	if n := r.Count(t, `SELECT count(*) FROM api_key k, audit_event e WHERE k::text || e::text LIKE '%' || $1 || '%'`,
		token); n != 0 {
		t.Error("the token is kept")
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'api_key.created' AND risk = 'HIGH'
		AND target_label = 'ci'`); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestCreate_WithBadInput_NamesTheField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	some, past := []authz.Scope{authz.AuditRead}, now.Add(-time.Hour)
	for name, c := range map[string]struct {
		new   apikey.CreateRequest
		field string
	}{
		"no name":        {apikey.CreateRequest{Scopes: some}, "name"},
		"name too long":  {apikey.CreateRequest{Name: strings.Repeat("n", 121), Scopes: some}, "name"},
		"control":        {apikey.CreateRequest{Name: "a\nb", Scopes: some}, "name"},
		"no scopes":      {apikey.CreateRequest{Name: "ci"}, "scopes"},
		"ends now":       {apikey.CreateRequest{Name: "ci", Scopes: some, ExpiresAt: &now}, "expiresAt"},
		"ended long ago": {apikey.CreateRequest{Name: "ci", Scopes: some, ExpiresAt: &past}, "expiresAt"},
	} {
		if made, err := r.Create(t.Context(), r.acme, c.new); fieldOf(err, fault.Invalid) != c.field ||
			made.Token != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := r.Count(t, `SELECT count(*) FROM api_key`); n != 0 {
		t.Errorf("%d keys", n)
	}
}

func TestRevoke_Twice_IsOneEvent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	k, _ := r.make(t, "ci")
	first, err := r.Revoke(t.Context(), r.acme, k.ID)
	testkit.Must(t, err)
	second, err := r.Revoke(t.Context(), r.acme, k.ID)
	testkit.Must(t, err)
	if first.RevokedAt == nil || second.RevokedAt == nil || !first.RevokedAt.Equal(*second.RevokedAt) ||
		second.Name != "ci" {
		t.Errorf("%+v, then %+v", first, second)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'api_key.revoked' AND target_label = 'ci'`); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestRevoke_BySixteenAtOnce_EndsTheKeyOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	k, _ := r.make(t, "ci")
	var all sync.WaitGroup
	ends := make([]time.Time, 16)
	for i := range ends {
		all.Go(func() {
			got, err := r.Revoke(t.Context(), r.acme, k.ID)
			if err != nil || got.RevokedAt == nil {
				t.Errorf("got %+v, %v", got, err)
				return
			}
			ends[i] = *got.RevokedAt
		})
	}
	all.Wait()
	if len(slices.CompactFunc(ends, time.Time.Equal)) != 1 {
		t.Errorf("it ended at %v", ends)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'api_key.revoked'`); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestRevoke_OfAForeignOrUnknownKey_IsNotFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	k, _ := r.make(t, "ci")
	for _, id := range []apikey.ID{k.ID, "", "x", "01890a5d-ac96-774b-bcce-b302099a8057"} {
		if _, err := r.Revoke(t.Context(), r.globex, id); fieldOf(err, fault.NotFound) != "apiKeyId" {
			t.Errorf("%q: %v", id, err)
		}
	}
	if n := r.Count(t, `SELECT count(*) FROM api_key WHERE revoked_at IS NOT NULL`); n != 0 {
		t.Error("globex revoked acme's key")
	}
}

func TestList_InPages_IsNewestFirstAndCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var want []string
	for i := range 7 {
		k, _ := r.make(t, fmt.Sprint(i))
		want = append([]string{k.Name}, want...)
	}
	var got []string
	req := page.Request{First: 3, Count: true}
	var mark string
	for more := true; more; {
		p, err := r.List(t.Context(), r.acme, req)
		testkit.Must(t, err)
		if p.Total != 7 || p.HasPrevious != (req.After != nil) {
			t.Fatalf("the page is %+v", p)
		}
		for _, k := range p.Items {
			got = append(got, k.Name)
		}
		more, req.After, mark = p.HasNext, p.Keys[len(p.Keys)-1], p.Keys[0][0]
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, after := range []string{"", "x"} {
		p, err := r.List(t.Context(), r.acme, page.Request{First: 3, After: page.Key{mark, after}})
		testkit.Must(t, err)
		if len(p.Items) != 0 || p.Total != 0 {
			t.Errorf("after %q: %+v", after, p)
		}
	}
	if p, err := r.List(t.Context(), r.globex, page.Request{First: 3, Count: true}); err != nil || len(p.Items) != 0 ||
		p.Total != 0 {
		t.Errorf("globex sees %+v, %v", p, err)
	}
}
