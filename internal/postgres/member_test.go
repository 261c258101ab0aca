package postgres_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/run"
)

// colleague is a second admin of acme, with a key of each scope and a runtime key.
type colleague struct {
	fixture
	*member.Service
	authz.Actor
	hashes map[authz.Scope][]byte
}

func newColleague(t *testing.T) colleague {
	t.Helper()
	f := newFixture(t)
	c := colleague{
		fixture: f,
		Service: member.NewService(f.db.Members(), time.Now),
		Actor:   f.acme,
		hashes:  map[authz.Scope][]byte{},
	}
	set, err := c.SetRole(t.Context(), f.acme, member.SetRoleRequest{Email: "ben@acme.example", Role: authz.Admin})
	testkit.Must(t, err)
	c.PrincipalID, c.Label = set.Member.ID.String(), set.Member.Email
	for _, scope := range authz.AllScopes() {
		c.hashes[scope] = c.createKey(t, c.Actor, scope)
	}
	c.createKey(t, f.acme, authz.SecretsRead)
	testkit.Must(t, c.addRuntimeKey(t.Context(), c.Actor))
	testkit.Must(t, c.addRuntimeKey(t.Context(), f.acme))
	return c
}

func (c colleague) createKey(t *testing.T, by authz.Actor, scope authz.Scope) []byte {
	t.Helper()
	k := apikey.Key{
		ID:              ident.New[apikey.Key](),
		Name:            string(scope),
		Scopes:          []authz.Scope{scope},
		AllowedNetworks: []string{},
		CreatedAt:       time.Now(),
		CreatedBy:       by.Who,
	}
	hash := sha256.Sum256([]byte(k.ID))
	testkit.Must(t, c.db.APIKeys().Create(t.Context(), k, hash[:], audit.Record(by, audit.APIKeyCreated)))
	return hash[:]
}

func (c colleague) addRuntimeKey(ctx context.Context, by authz.Actor) error {
	k := run.RuntimeKey{
		ID:        ident.New[run.RuntimeKey](),
		Name:      "runtime",
		PublicKey: fmt.Appendf(nil, "%.32s", ident.New[run.RuntimeKey]()),
		CreatedAt: time.Now(),
		CreatedBy: by.Who,
	}
	return c.db.RuntimeKeys().Add(ctx, k, audit.Record(by, audit.RuntimeKeyAdded))
}

// working are the scopes of the colleague's keys that let somebody in.
func (c colleague) working(t *testing.T) (scopes []authz.Scope) {
	t.Helper()
	for _, scope := range authz.AllScopes() {
		k, found, err := c.db.APIKeys().ByHash(t.Context(), c.hashes[scope])
		testkit.Must(t, err)
		if found && k.RevokedAt == nil {
			scopes = append(scopes, scope)
		}
	}
	return scopes
}

// runtimes is how many runtime keys the workspace has.
func (c colleague) runtimes(t *testing.T) int {
	t.Helper()
	all, err := c.db.RuntimeKeys().List(t.Context(), c.acme.Workspace, page.Request{First: 10})
	testkit.Must(t, err)
	return len(all.Items)
}

// events are those of an action, newest first.
func (c colleague) events(t *testing.T, action audit.Action) []audit.Event {
	t.Helper()
	all, err := c.db.AuditLog().
		List(t.Context(), c.acme.Workspace, audit.Filter{Action: action}, page.Request{First: 100})
	testkit.Must(t, err)
	return all.Items
}

