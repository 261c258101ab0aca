package secret_test

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

const rivals = 16

// race runs do in as many goroutines as there are rivals.
func race(do func(i int)) {
	var all sync.WaitGroup
	for i := range rivals {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// together is a race on services that keep no value before every rival has checked the version, or has ended without.
func (r *rig) together(do func(i int, service *secret.Service)) {
	var awaited sync.WaitGroup
	awaited.Add(rivals)
	race(func(i int) {
		arrive := sync.OnceFunc(awaited.Done)
		defer arrive()
		do(i, r.on(faulty{Vault: r.vault, add: func() error { arrive(); awaited.Wait(); return nil }}))
	})
}

// readable counts the versions that the vault still gives out, up to its first n.
func (r *rig) readable(t *testing.T, id secret.ID, n secret.Number) (count int) {
	t.Helper()
	for number := secret.Number(1); number <= n; number++ {
		_, err := r.vault.Access(t.Context(), secret.Place{Region: "eu", ID: id}, number)
		switch {
		case err == nil:
			count++
		case !fault.Is(err, fault.NotFound):
			t.Fatal(err)
		}
	}
	return count
}

func TestRotate_OfOneVersionByManyAtOnce_ExactlyOneWinsAndLosersLeaveNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "value 0")
	var won atomic.Int32
	r.together(func(i int, service *secret.Service) {
		done, err := service.Rotate(t.Context(), r.acme, secret.RotateRequest{
			SecretID:  s.ID,
			Value:     text(fmt.Sprint("value ", i+1)),
			IfVersion: new(int32(1)),
		})
		switch {
		case err == nil:
			won.Add(int32(i + 1))
			if done.Secret.CurrentVersion != 2 || done.Version.Version != 2 || done.Version.State != secret.Current {
				t.Errorf("the winner got %+v", done)
			}
		case !fault.Is(err, fault.Conflict):
			t.Errorf("a loser got %v", err)
		}
	})
	if got, want := r.reveal(t, s.ID, nil), fmt.Sprint("value ", won.Load()); got != want {
		t.Errorf("it is %s, the winner's is %s", got, want)
	}
	if n := r.events(t, "secret.rotated"); n != 1 {
		t.Errorf("%d events", n)
	}
	if n := r.readable(t, s.ID, rivals+1); n != 2 {
		t.Errorf("the vault gives out %d versions, want the first and the winner's", n)
	}
}

func TestRotate_WithoutAVersionByManyAtOnce_CountsExactly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "value 0")
	got := make([]int32, rivals)
	r.together(func(i int, service *secret.Service) {
		done, err := service.Rotate(t.Context(), r.acme,
			secret.RotateRequest{SecretID: s.ID, Value: text(fmt.Sprint("value ", i+1))})
		if err != nil {
			t.Error(err)
		}
		got[i] = done.Version.Version
	})
	for i, v := range got {
		if plain := r.reveal(t, s.ID, &v); plain != fmt.Sprint("value ", i+1) {
			t.Errorf("version %d is %s", v, plain)
		}
	}
	pages, err := r.Versions(t.Context(), r.acme, []secret.ID{s.ID}, page.Request{First: 100, Count: true})
	testkit.Must(t, err)
	p := pages[0]
	for i, v := range p.Items {
		if v.Version != int32(rivals+1-i) || (v.State == secret.Current) != (i == 0) {
			t.Errorf("the versions are %+v", p.Items)
		}
	}
	if p.Total != rivals+1 || len(p.Items) != rivals+1 || r.events(t, "secret.rotated") != rivals ||
		r.readable(t, s.ID, rivals+1) != rivals+1 {
		t.Errorf("%d versions, %d events", p.Total, r.events(t, "secret.rotated"))
	}
}

func TestRotate_OfAnotherVersion_IsConflictNamingTheCurrentAndKeepsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	for _, v := range []int32{0, 2, -1} {
		_, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("two"), IfVersion: &v})
		if e := testkit.Refused(t, err, fault.Conflict, "ifVersion"); e.Details["currentVersion"] != int32(1) {
			t.Errorf("it says %v", e.Details)
		}
	}
	if n := r.readable(t, s.ID, 5); n != 1 {
		t.Errorf("the vault has %d versions", n)
	}
}

