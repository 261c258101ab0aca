package secret_test

import (
	"context"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// while holds a transaction open that has run statements, lets do begin and wait for it, and commits it then.
func (r *rig) while(t *testing.T, do func() error, statements ...string) error {
	t.Helper()
	tx, err := r.Super.BeginTx(t.Context(), nil)
	testkit.Must(t, err)
	for _, statement := range statements {
		_, err := tx.ExecContext(t.Context(), statement)
		testkit.Must(t, err)
	}
	var pid int
	testkit.Must(t, tx.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid))

	ended := make(chan error, 1)
	go func() { ended <- do() }()
	if waited, err := r.waits(t, pid, ended); !waited {
		testkit.Must(t, tx.Rollback())
		t.Fatalf("it waited for nobody, and ended with %v", err)
	}
	testkit.Must(t, tx.Commit())
	return <-ended
}

// waits returns once somebody waits for the session, or once it has ended.
func (r *rig) waits(t *testing.T, pid int, ended <-chan error) (waited bool, err error) {
	t.Helper()
	for !waited {
		select {
		case err := <-ended:
			return false, err
		default:
		}
		testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT EXISTS (SELECT FROM pg_locks
			WHERE NOT granted AND pid <> $1 AND $1 = ANY(pg_blocking_pids(pid)))`, pid).Scan(&waited))
	}
	return true, nil
}

func TestRollBack_ToAVersionDestroyedMeanwhile_IsConflictAndLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]func(do func()) func(secret.Vault) secret.Vault{
		"once the value was copied": func(do func()) func(secret.Vault) secret.Vault {
			return func(v secret.Vault) secret.Vault {
				return faulty{Vault: v, add: func() error { do(); return nil }}
			}
		},
		"before the value was read": func(do func()) func(secret.Vault) secret.Vault {
			return func(v secret.Vault) secret.Vault { return opening{Vault: v, before: do} }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := r.create(t, "stripe", "one")
			r.rotate(t, s.ID, "two")
			service := r.on(broken(func() {
				_, err := r.DestroyVersion(t.Context(), r.acme, s.ID, 1)
				testkit.Must(t, err)
			})(r.vault))
			_, err := service.RollBack(t.Context(), r.acme, secret.RollBackRequest{SecretID: s.ID, Version: 1})
			testkit.Refused(t, err, fault.Conflict, "version")
			if got := r.reveal(t, s.ID, nil); got != "two" || r.readable(t, s.ID, 5) != 1 {
				t.Errorf("it is %q, and the vault gives out %d versions", got, r.readable(t, s.ID, 5))
			}
		})
	}
}

// opening is a vault before which something happens whenever a value is read.
type opening struct {
	secret.Vault
	before func()
}

func (o opening) Access(ctx context.Context, p secret.Place, n secret.Number) (secret.Value, error) {
	o.before()
	return o.Vault.Access(ctx, p, n)
}

func TestRollBack_WaitingForADestruction_SeesIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	r.rotate(t, s.ID, "two")
	err := r.while(t, func() error {
		_, err := r.RollBack(context.WithoutCancel(t.Context()), r.acme,
			secret.RollBackRequest{SecretID: s.ID, Version: 1})
		return err
	}, `SELECT FROM secret FOR UPDATE`, `UPDATE secret_version SET destroyed_at = now() WHERE version = 1`)
	testkit.Refused(t, err, fault.Conflict, "version")
	if got := r.reveal(t, s.ID, nil); got != "two" {
		t.Errorf("it is %q", got)
	}
}

// TestReveal_OfAVersionDestroyedMeanwhile_IsConflict destroys the version once its reveal is on record.
func TestReveal_OfAVersionDestroyedMeanwhile_IsConflict(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	r.rotate(t, s.ID, "two")
	service := r.on(opening{r.vault, func() {
		_, err := r.DestroyVersion(t.Context(), r.acme, s.ID, 1)
		testkit.Must(t, err)
	}})
	_, err := service.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID, Version: new(int32(1))}})
	testkit.Refused(t, err, fault.Conflict, "version")
	if r.events(t, "secret.access_failed") != 1 {
		t.Error("that nothing was read is not on record")
	}
}

// TestRestore_WaitingForAPurge_IsNotFound begins while the time of the secret is not over yet.
func TestRestore_WaitingForAPurge_IsNotFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	r.delete(t, s.ID)
	err := r.while(t, func() error {
		_, err := r.Restore(context.WithoutCancel(t.Context()), r.acme, s.ID, nil)
		return err
	}, `UPDATE secret SET purged_at = now()`)
	testkit.Refused(t, err, fault.NotFound, "secretId")
}

// TestTurn_OfAScheduleEndedMeanwhile_RotatesNothing ends the schedule while the new value is on its way.
func TestTurn_OfAScheduleEndedMeanwhile_RotatesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s, err := r.Create(t.Context(), r.acme, secret.CreateRequest{
		Name:  "db",
		Value: text("one"),
		Rotation: &secret.Schedule{
			Every:     time.Hour,
			Generator: &secret.Generator{Length: 20, Alphabet: secret.Alphanumeric},
		},
	})
	testkit.Must(t, err)
	end := faulty{
		Vault: r.vault,
		add: func() error {
			_, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Rotation: new((*secret.Schedule)(nil))})
			return err
		},
	}
	at := time.Now().Add(2 * time.Hour)
	u := secret.NewUpkeep(r.DB.Secrets(), r.vault.(secret.UpkeepVault), r.on(end), func() time.Time { return at })
	if n, err := tend(t, u, secret.RotateDue); n != 1 || err != nil {
		t.Errorf("%d were due, %v", n, err)
	}
	if got := r.reveal(t, s.ID, nil); got != "one" || r.readable(t, s.ID, 5) != 1 {
		t.Errorf("it is %q", got)
	}
}

func TestRotate_ToTheValueItHas_MakesAVersionLikeAnyOther(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	for n := range int32(7) {
		done, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("one")})
		testkit.Must(t, err)
		if done.Version.Version != n+2 {
			t.Errorf("it made version %d", done.Version.Version)
		}
	}
	r.rotate(t, s.ID, "two")
	same := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.rotated'
		AND details @> '{"sameValue": true}'`)
	silent := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.rotated'
		AND NOT details ? 'sameValue'`)
	if same != 7 || silent != 1 || r.reveal(t, s.ID, nil) != "two" {
		t.Errorf("%d events say that the value was the same, %d do not", same, silent)
	}
}

// TestRotate_ToTheValueThatItGotMeanwhile_SaysSo compares with the version that is replaced, not with one seen before.
func TestRotate_ToTheValueThatItGotMeanwhile_SaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	service := r.on(faulty{Vault: r.vault, add: func() error { r.rotate(t, s.ID, "two"); return nil }})
	_, err := service.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("two")})
	testkit.Must(t, err)
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE details @> '{"sameValue": true, "version": 3}'`); n != 1 {
		t.Errorf("%d events say that the value was the same", n)
	}
}