// recorded checks that each key that ended is on record by whoever ended it, as part of what.
func (c colleague) recorded(t *testing.T, ended member.Keys, because audit.Action) {
	t.Helper()
	var want, got []string
	for _, k := range ended.APIKeys {
		want = append(want, k.ID.String())
	}
	for _, k := range ended.RuntimeKeys {
		want = append(want, k.ID.String())
	}
	for _, e := range slices.Concat(c.events(t, audit.APIKeyRevoked), c.events(t, audit.RuntimeKeyRemoved)) {
		got = append(got, e.Target.ID)
		if e.Actor != c.acme.Who || e.Details["because"] != string(because) || e.Details["memberId"] != c.PrincipalID {
			t.Errorf("the event is %+v", e)
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Errorf("on record: %s", diff)
	}
}

func TestRemoveMember_KeysOfTheirs_EndWithThem(t *testing.T) {
	t.Parallel()
	c := newColleague(t)
	ended, err := c.Remove(t.Context(), c.acme, member.ID(c.PrincipalID), false)
	testkit.Must(t, err)
	if left := c.working(t); len(left) > 0 || len(ended.APIKeys) != len(c.hashes) || ended.APIKeys[0].RevokedAt == nil {
		t.Errorf("%v go on working, %d are said to have ended", left, len(ended.APIKeys))
	}
	if len(ended.RuntimeKeys) != 1 || c.runtimes(t) != 1 {
		t.Errorf("%d runtime keys are left", c.runtimes(t))
	}
	c.recorded(t, ended, audit.MemberRemoved)
}

func TestRemoveMember_KeptKeys_GoOnWorkingOnRecord(t *testing.T) {
	t.Parallel()
	c := newColleague(t)
	ended, err := c.Remove(t.Context(), c.acme, member.ID(c.PrincipalID), true)
	testkit.Must(t, err)
	if len(c.working(t)) != len(c.hashes) || c.runtimes(t) != 2 || len(ended.APIKeys)+len(ended.RuntimeKeys) > 0 {
		t.Errorf("ended: %+v", ended)
	}
	if e := c.events(t, audit.MemberRemoved); len(e) != 1 || e[0].Details["keysKept"] != true {
		t.Errorf("on record: %+v", e)
	}
}

func TestSetRole_Lowered_EndsKeysThatReachBeyondIt(t *testing.T) {
	t.Parallel()
	for role, want := range map[authz.Role][]authz.Scope{
		authz.Viewer: {authz.DatastoresRead, authz.SecretsList},
		authz.Editor: {authz.DatastoresRead, authz.DatastoresWrite, authz.SecretsList, authz.SecretsWrite},
	} {
		c := newColleague(t)
		set, err := c.SetRole(t.Context(), c.acme, member.SetRoleRequest{Email: c.Label, Role: role})
		testkit.Must(t, err)
		if diff := cmp.Diff(want, c.working(t)); diff != "" || len(set.Ended.RuntimeKeys) != 1 ||
			set.Member.Role != role {
			t.Errorf("%s: keys with these scopes work: %s", role, diff)
		}
		c.recorded(t, set.Ended, audit.MemberRoleSet)
		if e := c.events(t, audit.MemberRoleSet)[0]; e.Details["role"] != string(role) ||
			e.Details["previousRole"] != "ADMIN" {
			t.Errorf("on record: %v", e.Details)
		}
	}
}

func TestSetRole_SameOrRaisedOrKept_EndsNoKey(t *testing.T) {
	t.Parallel()
	c := newColleague(t)
	for _, change := range []member.SetRoleRequest{{Role: authz.Admin},
		{Role: authz.Viewer, Change: member.Change{KeepKeys: true}},
		{Role: authz.Viewer}, {Role: authz.Editor}} {
		change.Email = c.Label
		set, err := c.SetRole(t.Context(), c.acme, change)
		testkit.Must(t, err)
		if len(set.Ended.APIKeys)+len(set.Ended.RuntimeKeys) > 0 || len(c.working(t)) != len(c.hashes) {
			t.Errorf("%+v: ended %+v", change, set.Ended)
		}
	}
	first := c.events(t, audit.MemberRoleSet)
	if invited := first[len(first)-1].Details; invited["previousRole"] != nil {
		t.Errorf("the invitation is on record as %v", invited)
	}
}

// TestCreateKey_BesideTheRemovalOfItsCreator_MakesNone has the removal commit while the key waits to be made.
func TestCreateKey_BesideTheRemovalOfItsCreator_MakesNone(t *testing.T) {
	t.Parallel()
	c := newColleague(t)
	for name, change := range map[string]string{
		"lowered": `UPDATE member SET role = 'EDITOR' WHERE id = $1`,
		"removed": `DELETE FROM member WHERE id = $1`,
	} {
		rows := open(t, c.SuperURL)
		tx, err := rows.BeginTx(t.Context(), nil)
		testkit.Must(t, err)
		_, err = tx.ExecContext(t.Context(), change, c.PrincipalID)
		testkit.Must(t, err)
		made := make(chan error, 2)
		go func() {
			k := apikey.Key{
				ID:        ident.New[apikey.Key](),
				Name:      "late",
				Scopes:    []authz.Scope{authz.SecretsRead},
				CreatedAt: time.Now(),
				CreatedBy: c.Who,
			}
			hash := sha256.Sum256([]byte(k.ID))
			made <- c.db.APIKeys().Create(t.Context(), k, hash[:], audit.Record(c.Actor, audit.APIKeyCreated))
		}()
		go func() { made <- c.addRuntimeKey(t.Context(), c.Actor) }()
		for waiting := 0; waiting < 2 && len(made) == 0; runtime.Gosched() {
			testkit.Must(t, rows.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_stat_activity
				WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting))
		}
		testkit.Must(t, tx.Commit())
		for range 2 {
			if err := <-made; !fault.Is(err, fault.Forbidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}
