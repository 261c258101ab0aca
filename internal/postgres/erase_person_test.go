package postgres_test

import (
	"slices"
	"testing"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestNamings_AreAllColumnsThatNamePeople asks the catalog for columns with the names that labels have here.
func TestNamings_AreAllColumnsThatNamePeople(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	var found []string
	testkit.Must(t, open(t, f.SuperURL).QueryRow(`SELECT array_agg(c.relname || '.' || a.attname ORDER BY 1)
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
			AND (a.attname LIKE '%by\_label' OR a.attname IN ('actor_label', 'email', 'subject', 'ip', 'user_agent'))`).
		Scan((*pq.StringArray)(&found)))
	want := append(postgres.NamingColumns(), "audit_event.ip", "audit_event.user_agent", "member.email", "member.subject")
	slices.Sort(want)
	if slices.Sort(found); !slices.Equal(found, want) {
		t.Errorf("there are %v, and the list has %v", found, want)
	}
}

// TestErasePerson_FilledWorkspace_NamesNobodyTwiceAsOnce looks for the admin of acme, who has made a row in every table.
func TestErasePerson_FilledWorkspace_NamesNobodyTwiceAsOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.fill(t)
	owner, super := f.owner(t), open(t, f.SuperURL)
	who := erasure.Person{Email: "Admin@acme.example"}
	tried, err := erasure.ErasePerson(t.Context(), owner, who, "", true)
	if testkit.Must(t, err); len(tried) != 1 || tried[0].Workspace != f.acme.Workspace {
		t.Fatalf("there are traces in %+v", tried)
	}
	done, err := erasure.ErasePerson(t.Context(), owner, who, "", false)
	if testkit.Must(t, err); len(done) != 1 || done[0].Rows["upload"] != tried[0].Rows["upload"] || done[0].Admins != 0 {
		t.Fatalf("erased is %+v, after %+v was tried", done, tried)
	}
	for _, table := range tables(t, f) {
		var n int
		testkit.Must(t, super.QueryRow(`SELECT count(*) FROM `+table+` t WHERE to_jsonb(t)::text ~ 'admin@acme.example'`).
			Scan(&n))
		if n > 0 {
			t.Errorf("%s names the person in %d rows", table, n)
		}
	}
	var recorded, others int
	testkit.Must(t, super.QueryRow(`SELECT count(*) FROM audit_event WHERE action = 'member.removed'
		AND target_id = $1 AND details @> '{"erased": true}'`, f.acme.PrincipalID).Scan(&recorded))
	testkit.Must(t, super.QueryRow(`SELECT count(*) FROM member WHERE email = 'admin@globex.example'`).Scan(&others))
	if recorded != 1 || others != 1 {
		t.Errorf("it is %d times on record, and the other workspace has %d admins", recorded, others)
	}
	again, err := erasure.ErasePerson(t.Context(), owner, who, "", false)
	if testkit.Must(t, err); len(again) != 0 {
		t.Errorf("a second time, there are traces: %+v", again)
	}
}

// TestErasePerson_AddressWithinAnother_LeavesThat has reasons with addresses that end or begin alike.
func TestErasePerson_AddressWithinAnother_LeavesThat(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	super := open(t, f.SuperURL)
	const reason = "for admin@acme.example, not xadmin@acme.example nor admin@acme.example.org: Admin@Acme.Example."
	_, err := super.Exec(`UPDATE audit_event SET reason = $1`, reason)
	testkit.Must(t, err)
	_, err = erasure.ErasePerson(t.Context(), f.owner(t), erasure.Person{Issuer: "https://id.example", Subject: "acme"},
		f.acme.Workspace, false)
	testkit.Must(t, err)
	var got string
	testkit.Must(t, super.QueryRow(`SELECT max(reason) FROM audit_event WHERE workspace_id = $1 AND reason <> ''`,
		f.acme.Workspace).Scan(&got))
	if want := "for erased person, not xadmin@acme.example nor admin@acme.example.org: erased person."; got != want {
		t.Errorf("the reason is %q", got)
	}
}

func TestErasePerson_OfNobody_IsInvalid(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, who := range []erasure.Person{{}, {Issuer: "https://id.example"}, {Subject: "ann"},
		{Email: " admin@acme.example"}, {Email: "<admin@acme.example>"}, {Email: "admin"}} {
		if _, err := erasure.ErasePerson(t.Context(), f.owner(t), who, "", false); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", who, err)
		}
	}
}

func TestErasePerson_InNoWorkspace_IsNotFound(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, id := range []authz.WorkspaceID{authz.NewWorkspaceID(), "acme"} {
		_, err := erasure.ErasePerson(t.Context(), f.owner(t), erasure.Person{Email: f.acme.Label}, id, true)
		testkit.Refused(t, err, fault.NotFound, "")
	}
}
