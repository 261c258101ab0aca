package secret_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (r *rig) rotate(t *testing.T, id secret.ID, plain string) {
	t.Helper()
	_, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: id, Value: text(plain)})
	testkit.Must(t, err)
}

func (r *rig) states(t *testing.T, id secret.ID) (all []secret.VersionState) {
	t.Helper()
	pages, err := r.Versions(t.Context(), r.acme, []secret.ID{id}, page.Request{First: 10})
	testkit.Must(t, err)
	for _, v := range pages[0].Items {
		if (v.State == secret.Current) != (v.DestroyAt == nil) {
			t.Errorf("version %d is %s until %v", v.Version, v.State, v.DestroyAt)
		}
		all = append(all, v.State)
	}
	return all
}

func TestRollBack_MakesAnEarlierValueCurrentAsANewVersion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	r.rotate(t, s.ID, "two")
	call := secret.RollBackRequest{SecretID: s.ID, Version: 1, IfVersion: new(int32(2)), IdempotencyKey: new("k")}
	for range 2 {
		done, err := r.RollBack(t.Context(), r.acme, call)
		testkit.Must(t, err)
		if done.Version.Version != 3 || done.Secret.CurrentVersion != 3 || r.reveal(t, s.ID, nil) != "one" ||
			r.reveal(t, s.ID, new(int32(2))) != "two" {
			t.Errorf("got %+v", done)
		}
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.rolled_back'
		AND details @> '{"from": 1, "version": 3}'`); n != 1 {
		t.Errorf("%d events", n)
	}
	if got := r.states(t, s.ID); !slices.Equal(got,
		[]secret.VersionState{secret.Current, secret.Retained, secret.Retained}) {
		t.Errorf("the versions are %v", got)
	}
	_, err := r.RollBack(t.Context(), r.acme, secret.RollBackRequest{SecretID: s.ID, Version: 3})
	testkit.Refused(t, err, fault.Conflict, "version")
	_, err = r.RollBack(t.Context(), r.acme, secret.RollBackRequest{
		SecretID:  s.ID,
		Version:   1,
		IfVersion: new(int32(1)),
	})
	if e := testkit.Refused(t, err, fault.Conflict, "ifVersion"); e.Details["currentVersion"] != int32(3) {
		t.Errorf("got %+v", e)
	}
	_, err = r.RollBack(t.Context(), r.acme, secret.RollBackRequest{SecretID: s.ID, Version: 9})
	testkit.Refused(t, err, fault.NotFound, "version")
	_, err = r.RollBack(t.Context(), r.globex, secret.RollBackRequest{SecretID: s.ID, Version: 1})
	testkit.Refused(t, err, fault.NotFound, "secretId")
}

func TestDestroyVersion_IsForEverAndAtOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	r.rotate(t, s.ID, "two")
	_, err := r.DestroyVersion(t.Context(), r.acme, s.ID, 2)
	testkit.Refused(t, err, fault.Conflict, "version")
	for range 2 {
		_, err = r.DestroyVersion(t.Context(), r.acme, s.ID, 1)
		testkit.Must(t, err)
	}
	if r.events(t, "secret.version_destroyed") != 1 || r.readable(t, s.ID, 2) != 1 ||
		r.Count(t, `SELECT count(*) FROM secret_version WHERE erased_at IS NOT NULL`) != 1 {
		t.Errorf("%d events, the vault gives out %d", r.events(t, "secret.version_destroyed"), r.readable(t, s.ID, 2))
	}
	_, err = r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID, Version: new(int32(1))}})
	testkit.Refused(t, err, fault.Conflict, "version")
	_, err = r.RollBack(t.Context(), r.acme, secret.RollBackRequest{SecretID: s.ID, Version: 1})
	testkit.Refused(t, err, fault.Conflict, "version")
	if got := r.states(t, s.ID); !slices.Equal(got, []secret.VersionState{secret.Current, secret.Destroyed}) {
		t.Errorf("the versions are %v", got)
	}
	_, err = r.DestroyVersion(t.Context(), r.acme, s.ID, 7)
	testkit.Refused(t, err, fault.NotFound, "version")
}

// destroyless is a vault that destroys nothing for now.
type destroyless struct{ secret.Vault }

func (destroyless) Destroy(context.Context, secret.Place, secret.Number) error { return down }

func TestDestroyVersion_WhileTheVaultIsDown_EndsItHereAllTheSame(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	r.rotate(t, s.ID, "two")
	_, err := r.on(destroyless{r.vault}).DestroyVersion(t.Context(), r.acme, s.ID, 1)
	testkit.Must(t, err)
	_, err = r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID, Version: new(int32(1))}})
	testkit.Refused(t, err, fault.Conflict, "version")
	if r.Count(t, `SELECT count(*) FROM secret_version WHERE destroyed_at IS NOT NULL AND erased_at IS NULL`) != 1 {
		t.Error("what is left to erase is not kept")
	}
}

func TestReveal_OfOneField_GivesThatAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s, err := r.Create(t.Context(), r.acme,
		secret.CreateRequest{Name: "db",
			Value: secret.ValueInput{JSON: value(`{"user":"u","password":"päss","port":5432,"tls":{"on":true}}`)}})
	testkit.Must(t, err)
	if !slices.Equal(s.Fields, []string{"password", "port", "tls", "user"}) {
		t.Errorf("its fields are %q", s.Fields)
	}
	for field, want := range map[string]string{"user": "u", "password": "päss", "port": "5432", "tls": `{"on":true}`} {
		got, err := r.Reveal(t.Context(), r.acme,
			secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID, Field: &field}})
		testkit.Must(t, err)
		if shown, _, err := got.Value.Open(); err != nil || *shown != want {
			t.Errorf("%s is %v, %v", field, shown, err)
		}
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.accessed'
		AND details @> '{"field": "password"}'`); n != 1 {
		t.Errorf("%d events say which field", n)
	}
	before := r.events(t, "secret.accessed")
	_, err = r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID, Field: new("nope")}})
	testkit.Refused(t, err, fault.NotFound, "field")
	plain := r.create(t, "plain", "one")
	_, err = r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: plain.ID, Field: new("user")}})
	testkit.Refused(t, err, fault.NotFound, "field")
	_, err = r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID, Field: new("")}})
	testkit.Refused(t, err, fault.Invalid, "field")
	if r.events(t, "secret.accessed") != before {
		t.Error("what was not revealed is on record")
	}
	r.rotate(t, s.ID, "no longer JSON")
	if found, err := r.Find(t.Context(), r.acme, s.ID); err != nil || len(found.Fields) != 0 ||
		found.Format != secret.Text {
		t.Errorf("after a rotation to text: %+v, %v", found, err)
	}
}

