package postgres_test

import (
	"context"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
)

// vault counts how often a value was read; everything else it would be asked panics.
type vault struct {
	secret.Vault
	reads int
}

func (v *vault) Access(ctx context.Context, _ secret.Place, _ secret.Number) (secret.Value, error) {
	v.reads++
	return secret.NewValue([]byte("hunter2")), ctx.Err()
}

func TestReveal_DatabaseReadOnly_ReadsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	_, err := open(t, f.SuperURL).Exec(`ALTER DATABASE ` + f.Name + ` SET default_transaction_read_only = on`)
	testkit.Must(t, err)
	_, err = open(t, f.SuperURL).Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	testkit.Must(t, err)
	refusedWithoutRead(t, f, s)
}

func TestReveal_BackendKilledAtCommit_ReadsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	_, err := open(t, f.SuperURL).Exec(`
		CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
		CREATE CONSTRAINT TRIGGER die_at_commit AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
			FOR EACH ROW WHEN (NEW.action = 'secret.accessed') EXECUTE FUNCTION die()`)
	testkit.Must(t, err)
	refusedWithoutRead(t, f, s)
	events, err := f.db.AuditLog().List(t.Context(), f.acme.Workspace, audit.Filter{}, page.Request{First: 100})
	testkit.Must(t, err)
	for _, e := range events.Items {
		if e.Action == audit.SecretAccessed {
			t.Fatal("the event is on record although its commit died")
		}
	}
}

func refusedWithoutRead(t *testing.T, f fixture, s secret.Secret) {
	t.Helper()
	v := &vault{}
	for range 3 { // the first may only find its connection closed
		revealed, err := secret.NewService(f.db.Secrets(), v, secret.Options{}).
			Reveal(t.Context(), f.acme, secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}})
		if !fault.Is(err, fault.Unavailable) {
			t.Fatalf("want UNAVAILABLE, got %v", err)
		}
		if _, plain, _ := revealed.Value.Open(); plain != nil || v.reads != 0 {
			t.Fatalf("a value was read (%d reads) without an event", v.reads)
		}
	}
}

func TestReveal_OnRecord_WithActorAddressRiskAndReason(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	v := &vault{}
	revealed, err := secret.NewService(f.db.Secrets(), v, secret.Options{}).
		Reveal(t.Context(), f.acme,
			secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}, Reason: "incident 7"})
	testkit.Must(t, err)
	found, err := f.db.AuditLog().Get(t.Context(), f.acme.Workspace, []audit.EventID{revealed.EventID})
	testkit.Must(t, err)
	if len(found) != 1 {
		t.Fatalf("%d events", len(found))
	}
	e := found[0]
	if e.Action != audit.SecretAccessed || e.Risk != audit.High || e.Outcome != audit.Allowed ||
		e.Reason != "incident 7" ||
		e.Actor != f.acme.Who || e.From.IP != "192.0.2.1" || e.At.IsZero() || e.Target.ID != s.ID.String() ||
		e.Target.Label != "stripe" {
		t.Fatalf("the event is %+v", e)
	}
}

func TestReveal_WorkspaceRequiresReason_WithoutOneIsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	_, err := open(t, f.SuperURL).Exec(`UPDATE workspace SET require_reveal_reason = true`)
	testkit.Must(t, err)
	v := &vault{}
	for _, reason := range []string{"", " ", "\u200b", "\t\u3164\n"} {
		_, err = secret.NewService(f.db.Secrets(), v, secret.Options{}).
			Reveal(t.Context(), f.acme,
				secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}, Reason: reason})
		if !fault.Is(err, fault.Invalid) || v.reads != 0 {
			t.Fatalf("%q: got %v after %d reads", reason, err, v.reads)
		}
	}
}

func TestReveal_ForeignWorkspace_FindsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	for name, actor := range map[string]authz.Actor{"globex": f.globex, "nobody": {}} {
		v := &vault{}
		_, err := secret.NewService(f.db.Secrets(), v, secret.Options{}).
			Reveal(t.Context(), actor, secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}})
		if !fault.Is(err, fault.NotFound) || v.reads != 0 {
			t.Errorf("%s got %v after %d reads", name, err, v.reads)
		}
	}
}
