package idempotency_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/testkit"
)

// rig is a database and the service on it. What its calls do is put an event on record.
type rig struct {
	*idempotency.Service
	t *testing.T
	*testkit.Database
	actor authz.Actor
	mu    sync.Mutex
	runs  []idempotency.Claim
}

func newRig(t *testing.T) *rig {
	t.Helper()
	d := testkit.NewDatabase(t)
	return &rig{
		Service:  idempotency.NewService(d.DB.Idempotency(), [][]byte{[]byte("a server key of thirty-two bytes.")}),
		Database: d,
		t:        t,
		actor:    d.Workspace(t, "acme"),
	}
}

// effect puts the one event on record, as a mutation does, and answers its target.
func (r *rig) effect(ctx context.Context, c idempotency.Claim) (string, error) {
	r.mu.Lock()
	r.runs = append(r.runs, c)
	r.mu.Unlock()
	e := audit.Record(r.actor, audit.DatastoreCreated).Named(c.EventID).On("datastore", c.TargetID, "d").
		With("version", 7)
	return c.TargetID, r.DB.Record(ctx, e)
}

func fails(err error) func(context.Context, idempotency.Claim) (string, error) {
	return func(context.Context, idempotency.Claim) (string, error) { return "", err }
}

// do sends a call with a key and an input, and says what came of it and whether it was a repeated one.
func (r *rig) do(
	ctx context.Context, key, input string, run func(context.Context, idempotency.Claim) (string, error),
) (target string, again bool, err error) {
	call := idempotency.Call{Mutation: "createDatastore", Key: &key, Input: input}
	target, err = idempotency.Do(ctx, r.Service, r.actor, call, run,
		func(_ context.Context, done idempotency.Result) (string, error) {
			if again = true; done.Version != 7 {
				r.t.Errorf("it made version %d", done.Version)
			}
			return done.TargetID, nil
		})
	return target, again, err
}

func (r *rig) exec(query string) {
	r.t.Helper()
	_, err := r.Super.ExecContext(r.t.Context(), query)
	testkit.Must(r.t, err)
}

func (r *rig) events() (n int) {
	r.t.Helper()
	testkit.Must(r.t, r.Super.QueryRowContext(r.t.Context(), `SELECT count(*) FROM audit_event
		WHERE action = 'datastore.created'`).Scan(&n))
	return n
}

func TestDo_Again_AnswersWhatItMadeFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, again, err := r.do(t.Context(), "k", "input", r.effect)
	if testkit.Must(t, err); again || first == "" {
		t.Fatalf("the first call answers %q, again %t", first, again)
	}
	second, again, err := r.do(t.Context(), "k", "input", r.effect)
	if testkit.Must(t, err); !again || second != first || r.events() != 1 {
		t.Errorf("the second answers %q, again %t, after %d events", second, again, r.events())
	}
	_, _, err = r.do(t.Context(), "k", "another", r.effect)
	if !fault.Is(err, fault.IdempotencyMismatch) || r.events() != 1 {
		t.Errorf("another input: %v", err)
	}
}

// TestDo_AnotherServerKeyFirst_AnswersWhatItMadeFirst sends a call again to servers whose keys are being changed, and
// to one that has the next key only.
func TestDo_AnotherServerKeyFirst_AnswersWhatItMadeFirst(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before, next := []byte("a server key of thirty-two bytes."), []byte("the next key, of thirty-two bytes.")
	hashed := func(input string) idempotency.Keyed {
		return func(key []byte) any { return string(key) + input }
	}
	send := func(key, input string, keys ...[]byte) (string, error) {
		call := idempotency.Call{Mutation: "createDatastore", Key: &key, Input: hashed(input)}
		return idempotency.Do(t.Context(), idempotency.NewService(r.DB.Idempotency(), keys), r.actor, call, r.effect,
			func(_ context.Context, done idempotency.Result) (string, error) { return done.TargetID, nil })
	}
	for name, keys := range map[string][2][][]byte{
		"it is accepted":  {{before}, {before, next}},
		"it is the first": {{before, next}, {next, before}},
		"it makes them":   {{next, before}, {before, next}},
		"it is alone":     {{next, before}, {next}},
		"at once":         {{before}, {next, before}},
	} {
		first, err := send(name, "input", keys[0]...)
		testkit.Must(t, err)
		again, err := send(name, "input", keys[1]...)
		if err != nil || again != first {
			t.Errorf("%s: it answers %q and then %q, %v", name, first, again, err)
		}
		if _, err := send(name, "another", keys[1]...); !fault.Is(err, fault.IdempotencyMismatch) {
			t.Errorf("%s: another input: %v", name, err)
		}
	}
	_, err := send("gone", "input", before)
	testkit.Must(t, err)
	if _, err := send("gone", "input", next); !fault.Is(err, fault.IdempotencyMismatch) {
		t.Errorf("by a key that is accepted no more: %v", err)
	}
}

