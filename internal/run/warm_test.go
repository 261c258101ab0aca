package run_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestInject_StatementsRun_AreAsManyForOneSecretAsForFifty(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(50)
	count := func(n int, lease *run.LeaseID) (ran int64) {
		for range 2 { // so that nothing is done for the first time
			q := r.request(first, ids[:n]...)
			q.LeaseID = lease
			before := r.DB.Statements()
			r.inject(q)
			ran = r.DB.Statements() - before
		}
		return ran
	}
	one, fifty := count(1, nil), count(50, nil)
	given, _ := r.inject(r.request(first, ids[0]))
	under := count(50, &given.Lease.ID)
	t.Logf("%d statements for one secret, %d for fifty, %d under a lease", one, fifty, under)
	if one != fifty || under > one {
		t.Errorf("%d statements for one secret, %d for fifty, %d under a lease", one, fifty, under)
	}
}

func TestInject_Warm_AsksTheVaultNothing_AndGoesOnWhileItIsDown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(20)
	r.inject(r.request(first, ids...))
	if n := r.vault.reads.Load(); n != 20 {
		t.Fatalf("%d readings for 20 secrets", n)
	}
	r.vault.isDown.Store(true)
	for range 3 {
		if _, values := r.inject(r.request(first, ids...)); values[19] != "value 19" {
			t.Errorf("got %v", values)
		}
	}
	if n := r.vault.reads.Load(); n != 20 {
		t.Errorf("%d readings", n)
	}
}

func TestInject_VaultDown_GivesNothingAndSaysSoOnRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(3)
	r.inject(r.request(first, ids[:2]...))
	r.vault.isDown.Store(true)
	given, err := r.Inject(t.Context(), r.acme, r.request(first, ids...))
	wantKind(t, err, fault.Unavailable, "")
	if given.Secrets != nil || given.SealedToken != nil {
		t.Errorf("it gave %+v", given)
	}
	var failed int
	testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_event f
		JOIN audit_event e ON e.id = (f.details->>'eventId')::uuid AND e.target_id = f.target_id
		WHERE f.action = 'secret.inject_failed' AND f.outcome = 'FAILED' AND e.action = 'secret.injected'
		AND e.outcome = 'ALLOWED'`).Scan(&failed))
	if failed != 3 || r.events("secret.inject_failed") != 3 {
		t.Errorf("%d of 3 events are taken back", failed)
	}
}

func TestInject_AtOnce_ReadsEachVersionOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(10)
	var all errgroup.Group
	for range 16 {
		all.Go(func() error {
			given, err := r.Inject(t.Context(), r.acme, r.request(first, ids...))
			if err == nil && r.open(given)[9] != "value 9" {
				err = fmt.Errorf("got %v", r.open(given))
			}
			return err
		})
	}
	testkit.Must(t, all.Wait())
	if n := r.vault.reads.Load(); n != 10 {
		t.Errorf("%d readings of 10 versions", n)
	}
}

// TestInject_BesideRotations_IsOfOneMoment rotates two secrets one after the other, always to the same number: whoever
// is given the second's new value must be given the first's too, and what was rotated before an injection began is
// never old.
func TestInject_BesideRotations_IsOfOneMoment(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(2)
	var mu sync.Mutex
	answered := 1
	ctx, stop := context.WithCancel(t.Context())
	var all errgroup.Group
	all.Go(func() error {
		defer stop()
		for version := 2; version <= 30; version++ {
			r.rotate(ids[0], fmt.Sprintf("first %d", version))
			r.rotate(ids[1], fmt.Sprintf("second %d", version))
			mu.Lock()
			answered = version
			mu.Unlock()
		}
		return nil
	})
	for range 4 {
		all.Go(func() error {
			for ctx.Err() == nil {
				mu.Lock()
				least := int32(answered)
				mu.Unlock()
				given, err := r.Inject(t.Context(), r.acme, r.request(first, ids[1], ids[0]))
				if err != nil {
					return err
				}
				two, one := given.Secrets[0].Version, given.Secrets[1].Version
				if one < least || two < least || one < two || one > two+1 {
					return fmt.Errorf("version %d of the first and %d of the second, after %d", one, two, least)
				}
			}
			return nil
		})
	}
	testkit.Must(t, all.Wait())
}

func TestInject_FieldOfAJSONSecret_IsSealedAlone(t *testing.T) {
	t.Parallel()
	for name, fields := range map[string]string{"fields known": `{a,n,o,"ü"}`, "fields not known": `{}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			object := secret.NewValue([]byte(`{"a":"one\nline","n":12.50,"o":{"x": [1]},"ü":""}`))
			s := r.create("object", secret.ValueInput{JSON: &object})
			plain := r.create("plain", text("plain"))
			r.refer(s.ID, plain.ID)
			r.exec(`UPDATE secret_version SET fields = $1 WHERE secret_id = $2`, fields, s.ID)
			q := r.request(first, s.ID, s.ID, s.ID, s.ID, s.ID)
			for i, field := range []string{"a", "n", "o", "ü"} {
				q.Secrets[i].Field = new(field)
			}
			_, values := r.inject(q)
			if !slices.Equal(values,
				[]string{"one\nline", "12.50", `{"x": [1]}`, "", `{"a":"one\nline","n":12.50,"o":{"x": [1]},"ü":""}`}) {
				t.Errorf("got %q", values)
			}
			reads := r.vault.reads.Load()
			for i, id := range []secret.ID{s.ID, plain.ID} {
				q := r.request(first, id)
				q.Secrets[0].Field = new("none")
				_, err := r.Inject(t.Context(), r.acme, q)
				if at := wantKind(t, err, fault.NotFound, "secretId"); at != id {
					t.Errorf("%d: it names %v", i, at)
				}
			}
			if r.vault.reads.Load() != reads {
				t.Error("it was read for a field that it does not have")
			}
		})
	}
}
