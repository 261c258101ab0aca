package run_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// stuck is a vault that does not answer for some secrets until the test ends.
type stuck struct {
	secret.Vault
	asked chan secret.ID
	free  chan struct{}
	of    map[secret.ID]bool
}

func (s stuck) Access(ctx context.Context, p secret.Place, n secret.Number) (secret.Value, error) {
	if s.of[p.ID] {
		s.asked <- p.ID
		select {
		case <-s.free:
		case <-ctx.Done():
			return secret.Value{}, ctx.Err()
		}
	}
	return s.Vault.Access(ctx, p, n)
}

// besieged is a service of which acme has as many redactions under way as it may have; each waits for the vault.
// Another one waits for so long.
func besieged(t *testing.T, wait time.Duration) (r *rig, s *run.Service, given []run.Injection) {
	t.Helper()
	r = newRig(t)
	v := stuck{Vault: r.vault, asked: make(chan secret.ID), free: make(chan struct{}), of: map[secret.ID]bool{}}
	s = run.NewService(r.DB.Runs(), r.DB.RuntimeKeys(), v, server, time.Now)
	s.WaitForShare(wait)
	ids := r.some(6)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	for i, id := range ids {
		one, _ := r.inject(r.request(first, id))
		given = append(given, one)
		if v.of[id] = true; i >= 4 {
			continue
		}
		p := r.proof(one)
		go func() {
			_, err := s.Redact(ctx, r.acme, p, []byte("value"))
			done <- err
		}()
		<-v.asked
	}
	t.Cleanup(func() {
		cancel()
		for range 4 {
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("cut off: %v", err)
			}
		}
	})
	return r, s, given
}

func TestRedact_OneWorkspaceWaits_AnotherIsServed(t *testing.T) {
	t.Parallel()
	r, s, _ := besieged(t, time.Hour)
	mine := r.acme
	r.acme, r.private = r.globex, nil
	r.private, r.runtime = r.newRuntime(r.globex)
	given, _ := r.inject(r.request(first, r.some(1)...))
	got, err := s.Redact(t.Context(), r.globex, r.proof(given), []byte("it was value 0"))
	testkit.Must(t, err)
	if string(got.Output) != "it was [secret:s0@v1]" {
		t.Errorf("got %q", got.Output)
	}
	r.acme = mine
}

func TestRedact_TooMuchOfOneWorkspace_IsRateLimited(t *testing.T) {
	t.Parallel()
	r, s, given := besieged(t, time.Millisecond)
	_, err := s.Redact(t.Context(), r.acme, r.proof(given[4]), []byte("value 4"))
	if wait := wantKind(t, err, fault.RateLimited, "retryAfterSeconds"); wait != 2 {
		t.Errorf("it says to wait %v", wait)
	}
}

func TestRedact_CallerWhoLeaves_WaitsNoMore(t *testing.T) {
	t.Parallel()
	r, s, given := besieged(t, time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Millisecond, cancel)
	if _, err := s.Redact(ctx, r.acme, r.proof(given[5]), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("whoever leaves gets %v", err)
	}
}

func TestRedact_SameLeaseAgain_UsesWhatIsKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(2)
	given, _ := r.inject(r.request(first, ids[0]))
	redacts := func(text, want string) {
		t.Helper()
		got, err := r.Redact(t.Context(), r.acme, r.proof(given), []byte(text))
		testkit.Must(t, err)
		if string(got.Output) != want {
			t.Errorf("%q became %q", text, got.Output)
		}
	}
	redacts("value 0 value 1", "[secret:s0@v1] value 1")
	one := r.KeptSets()
	redacts("value 0", "[secret:s0@v1]")
	if one == 0 || r.KeptSets() != one {
		t.Errorf("%d bytes are kept, then %d", one, r.KeptSets())
	}
	q := r.request(second, ids[1])
	q.LeaseID = &given.Lease.ID
	r.inject(q)
	redacts("value 0 value 1", "[secret:s0@v1] [secret:s1@v1]")
	r.exec(`UPDATE secret SET name = 'renamed' WHERE id = $1`, ids[0])
	redacts("value 0", "[secret:renamed@v1]")
	if r.KeptSets() >= 2*one {
		t.Errorf("%d bytes are kept of one lease, of which one secret took %d", r.KeptSets(), one)
	}
	testkit.Must(t, r.End(t.Context(), r.acme, r.proof(given)))
	if r.KeptSets() != 0 {
		t.Errorf("%d bytes are kept of a lease that has ended", r.KeptSets())
	}
}

func TestRedact_BeyondWhatIsKept_StillRedacts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.KeepSets(1)
	given, _ := r.inject(r.request(first, r.some(1)...))
	for range 2 {
		got, err := r.Redact(t.Context(), r.acme, r.proof(given), []byte("value 0"))
		testkit.Must(t, err)
		if string(got.Output) != "[secret:s0@v1]" || r.KeptSets() != 0 {
			t.Errorf("got %q, and %d bytes are kept", got.Output, r.KeptSets())
		}
	}
}

func TestRedact_LargestLease_IsKept(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := make([]secret.ID, run.MaxSecrets)
	for i := range ids {
		ids[i] = r.create(fmt.Sprintf("large-%d", i),
			text(strings.Repeat(fmt.Sprintf("a line of many, with its number %06d and more\n", i), 1365))).ID
	}
	r.refer(ids...)
	given, values := r.inject(r.request(first, ids...))
	got, err := r.Redact(t.Context(), r.acme, r.proof(given), []byte(values[99]+"."))
	testkit.Must(t, err)
	if !bytes.HasPrefix(got.Output, []byte("[secret:large-99@v1]")) || r.KeptSets() == 0 {
		t.Errorf("got %.60q, and %d bytes are kept", got.Output, r.KeptSets())
	}
	extra := r.create("extra", text("one more"))
	r.refer(extra.ID) // a consumer uses a hundred at once, but others later
	q := r.request(second, extra.ID)
	q.LeaseID = &given.Lease.ID
	_, err = r.Inject(t.Context(), r.acme, q)
	if at := wantKind(t, err, fault.Invalid, "field"); at != "secrets" {
		t.Errorf("it names %v", at)
	}
	if n := r.events("secret.injected"); n != run.MaxSecrets {
		t.Errorf("%d injections are on record", n)
	}
}