// TestWorkspaceID_ClaimedByAnotherKey_IsThat finds the workspace that a call has begun to make before the keys changed.
func TestWorkspaceID_ClaimedByAnotherKey_IsThat(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	before, next := []byte("one"), []byte("two")
	id := func(key string, keys ...[]byte) authz.WorkspaceID {
		id, err := idempotency.NewService(r.DB.Idempotency(), keys).WorkspaceID(t.Context(), r.actor, key)
		testkit.Must(t, err)
		return id
	}
	claimed := id("claimed", before)
	_, err := r.DB.Idempotency().Claim(t.Context(), idempotency.Name{
		Workspace: claimed,
		Mutation:  idempotency.CreateWorkspace,
		Key:       "claimed",
	}, idempotency.Claim{EventID: ident.New[audit.Event](), TargetID: string(claimed)}, make([]byte, 32))
	testkit.Must(t, err)
	if got := id("claimed", next, before); got != claimed {
		t.Errorf("it is %s, not %s", got, claimed)
	}
	if got := id("another", next, before); got != id("another", next) {
		t.Errorf("a call that nobody has claimed has the id %s", got)
	}
}

func TestDo_WithoutAKey_CountsEachTime(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 2 {
		_, err := idempotency.Do(t.Context(), r.Service, r.actor, idempotency.Call{Mutation: "createDatastore"},
			r.effect, nil)
		testkit.Must(t, err)
	}
	if r.events() != 2 || r.runs[0].Shared || r.runs[0].EventID == r.runs[1].EventID {
		t.Errorf("%d events of %+v", r.events(), r.runs)
	}
}

func TestDo_OfAnotherPrincipalOrMutation_IsAnotherCall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	key := "k"
	for _, mutation := range []string{"createDatastore", "createSecret"} {
		for _, who := range []string{"alice", "bob"} {
			a := r.actor
			a.PrincipalID = who
			_, err := idempotency.Do(t.Context(), r.Service, a, idempotency.Call{Mutation: mutation, Key: &key},
				r.effect, nil)
			testkit.Must(t, err)
		}
	}
	if r.events() != 4 {
		t.Errorf("%d events", r.events())
	}
}

func TestDo_AfterADefiniteFailure_TakesAnotherInput(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	taken := fault.New(fault.Conflict, "The name is taken.")
	if _, _, err := r.do(t.Context(), "k", "input", fails(taken)); !errors.Is(err, taken) {
		t.Fatalf("got %v", err)
	}
	if _, again, err := r.do(t.Context(), "k", "another", r.effect); err != nil || again || r.events() != 1 {
		t.Errorf("again %t, %v", again, err)
	}
}

func TestDo_AfterAFailureThatMayHaveHadAnEffect_GoesOnWithTheSameIDs(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"unavailable":           fault.New(fault.Unavailable, "It is down."),
		"a fault of the server": io.ErrUnexpectedEOF,
		"cancelled":             context.Canceled,
	} {
		r := newRig(t)
		var first idempotency.Claim
		_, _, err := r.do(t.Context(), "k", "input", func(_ context.Context, c idempotency.Claim) (string, error) {
			first = c
			return "", failure
		})
		if !errors.Is(err, failure) {
			t.Errorf("%s: got %v", name, err)
		}
		if _, _, err := r.do(t.Context(), "k", "another", r.effect); !fault.Is(err, fault.IdempotencyMismatch) {
			t.Errorf("%s, another input: %v", name, err)
		}
		if target, again, err := r.do(t.Context(), "k", "input", r.effect); err != nil || again ||
			target != first.TargetID || r.runs[0] != first || !first.Shared {
			t.Errorf("%s: the next attempt answers %q with %+v, not %+v; %v", name, target, r.runs, first, err)
		}
	}
}

