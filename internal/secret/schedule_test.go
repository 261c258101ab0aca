package secret_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestRotate_OfAScheduledSecret_StartsItsPeriodAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s, err := r.Create(t.Context(), r.acme,
		secret.CreateRequest{
			Name:     "db",
			Value:    secret.ValueInput{Generate: &secret.Generator{Length: 20, Alphabet: secret.Alphanumeric}},
			Rotation: &secret.Schedule{Every: time.Hour},
		})
	testkit.Must(t, err)
	_, err = r.Super.ExecContext(t.Context(), `UPDATE secret SET rotate_at = now() - interval '1 day',
		rotate_error = 'down', rotate_noted_at = now()`)
	testkit.Must(t, err)
	overdue := func(yes bool) []secret.Secret {
		p, err := r.List(t.Context(), r.acme, secret.Filter{Overdue: &yes}, page.Request{First: 10})
		testkit.Must(t, err)
		return p.Items
	}
	if late := overdue(true); len(late) != 1 || !late[0].Rotation.Overdue || *late[0].Rotation.LastError != "down" ||
		len(overdue(false)) != 0 {
		t.Errorf("overdue are %+v", late)
	}
	r.rotate(t, s.ID, "by hand")
	if fine := overdue(false); len(fine) != 1 || fine[0].Rotation.Overdue || fine[0].Rotation.LastError != nil ||
		len(overdue(true)) != 0 {
		t.Errorf("after a rotation: %+v", fine)
	}
}

// TestUpdate_OfASchedule_CountsFromTheLastRotation is for pipelines that apply the same settings every day: they
// postpone nothing.
func TestUpdate_OfASchedule_CountsFromTheLastRotation(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "db", "one")
	_, err := r.Super.ExecContext(t.Context(), `UPDATE secret SET rotated_at = now() - interval '3 days'`)
	testkit.Must(t, err)
	for _, step := range []struct {
		every   time.Duration
		next    time.Duration
		overdue bool
	}{{5 * 24 * time.Hour, 2 * 24 * time.Hour, false}, {24 * time.Hour, -2 * 24 * time.Hour, true}} {
		plan := &secret.Schedule{Every: step.every}
		after, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Rotation: &plan})
		testkit.Must(t, err)
		if off := time.Until(after.Rotation.NextAt) - step.next; off.Abs() > time.Hour ||
			after.Rotation.Overdue != step.overdue {
			t.Errorf("every %s: the next is in %s, overdue %t", step.every, time.Until(after.Rotation.NextAt),
				after.Rotation.Overdue)
		}
	}
	_, err = r.Super.ExecContext(t.Context(), `UPDATE secret SET rotate_error = 'down', rotate_noted_at = now()`)
	testkit.Must(t, err)
	same := &secret.Schedule{Every: 24 * time.Hour}
	after, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Rotation: &same})
	testkit.Must(t, err)
	if after.Rotation.LastError == nil || r.events(t, "secret.updated") != 2 {
		t.Errorf("the same schedule again makes it %+v", after.Rotation)
	}
}

// mondays are at three by the clocks of Berlin.
var mondays = &secret.Schedule{Cron: &secret.Cron{Expression: "0 3 * * MON", TimeZone: "Europe/Berlin"}}

func (r *rig) find(t *testing.T, id secret.ID) secret.Secret {
	t.Helper()
	s, err := r.Find(t.Context(), r.acme, id)
	testkit.Must(t, err)
	return s
}

// isMonday checks that the next rotation is on the next Monday at three in Berlin.
func isMonday(t *testing.T, s secret.Secret) {
	t.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	testkit.Must(t, err)
	at := s.Rotation.NextAt.In(berlin)
	if in := time.Until(at); at.Format("Mon 15:04:05") != "Mon 03:00:00" || in < 0 || in > 7*24*time.Hour+time.Hour {
		t.Errorf("the next rotation is on %s", at)
	}
	if s.Rotation.Every != 0 || *s.Rotation.Cron != *mondays.Cron {
		t.Errorf("the schedule is %+v", s.Rotation)
	}
}

