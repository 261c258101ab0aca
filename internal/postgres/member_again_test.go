package postgres_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/workspace"
)

// joins makes a person join by every open invitation of an address.
func (f fixture) joins(t *testing.T, subject, email string) []authn.Membership {
	t.Helper()
	all, err := f.db.Members().MembershipsOf(t.Context(), "https://id.example", subject, email)
	testkit.Must(t, err)
	for _, m := range all {
		if m.Invited {
			testkit.Must(t, f.db.Members().Join(t.Context(), authz.Actor{
				Who:       authz.Who{Kind: authz.User, PrincipalID: m.MemberID, Label: email},
				Workspace: m.Workspace,
				Issuer:    "https://id.example",
				Subject:   subject,
			}))
		}
	}
	all, err = f.db.Members().MembershipsOf(t.Context(), "https://id.example", subject, "")
	testkit.Must(t, err)
	return all
}

func TestInviteAgain_NewSubject_TakesThePlaceOfTheOldOne(t *testing.T) {
	t.Parallel()
	c := newColleague(t)
	f, s := c.fixture, c.Service
	const email = "carl@acme.example"
	invited, err := s.SetRole(t.Context(), f.acme, member.SetRoleRequest{Email: email, Role: authz.Editor})
	testkit.Must(t, err)
	if got := f.joins(t, "carl-old", email); len(got) != 1 {
		t.Fatalf("got %+v", got)
	}
	if got := f.joins(t, "carl-new", email); len(got) != 0 {
		t.Fatalf("somebody else joined: %+v", got)
	}
	request := member.SetRoleRequest{Email: email, Role: authz.Editor, Change: member.Change{InviteAgain: true}}
	again, err := s.SetRole(t.Context(), f.acme, request)
	testkit.Must(t, err)
	if again.Member.ID != invited.Member.ID || again.Member.JoinedAt != nil || again.Member.Subject != "" {
		t.Errorf("got %+v", again.Member)
	}
	if got := f.joins(t, "carl-old", ""); len(got) != 0 {
		t.Errorf("the old identity is still a member: %+v", got)
	}
	got := f.joins(t, "carl-new", email)
	if len(got) != 1 || got[0].MemberID != invited.Member.ID.String() || got[0].Role != authz.Editor {
		t.Errorf("got %+v", got)
	}
	e := c.events(t, audit.MemberRoleSet)
	if e[0].Details["unboundSubject"] != "carl-old" || e[1].Details["unboundSubject"] != nil {
		t.Errorf("on record is %v, %v", e[0].Details, e[1].Details)
	}
}

func TestInviteAgain_OfTheLastAdmin_IsRefused(t *testing.T) {
	t.Parallel()
	c := newColleague(t)
	request := member.SetRoleRequest{
		Email:  c.acme.Label,
		Role:   authz.Admin,
		Change: member.Change{InviteAgain: true},
	}
	_, err := c.SetRole(t.Context(), c.acme, request)
	testkit.Refused(t, err, fault.Conflict, "")
}

func TestInviteAdmin_OfAWorkspaceWhoseAdminsAreLockedOut_LetsOneIn(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	m, err := workspace.InviteAdmin(t.Context(), f.db.Members(), f.acme.Workspace, f.acme.Label, time.Now())
	testkit.Must(t, err)
	if m.ID.String() != f.acme.PrincipalID || m.JoinedAt != nil {
		t.Errorf("got %+v", m)
	}
	if got := f.joins(t, "admin-new", f.acme.Label); len(got) != 1 || got[0].Role != authz.Admin {
		t.Errorf("got %+v", got)
	}
	if got := f.joins(t, "acme", f.acme.Label); len(got) != 0 {
		t.Errorf("the old identity is still a member: %+v", got)
	}
	_, err = workspace.InviteAdmin(t.Context(), f.db.Members(), f.acme.Workspace, "new@acme.example", time.Now())
	testkit.Must(t, err)
	if got := f.joins(t, "new", "new@acme.example"); len(got) != 1 || got[0].Role != authz.Admin {
		t.Errorf("got %+v", got)
	}
	_, err = workspace.InviteAdmin(t.Context(), f.db.Members(), authz.NewWorkspaceID(), "new@acme.example", time.Now())
	testkit.Refused(t, err, fault.NotFound, "")
	_, err = workspace.InviteAdmin(t.Context(), f.db.Members(), "acme", "new@acme.example", time.Now())
	testkit.Refused(t, err, fault.NotFound, "")
	_, err = workspace.InviteAdmin(t.Context(), f.db.Members(), f.acme.Workspace, "nobody", time.Now())
	testkit.Refused(t, err, fault.Invalid, "email")
}
