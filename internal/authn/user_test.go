package authn_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestJWT_OneMembership_ActsInIt(t *testing.T) {
	t.Parallel()
	var asked string
	w := newWorld(t, authn.Options{Members: members(func(ctx context.Context, issuer,
		subject string) ([]authn.Membership, error) {
		asked = issuer + " " + subject
		return admin(ctx, issuer, subject)
	})})
	got, err := w.jwt(t.Context(), w.sign(t, w.claims(), nil))
	testkit.Must(t, err)
	want := authz.Actor{
		Who:       authz.Who{Kind: authz.User, PrincipalID: "m1", Label: "ada@example.com"},
		Workspace: here,
		Region:    "eu",
		Role:      authz.Admin,
		ExpiresAt: got.ExpiresAt,
		From:      authz.Origin{RequestID: "r1", IP: "192.0.2.1"},
		Issuer:    w.url,
		Subject:   "ada",
		Email:     "ada@example.com",
	}
	if diff := cmp.Diff(want, got); diff != "" || got.ExpiresAt.Sub(w.clock.now()).Seconds() != 300 ||
		asked != w.url+" ada" {
		t.Errorf("%s expires %s, asked for %s", diff, got.ExpiresAt, asked)
	}
}

func TestJWT_WorkspaceHeader_Selects(t *testing.T) {
	t.Parallel()
	one := []authn.Membership{{MemberID: "m1", Workspace: here, Role: authz.Viewer}}
	two := []authn.Membership{one[0], {MemberID: "m2", Workspace: there, Role: authz.Admin}}
	header := func(values ...string) (pairs []string) {
		for _, v := range values {
			pairs = append(pairs, "X-Workspace-Id", v)
		}
		return pairs
	}
	for name, row := range map[string]struct {
		of      []authn.Membership
		header  []string
		want    authz.WorkspaceID
		missing authz.Missing
	}{
		"one, none sent":  {one, nil, here, 0},
		"one, its own":    {one, header(string(here)), here, 0},
		"one, foreign":    {one, header(string(there)), "", authz.Unknown},
		"two, none sent":  {two, nil, "", authz.Unselected},
		"two, the first":  {two, header(string(here)), here, 0},
		"two, the second": {two, header(string(there)), there, 0},
		"two, unknown":    {two, header(string(nowhere)), "", authz.Unknown},
		"two, malformed":  {two, header("acme"), "", authz.Unknown},
		"two, empty":      {two, header(""), "", authz.Unknown},
		"two, upper case": {two, header(strings.ToUpper(string(here))), "", authz.Unknown},
		"two, in braces":  {two, header("{" + string(here) + "}"), "", authz.Unknown},
		"two, sent twice": {two, header(string(here), string(here)), "", authz.Unknown},
		"two, both":       {two, header(string(here), string(there)), "", authz.Unknown},
		"none, none sent": {nil, nil, "", authz.Memberless},
		"none, another's": {nil, header(string(here)), "", authz.Memberless},
		"nameless, nil workspace": {[]authn.Membership{{MemberID: "m3", Role: authz.Admin}}, nil, "",
			authz.Unselected},
		"nameless, empty workspace": {[]authn.Membership{{MemberID: "m3", Role: authz.Admin}}, header(""), "",
			authz.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, authn.Options{Members: members(func(context.Context, string, string) ([]authn.Membership,
				error) {
				return row.of, nil
			})})
			a, err := w.jwt(t.Context(), w.sign(t, w.claims(), nil), row.header...)
			if err != nil || a.Workspace != row.want || a.Missing != row.missing || a.Kind != authz.User ||
				a.Subject != "ada" {
				t.Fatalf("actor is %+v, %v", a, err)
			}
			if row.want == "" && (authz.Need{Role: authz.Viewer}).Decide(a) == nil {
				t.Error("it may act without a workspace")
			}
		})
	}
}

func TestJWT_WithoutMembership_IsCalledByVerifiedEmailOrSubject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{Members: members(func(context.Context, string, string) ([]authn.Membership,
		error) {
		return nil, nil
	})})
	for verified, want := range map[any]string{
		true:    "ada@idp.example",
		"true":  "ada@idp.example",
		false:   "ada",
		"false": "ada",
		nil:     "ada",
		1:       "ada",
	} {
		a, err := w.jwt(t.Context(), w.sign(t, with(w.claims(), map[string]any{"email_verified": verified}), nil))
		if err != nil || a.Label != want || a.PrincipalID != "" {
			t.Errorf("email_verified %v: %+v, %v", verified, a.Who, err)
		}
	}
}

func TestJWT_DatabaseDown_IsUnavailable(t *testing.T) {
	t.Parallel()
	down := errors.New("connection refused")
	for _, cause := range []error{down, fmt.Errorf("listing: %w", context.DeadlineExceeded),
		fault.New(fault.Unauthenticated, "No.")} {
		w := newWorld(t, authn.Options{Members: members(func(context.Context, string, string) ([]authn.Membership,
			error) {
			return nil, cause
		})})
		a, err := w.jwt(t.Context(), w.sign(t, w.claims(), nil))
		wantRefused(t, a, err, fault.Unavailable)
		if !errors.Is(err, cause) {
			t.Errorf("%v hides its cause", err)
		}
	}
}

// TestJWT_LookalikeOfAnInvitedAddress_AsksForNoInvitationOfIt has addresses that Unicode's lower case, or its
// normalization, turns into that of an invitation.
func TestJWT_LookalikeOfAnInvitedAddress_AsksForNoInvitationOfIt(t *testing.T) {
	t.Parallel()
	asked := &inviting{}
	w := newWorld(t, authn.Options{Members: asked})
	for email, want := range map[string]string{
		"Kate@Example.com":      "kate@example.com",
		"\u212aate@example.com": "",
		"\u0130da@example.com":  "\u0130da@example.com",
		"\u00c9va@example.com":  "\u00c9va@example.com",
		"E\u0301va@example.com": "",
		"no address":            "",
	} {
		a, err := w.jwt(t.Context(), w.sign(t, with(w.claims(), changes{"email": email}), nil))
		if err != nil || asked.email != want || a.Email != want {
			t.Errorf("%+q: asked for invitations of %+q, acts as %+q, %v", email, asked.email, a.Email, err)
		}
	}
}

// inviting keeps whose invitations were asked for.
type inviting struct {
	members
	email string
}

func (i *inviting) MembershipsOf(_ context.Context, _, _, email string) ([]authn.Membership, error) {
	i.email = email
	return nil, nil
}
