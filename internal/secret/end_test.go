package secret_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func auditOf(r *rig, s secret.Secret) audit.Entry {
	return audit.Record(r.acme, audit.SecretCreated).On("secret", s.ID.String(), s.Name)
}

// retained is a secret whose first version was replaced thirty days ago, all but a moment.
func retained(t *testing.T, r *rig) secret.Secret {
	t.Helper()
	s := r.create(t, "rotated", "old")
	_, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("new")})
	testkit.Must(t, err)
	r.sql(t, `UPDATE secret_version SET destroy_at = now() + interval '1 minute' WHERE secret_id = $1 AND version = 1`, s.ID)
	return s
}

// delete is a deletion that can be undone for thirty days.
func (r *rig) delete(t *testing.T, id secret.ID) {
	t.Helper()
	r.sql(t, `UPDATE secret SET state = 'DELETED', deleted_at = now(), purge_at = now() + interval '30 days'
		WHERE id = $1`, id)
}

func TestDestroy_VersionWhoseTimeIsOver_IsGoneWhereverItCrashes(t *testing.T) {
	t.Parallel()
	crashes(t, secret.Destroy, later(2*time.Minute), func(t *testing.T, r *rig) func(*testing.T, *rig, string) {
		s := retained(t, r)
		return func(t *testing.T, r *rig, crashed string) {
			if n := r.readable(t, s.ID, 2); n != 1 {
				t.Errorf("crashed %s: the vault gives out %d versions", crashed, n)
			}
			if got := r.reveal(t, s.ID, nil); got != "new" {
				t.Errorf("crashed %s: the current value is %q", crashed, got)
			}
			if n := r.Count(t, `SELECT count(*) FROM secret_version WHERE version = 1 AND destroyed_at IS NOT NULL
				AND erased_at IS NOT NULL`); n != 1 {
				t.Errorf("crashed %s: it is not kept", crashed)
			}
			if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.version_destroyed'
				AND actor_kind = 'SYSTEM' AND risk = 'HIGH'
				AND details->>'version' = '1' AND target_label = 'rotated'`); n != 1 {
				t.Errorf("crashed %s: %d events", crashed, n)
			}
		}
	})
}

func TestDestroy_BeforeItsTime_OrCurrent_OrPinned_IsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := retained(t, r)
	if n, _ := tend(t, r.keeper(time.Now(), &tripwire{}), secret.Destroy); n != 0 {
		t.Error("it was destroyed before its time")
	}
	r.sql(t, `CREATE OR REPLACE FUNCTION version_is_pinned(in_workspace uuid, of_secret uuid,
		number integer) RETURNS boolean LANGUAGE sql STABLE RETURN number = 1`)
	past := r.keeper(time.Now().Add(time.Hour), &tripwire{})
	d := secret.WorkItem{Workspace: r.acme.Workspace, Region: "eu", ID: s.ID, Version: 1}
	if n, _ := tend(t, past, secret.Destroy); n != 0 {
		t.Error("a pinned version was found")
	}
	testkit.Must(t, past.Do(t.Context(), secret.Destroy, d)) // it was pinned after it was found
	r.sql(t, `CREATE OR REPLACE FUNCTION version_is_pinned(in_workspace uuid, of_secret uuid,
		number integer) RETURNS boolean LANGUAGE sql STABLE RETURN false`)
	r.sql(t, `UPDATE secret SET current_version = 1`) // it became current after it was found
	testkit.Must(t, past.Do(t.Context(), secret.Destroy, d))
	if n := r.readable(t, s.ID, 2); n != 2 || r.events(t, "secret.version_destroyed") != 0 {
		t.Errorf("%d versions are readable", n)
	}
}

func TestDestroy_VaultWasDownWhenAPersonDestroyed_ErasesLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := retained(t, r)
	r.sql(t, `UPDATE secret_version SET destroyed_at = now() WHERE version = 1`)
	if n, err := tend(t, r.keeper(time.Now(), &tripwire{}), secret.Destroy); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n := r.readable(t, s.ID, 2); n != 1 || r.events(t, "secret.version_destroyed") != 0 {
		t.Errorf("%d are readable; or it is on record twice", n)
	}
}

func TestPurge_DeletedForThirtyDays_IsGoneWhereverItCrashes(t *testing.T) {
	t.Parallel()
	crashes(t, secret.Purge, later(31*24*time.Hour), func(t *testing.T, r *rig) func(*testing.T, *rig, string) {
		s := retained(t, r)
		r.delete(t, s.ID)
		r.sql(t, `INSERT INTO secret_reference (workspace_id, secret_id, kind, external_id, name)
			VALUES ($1, $2, 'AGENT', 'a', 'a')`, r.acme.Workspace, s.ID)
		return func(t *testing.T, r *rig, crashed string) {
			if r.inVault(t, s.ID) || r.Count(t, `SELECT (SELECT count(*) FROM secret) + (SELECT count(*)
				FROM secret_version) + (SELECT count(*) FROM secret_reference)`) != 0 {
				t.Errorf("crashed %s: something is left", crashed)
			}
			if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.purged'
				AND actor_kind = 'SYSTEM' AND risk = 'HIGH' AND target_id = $1`, s.ID.String()); n != 1 {
				t.Errorf("crashed %s: %d events", crashed, n)
			}
		}
	})
}

func TestPurge_NotYetTime_OrRestoredMeanwhile_IsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := retained(t, r)
	r.delete(t, s.ID)
	if n, _ := tend(t, r.keeper(time.Now().Add(29*24*time.Hour), &tripwire{}), secret.Purge); n != 0 {
		t.Error("it was purged before its time")
	}
	r.sql(t, `UPDATE secret SET state = 'ACTIVE', deleted_at = NULL, purge_at = NULL`)
	testkit.Must(t, r.keeper(time.Now().Add(31*24*time.Hour), &tripwire{}).Do(t.Context(), secret.Purge, secret.WorkItem{
		Workspace: r.acme.Workspace,
		Region:    "eu",
		ID:        s.ID,
	}))
	if got := r.reveal(t, s.ID, nil); got != "new" {
		t.Errorf("it is %q", got)
	}
}

func TestPurge_Begun_CannotBeRestored(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := retained(t, r)
	r.delete(t, s.ID)
	if _, err := tend(t, r.keeper(time.Now().Add(31*24*time.Hour), &tripwire{at: 2}), secret.Purge); err == nil {
		t.Fatal("it did not end there")
	}
	if n := r.Count(t, `SELECT count(*) FROM secret WHERE purged_at IS NOT NULL AND purge_at <= now()`); n != 1 {
		t.Error("it can still be restored")
	}
	if _, err := r.Super.ExecContext(t.Context(), `UPDATE secret SET state = 'ACTIVE', deleted_at = NULL,
		purge_at = NULL`); err == nil {
		t.Error("the database let it be restored")
	}
	_, err := r.Restore(t.Context(), r.acme, s.ID, nil)
	testkit.Refused(t, err, fault.NotFound, "")
	_, err = r.Reveal(t.Context(), r.acme, secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}})
	testkit.Refused(t, err, fault.NotFound, "")
}