func TestRotate_OfAForeignOrUnknownSecret_IsNotFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	for _, id := range []secret.ID{s.ID, "", "x", "01890a5d-ac96-774b-bcce-b302099a8057"} {
		_, err := r.Rotate(t.Context(), r.globex, secret.RotateRequest{SecretID: id, Value: text("two")})
		testkit.Refused(t, err, fault.NotFound, "secretId")
		_, err = r.Reveal(t.Context(), r.globex, secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: id}})
		testkit.Refused(t, err, fault.NotFound, "secretId")
	}
	if got := r.reveal(t, s.ID, nil); got != "one" {
		t.Errorf("it is %s", got)
	}
}

func TestRotate_DeletedMeanwhile_IsNotFoundAndKeepsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	service := r.on(faulty{
		Vault: r.vault,
		add:   func() error { _, err := r.Delete(t.Context(), r.acme, s.ID, false); return err },
	})
	_, err := service.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("two")})
	testkit.Refused(t, err, fault.NotFound, "secretId")
	if n := r.readable(t, s.ID, 5); n != 1 {
		t.Errorf("the vault gives out %d versions", n)
	}
}

func TestRotate_WhenTheVaultFails_LeavesTheValueInUse(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	_, err := r.on(faulty{Vault: r.vault, add: fails}).
		Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("two")})
	testkit.Refused(t, err, fault.Unavailable, "")
	if got := r.reveal(t, s.ID, nil); got != "one" || r.events(t, "secret.rotated") != 0 {
		t.Errorf("it is %s", got)
	}
}

// TestReveal_OnAnotherReplica_IsNeverOlderThanWhatRotateReturned has two servers on one database.
func TestReveal_OnAnotherReplica_IsNeverOlderThanWhatRotateReturned(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	other := secret.NewService(r.Replica(t).Secrets(), r.vault, secret.Options{Keys: keys})
	s := r.create(t, "stripe", "1")
	var acknowledged atomic.Int64
	acknowledged.Store(1)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for acknowledged.Load() < 30 {
				least := acknowledged.Load()
				got, err := other.Reveal(t.Context(), r.acme,
					secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}})
				if err != nil {
					t.Error(err)
					return
				}
				shown, _, _ := got.Value.Open()
				if n, err := strconv.ParseInt(*shown, 10, 64); err != nil || n < least || n != int64(got.Version) {
					t.Errorf("revealed %s as version %d after %d was acknowledged", *shown, got.Version, least)
				}
			}
		})
	}
	for n := int64(2); n <= 30; n++ {
		if _, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{
			SecretID:  s.ID,
			Value:     text(strconv.FormatInt(n, 10)),
			IfVersion: new(int32(n - 1)),
		}); err != nil {
			t.Error(err)
		}
		acknowledged.Store(n)
	}
	all.Wait()
}

func TestReveal_WhenTheVaultFails_LeavesBothEvents(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	got, err := r.on(faulty{Vault: r.vault, access: fails}).
		Reveal(t.Context(), r.acme,
			secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}, Reason: "incident 7"})
	testkit.Refused(t, err, fault.Unavailable, "")
	if _, plain, _ := got.Value.Open(); plain != nil {
		t.Error("there is a value")
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event a, audit_event f WHERE a.action = 'secret.accessed'
		AND a.reason = 'incident 7' AND a.risk = 'HIGH'
		AND f.action = 'secret.access_failed' AND f.outcome = 'FAILED' AND f.details->>'eventId' = a.id::text
		AND f.target_label = 'stripe'`); n != 1 {
		t.Errorf("%d pairs of events", n)
	}
}

func TestReveal_OfAVersionThereIsNot_IsNotFoundAndNotOnRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	_, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("two")})
	testkit.Must(t, err)
	for _, v := range []int32{0, 3, -1} {
		_, err := r.Reveal(t.Context(), r.acme,
			secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID, Version: &v}})
		testkit.Refused(t, err, fault.NotFound, "version")
	}
	if got := r.reveal(t, s.ID, new(int32(1))); got != "one" || r.events(t, "secret.accessed") != 1 {
		t.Errorf("version 1 is %s, %d events", got, r.events(t, "secret.accessed"))
	}
}

func TestReveal_WithAReasonTooLong_IsInvalid(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	long := make([]byte, 1001)
	for i := range long {
		long[i] = 'r'
	}
	_, err := r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}, Reason: string(long)})
	testkit.Refused(t, err, fault.Invalid, "reason")
	_, err = r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}, Reason: string(long[:1000])})
	testkit.Must(t, err)
}