// TestDo_WhenTheEffectIsThereAllTheSame_AnswersIt is a commit whose confirmation was lost.
func TestDo_WhenTheEffectIsThereAllTheSame_AnswersIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var made string
	target, again, err := r.do(t.Context(), "k", "input",
		func(ctx context.Context, c idempotency.Claim) (string, error) {
			var err error
			made, err = r.effect(ctx, c)
			return "", errors.Join(err, fault.New(fault.Unavailable, "The database did not confirm."))
		})
	if testkit.Must(t, err); target != made || !again || r.events() != 1 {
		t.Errorf("it answers %q, made %q", target, made)
	}
}

// TestDo_ACrashedAttempt_IsTakenOverAfterAWhile has an attempt that never ends.
func TestDo_ACrashedAttempt_IsTakenOverAfterAWhile(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	crashed := func(ctx context.Context, c idempotency.Claim) (string, error) {
		r.runs = append(r.runs, c)
		panic("kill -9")
	}
	func() {
		defer func() { _ = recover() }()
		_, _, _ = r.do(t.Context(), "k", "input", crashed)
	}()
	soon, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	if _, _, err := r.do(soon, "k", "input", r.effect); !fault.Is(err, fault.Unavailable) || r.events() != 0 {
		t.Errorf("while the claim is young: %v", err)
	}
	r.exec(`UPDATE idempotency_claim SET attempted_at = now() - interval '16 seconds'`)
	if target, again, err := r.do(t.Context(), "k", "input", r.effect); err != nil || again ||
		target != r.runs[0].TargetID || r.events() != 1 {
		t.Errorf("it answers %q, again %t, %v", target, again, err)
	}
}

// TestDo_TwoAttemptsThatOverlap_HaveOneEffect lets a slow attempt go on after it was taken over: the log holds its
// event once.
func TestDo_TwoAttemptsThatOverlap_HaveOneEffect(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var fast string
	slow, again, err := r.do(t.Context(), "k", "input", func(ctx context.Context, c idempotency.Claim) (string, error) {
		r.exec(`UPDATE idempotency_claim SET attempted_at = now() - interval '16 seconds'`)
		var err error
		fast, _, err = r.do(ctx, "k", "input", r.effect)
		testkit.Must(t, err)
		return r.effect(ctx, c)
	})
	if testkit.Must(t, err); slow != fast || !again || r.events() != 1 {
		t.Errorf("the slow one answers %q, the fast one %q, %d events", slow, fast, r.events())
	}
}

func TestDo_ManyAtOnce_WaitForTheOne(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var all sync.WaitGroup
	targets := make([]string, 50)
	for i := range targets {
		all.Go(func() {
			key := "k"
			var err error
			targets[i], err = idempotency.Do(t.Context(), r.Service, r.actor,
				idempotency.Call{Mutation: "m", Key: &key}, r.effect,
				func(_ context.Context, done idempotency.Result) (string, error) { return done.TargetID, nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, target := range targets {
		if target != targets[0] || len(r.runs) != 1 {
			t.Fatalf("%q and %q after %d runs", target, targets[0], len(r.runs))
		}
	}
}

func TestDo_AfterADay_TheKeyIsFreeAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, _, err := r.do(t.Context(), "k", "input", r.effect)
	testkit.Must(t, err)
	r.exec(`UPDATE idempotency_claim SET first_claimed_at = now() - interval '24 hours 1 second'`)
	if target, again, err := r.do(t.Context(), "k", "another", r.effect); err != nil || again || target == first {
		t.Errorf("it answers %q, again %t, %v", target, again, err)
	}
}

func TestDo_WithABadKey_NamesIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, bad := range []string{"", strings.Repeat("k", 129), "a\nb", "ü", "a\x00"} {
		_, _, err := r.do(t.Context(), bad, "input", r.effect)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Details["field"] != "idempotencyKey" {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, _, err := r.do(t.Context(), strings.Repeat("k", 128), "input", r.effect); err != nil {
		t.Errorf("the longest key: %v", err)
	}
}

func TestClaims_HoldNothingOfTheInput(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, _, err := r.do(t.Context(), "k", "a telling input", r.effect)
	testkit.Must(t, err)
	var n int
	testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT count(*) FROM idempotency_claim c
		WHERE c::text LIKE '%telling%' OR mark = sha256('"a telling input"')`).Scan(&n))
	if n != 0 {
		t.Error("the input can be told from what is kept")
	}
}