// TestRotate_OfAnotherVersionThanIsCurrent_AsksTheVaultForNothing is the look before the call.
func TestRotate_OfAnotherVersionThanIsCurrent_AsksTheVaultForNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	asked := false
	service := r.on(faulty{Vault: r.vault, add: func() error { asked = true; return nil }})
	_, err := service.Rotate(t.Context(), r.acme, secret.RotateRequest{
		SecretID:  s.ID,
		Value:     text("two"),
		IfVersion: new(int32(7)),
	})
	testkit.Refused(t, err, fault.Conflict, "ifVersion")
	_, err = service.Rotate(t.Context(), r.globex, secret.RotateRequest{SecretID: s.ID, Value: text("two")})
	testkit.Refused(t, err, fault.NotFound, "secretId")
	r.delete(t, s.ID)
	_, err = service.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("two")})
	testkit.Refused(t, err, fault.NotFound, "secretId")
	if asked {
		t.Error("the vault was asked")
	}
}

// TestRotate_WhenTheDatabaseRefuses_LeavesNothingInTheVault has the database fail in ways that no fault names.
func TestRotate_WhenTheDatabaseRefuses_LeavesNothingInTheVault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fails string
		kind  fault.Kind
		left  int
	}{
		"a fault of the server": {`FOR EACH ROW EXECUTE FUNCTION fails()`, fault.Internal, 1},
		// Nobody knows then whether the statement was done: the value is left to the reconciler.
		"the connection, before": {`FOR EACH ROW EXECUTE FUNCTION ends()`, fault.Unavailable, 2},
		"the connection, at COMMIT": {`DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ends()`,
			fault.Unavailable, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			s := r.create(t, "stripe", "one")
			r.breakVersions(t, c.fails)
			_, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("two")})
			if !fault.Is(err, c.kind) {
				t.Errorf("got %v", err)
			}
			if n := r.readable(t, s.ID, 5); n != c.left || r.reveal(t, s.ID, nil) != "one" {
				t.Errorf("the vault gives out %d versions, want %d", n, c.left)
			}
		})
	}
}

// breakVersions has the database fail wherever a version is added: by fails, or by ends, which ends the connection.
func (r *rig) breakVersions(t *testing.T, how string) {
	t.Helper()
	r.sql(t, `CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$`)
	r.sql(t, `CREATE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
		$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$`)
	r.sql(t, `CREATE CONSTRAINT TRIGGER broken AFTER INSERT ON secret_version `+how)
}

// TestRotate_ToTheValueThatAnotherServerKeyKnows_SaysSo has servers whose keys are being changed.
func TestRotate_ToTheValueThatAnotherServerKeyKnows_SaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	next := []byte("the next key, of thirty-two bytes.")
	for name, test := range map[string]struct {
		keys secret.ServerKeys
		same int
	}{
		"accepted": {secret.ServerKeys{next, keys[0]}, 1},
		"gone":     {secret.ServerKeys{next}, 0},
	} {
		s := r.create(t, name, "one")
		service := secret.NewService(r.DB.Secrets(), r.vault, secret.Options{Keys: test.keys})
		_, err := service.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("one")})
		testkit.Must(t, err)
		if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE target_id = $1
			AND details @> '{"sameValue": true}'`, s.ID); n != test.same {
			t.Errorf("%s: %d events say that the value was the same", name, n)
		}
	}
}
