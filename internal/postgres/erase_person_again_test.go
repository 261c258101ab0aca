package postgres_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/testkit"
)

// works invites a person by an address, and makes a datastore as the member that they are then.
func (f fixture) works(t *testing.T, members *member.Service, subject, email, store string) member.ID {
	t.Helper()
	set, err := members.SetRole(t.Context(), f.acme, member.SetRoleRequest{Email: email, Role: authz.Editor})
	testkit.Must(t, err)
	f.joins(t, subject, email)
	by := authz.Actor{Who: authz.Who{Kind: authz.User, PrincipalID: set.Member.ID.String(), Label: email},
		Workspace: f.acme.Workspace, From: authz.Origin{IP: "2001:db8::a", UserAgent: "anns-browser"}}
	_, err = datastore.NewService(f.db.Datastores(), nil, nil, time.Now).
		Create(t.Context(), by, datastore.CreateRequest{Name: store})
	testkit.Must(t, err)
	return set.Member.ID
}

// TestErasePerson_EarlierMemberships_AreFoundByAnyName has somebody who was a member three times: twice by one address,
// of which they were unbound, and then by another one.
func TestErasePerson_EarlierMemberships_AreFoundByAnyName(t *testing.T) {
	t.Parallel()
	for name, who := range map[string]erasure.Person{
		"identity":        {Issuer: "https://id.example", Subject: "ann"},
		"address now":     {Email: "ann@new.example"},
		"address earlier": {Email: "ann@old.example"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			members, super := member.NewService(f.db.Members(), time.Now), open(t, f.SuperURL)
			_, err := members.Remove(t.Context(), f.acme, f.works(t, members, "ann", "ann@old.example", "first"), false)
			testkit.Must(t, err)
			second := f.works(t, members, "ann", "ann@old.example", "second")
			_, err = members.SetRole(t.Context(), f.acme, member.SetRoleRequest{Email: "ann@old.example",
				Role: authz.Editor, Change: member.Change{InviteAgain: true}})
			testkit.Must(t, err)
			_, err = members.Remove(t.Context(), f.acme, second, false)
			testkit.Must(t, err)
			f.works(t, members, "ann", "ann@new.example", "third")
			f.works(t, members, "joann", "joann@new.example", "another's")

			_, err = erasure.ErasePerson(t.Context(), f.owner(t), who, "", false)
			testkit.Must(t, err)
			for _, table := range []string{"member", "datastore", "audit_event"} {
				var named, others int
				testkit.Must(t, super.QueryRow(`SELECT count(*) FILTER (WHERE to_jsonb(t)::text ~ '"ann["@]'),
					count(*) FILTER (WHERE to_jsonb(t)::text ~ 'joann@new') FROM `+table+` t`).Scan(&named, &others))
				if named != 0 || others == 0 {
					t.Errorf("%s names the person in %d rows, and another in %d", table, named, others)
				}
			}
			var from int
			testkit.Must(t, super.QueryRow(`SELECT count(*) FROM audit_event WHERE user_agent = 'anns-browser'
				OR ip = '2001:db8::a'`).Scan(&from))
			if from != 1 {
				t.Errorf("%d events say from where, and one is another's", from)
			}
		})
	}
}