func TestCron_OfASecret_SaysWhenTheNextRotationIs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	value := secret.ValueInput{Generate: &secret.Generator{Length: 20, Alphabet: secret.Alphanumeric}}
	made, err := r.Create(t.Context(), r.acme, secret.CreateRequest{Name: "db", Value: value, Rotation: mondays})
	testkit.Must(t, err)
	isMonday(t, made)
	r.rotate(t, made.ID, "by hand")
	isMonday(t, r.find(t, made.ID))

	period := &secret.Schedule{Every: 24 * time.Hour}
	after, err := r.Update(t.Context(), r.acme, made.ID, secret.UpdateRequest{Rotation: &period})
	testkit.Must(t, err)
	if after.Rotation.Cron != nil || after.Rotation.Every != 24*time.Hour {
		t.Errorf("the schedule is %+v", after.Rotation)
	}
	r.rotate(t, made.ID, "again")
	if next := time.Until(r.find(t, made.ID).Rotation.NextAt); next < 23*time.Hour || next > 24*time.Hour {
		t.Errorf("the next rotation is in %s", next)
	}

	after, err = r.Update(t.Context(), r.acme, made.ID, secret.UpdateRequest{Rotation: &mondays})
	testkit.Must(t, err)
	isMonday(t, after)
	after, err = r.Update(t.Context(), r.acme, made.ID, secret.UpdateRequest{Rotation: new((*secret.Schedule)(nil))})
	testkit.Must(t, err)
	if n := r.Count(t, `SELECT count(*) FROM rotation_cron`); after.Rotation != nil || n != 0 {
		t.Errorf("it has the schedule %+v, of %d", after.Rotation, n)
	}
}

// TestUpdate_ToACron_IsDueAtItsNextTime is for a secret whose value is older than the time before: who chooses the
// calendar has the value stay until then.
func TestUpdate_ToACron_IsDueAtItsNextTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "db", "one")
	r.sql(t, `UPDATE secret SET rotated_at = now() - interval '30 days'`)
	after, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Rotation: &mondays})
	testkit.Must(t, err)
	isMonday(t, after)
}

// TestCron_AfterAServerOfTheVersionBefore_IsWhatThatOneSaid has such a server end or replace the schedule, which knows
// nothing of rotation_cron.
func TestCron_AfterAServerOfTheVersionBefore_IsWhatThatOneSaid(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		statement string
		every     time.Duration
	}{
		"ended": {`UPDATE secret SET rotate_every_seconds = NULL, rotate_at = NULL`, 0},
		"replaced": {`UPDATE secret SET rotate_every_seconds = 2592000, rotate_at = now() + interval '30 days'`,
			30 * 24 * time.Hour},
	} {
		r := newRig(t)
		s := r.create(t, "db", "one")
		_, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Rotation: &mondays})
		testkit.Must(t, err)
		r.sql(t, row.statement)
		r.rotate(t, s.ID, "two")
		switch after := r.find(t, s.ID); {
		case after.CurrentVersion != 2, (after.Rotation == nil) != (row.every == 0):
			t.Errorf("%s: it is %+v", name, after)
		case after.Rotation != nil && (after.Rotation.Cron != nil || after.Rotation.Every != row.every):
			t.Errorf("%s: the schedule is %+v", name, after.Rotation)
		}
	}
}

func TestTurn_ByCron_RotatesAndSaysWhenTheNextIs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := overdue(t, r, true)
	r.sql(t, `INSERT INTO rotation_cron SELECT workspace_id, id, rotate_every_seconds, $2 FROM secret WHERE id = $1`, s.ID,
		"0 3 * * MON Europe/Berlin")
	if n, err := tend(t, r.keeper(time.Now(), &tripwire{}), secret.RotateDue); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	after := r.find(t, s.ID)
	isMonday(t, after)
	if after.CurrentVersion != 2 {
		t.Errorf("version %d is current", after.CurrentVersion)
	}
}

// TestRotate_WhileTheCronIsChanged_SaysSo has a schedule change after it was read, and before the value is current.
func TestRotate_WhileTheCronIsChanged_SaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "db", "one")
	_, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Rotation: &mondays})
	testkit.Must(t, err)
	changing := r.on(faulty{Vault: r.vault, add: func() error {
		r.sql(t, `UPDATE rotation_cron SET spec = '0 4 * * MON Europe/Berlin'`)
		return nil
	}})
	_, err = changing.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("two")})
	if !fault.Is(err, fault.Conflict) || r.find(t, s.ID).CurrentVersion != 1 {
		t.Errorf("got %v", err)
	}
	if n := r.readable(t, s.ID, 3); n != 1 {
		t.Errorf("the vault gives out %d versions", n)
	}
}

func TestPurge_OfASecretWithACron_LeavesNoneOfIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "db", "one")
	_, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Rotation: &mondays})
	testkit.Must(t, err)
	r.delete(t, s.ID)
	_, err = tend(t, r.keeper(time.Now().Add(31*24*time.Hour), &tripwire{}), secret.Purge)
	testkit.Must(t, err)
	if n := r.Count(t, `SELECT count(*) FROM rotation_cron`); n != 0 {
		t.Errorf("%d are left", n)
	}
}