func TestDelete_CanBeUndone_UntilItIsPurged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	deleted, err := r.Delete(t.Context(), r.acme, s.ID, false)
	testkit.Must(t, err)
	if left := time.Until(*deleted.PurgeAt); left < 29*24*time.Hour || left > 30*24*time.Hour {
		t.Errorf("it is purged in %s", left)
	}
	other := r.create(t, "stripe", "another")
	_, err = r.Restore(t.Context(), r.acme, s.ID, nil)
	testkit.Refused(t, err, fault.Conflict, "name")
	back, err := r.Restore(t.Context(), r.acme, s.ID, new("stripe-old"))
	testkit.Must(t, err)
	if back.Name != "stripe-old" || back.PurgeAt != nil || r.reveal(t, s.ID, nil) != "one" ||
		r.reveal(t, other.ID, nil) != "another" {
		t.Errorf("it is back as %+v", back)
	}
	_, err = r.Restore(t.Context(), r.acme, s.ID, nil)
	testkit.Refused(t, err, fault.Conflict, "secretId")
	_, err = r.Restore(t.Context(), r.globex, s.ID, nil)
	testkit.Refused(t, err, fault.NotFound, "secretId")
	_, err = r.Delete(t.Context(), r.acme, s.ID, false)
	testkit.Must(t, err)
	_, err = r.Super.ExecContext(t.Context(), `UPDATE secret SET purge_at = now() WHERE state = 'DELETED'`)
	testkit.Must(t, err)
	_, err = r.Restore(t.Context(), r.acme, s.ID, nil)
	testkit.Refused(t, err, fault.NotFound, "secretId")
	_, err = r.Find(t.Context(), r.acme, s.ID)
	testkit.Refused(t, err, fault.NotFound, "secretId")
	if r.Count(t, `SELECT secret_count FROM workspace_usage WHERE workspace_id = $1`, r.acme.Workspace.String()) != 1 {
		t.Error("the workspace counts others than the one it has")
	}
}

func TestUpdate_ChangesWhatIsSaidAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s, other := r.create(t, "stripe", "one"), r.create(t, "other", "two")
	note, generator := "billing", &secret.Generator{Length: 40, Alphabet: secret.Hex}
	plan := &secret.Schedule{Every: 24 * time.Hour, Generator: generator}
	after, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{
		Name:        new("stripe/live"),
		Description: new(&note),
		Rotation:    &plan,
	})
	testkit.Must(t, err)
	if after.Name != "stripe/live" || *after.Description != note || after.CurrentVersion != 1 ||
		*after.Rotation.Generator != *generator || after.Rotation.Overdue {
		t.Errorf("it is %+v", after)
	}
	if next := time.Until(after.Rotation.NextAt); next < 23*time.Hour || next > 24*time.Hour {
		t.Errorf("the next rotation is in %s", next)
	}
	after, err = r.Update(t.Context(), r.acme, s.ID,
		secret.UpdateRequest{Description: new((*string)(nil)), Rotation: new((*secret.Schedule)(nil))})
	testkit.Must(t, err)
	if after.Name != "stripe/live" || after.Description != nil || after.Rotation != nil ||
		r.events(t, "secret.updated") != 2 {
		t.Errorf("it is %+v", after)
	}
	_, err = r.Update(t.Context(), r.acme, other.ID, secret.UpdateRequest{Name: new("stripe/live")})
	testkit.Refused(t, err, fault.Conflict, "name")
	for field, bad := range map[string]secret.UpdateRequest{
		"name":  {Name: new("no spaces")},
		"every": {Rotation: new(&secret.Schedule{Every: time.Minute})},
		"length": {Rotation: new(&secret.Schedule{
			Every:     time.Hour,
			Generator: &secret.Generator{Length: 7, Alphabet: secret.Hex},
		})},
	} {
		_, err := r.Update(t.Context(), r.acme, other.ID, bad)
		testkit.Refused(t, err, fault.Invalid, field)
	}
	_, err = r.Update(t.Context(), r.globex, s.ID, secret.UpdateRequest{Name: new("mine")})
	testkit.Refused(t, err, fault.NotFound, "secretId")
}

func TestGenerate_MakesValuesOfItsAlphabetAlone(t *testing.T) {
	t.Parallel()
	for alphabet, want := range map[secret.Alphabet]int{
		secret.Alphanumeric:    62,
		secret.SafePunctuation: 65,
		secret.Hex:             16,
	} {
		v, err := secret.Generator{Length: 1024, Alphabet: alphabet}.Generate()
		testkit.Must(t, err)
		seen := map[byte]int{}
		for range 40 {
			v, err = secret.Generator{Length: 1024, Alphabet: alphabet}.Generate()
			testkit.Must(t, err)
			for _, b := range v.Open() {
				seen[b]++
			}
		}
		fair := 40 * 1024 / want
		for b, n := range seen {
			if n < fair/2 || n > fair*2 {
				t.Errorf("%s has %q %d times, not about %d", alphabet, b, n, fair)
			}
		}
		if len(seen) != want || v.Len() != 1024 {
			t.Errorf("%s has %d characters in %d", alphabet, len(seen), v.Len())
		}
	}
	for _, length := range []int32{7, 1025, -1} {
		var f *fault.Error
		if _, err := (secret.Generator{Length: length, Alphabet: secret.Hex}).Generate(); !errors.As(err, &f) ||
			f.Details["field"] != "length" {
			t.Errorf("%d: %v", length, err)
		}
	}
}
