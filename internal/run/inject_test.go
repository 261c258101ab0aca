package run_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/seal"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestInject_WhatTheConsumerReferences_OnlyTheRuntimeOpens(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(3)
	given, values := r.inject(r.request(first, ids[2], ids[0]))
	if diff := cmp.Diff([]string{"value 2", "value 0"}, values); diff != "" {
		t.Error(diff)
	}
	if s := given.Secrets[0]; s.SecretID != ids[2] || s.Name != "s2" || s.Version != 1 || s.Field != nil {
		t.Errorf("got %+v", s)
	}
	if left := time.Until(given.Lease.ExpiresAt); left < 59*time.Minute || left > 61*time.Minute {
		t.Errorf("it lives for %v", left)
	}
	stranger, _ := r.newRuntime(r.acme)
	info := seal.Info{Purpose: seal.Lease, ID: given.Lease.ID.String(), SecretID: ids[2].String(), Version: 1}
	if _, err := seal.Open(stranger, info, given.Secrets[0].Sealed); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("another runtime got %v", err)
	}
	if bytes.Contains(given.Secrets[0].Sealed, []byte("value 2")) {
		t.Error("the answer holds a value in the clear")
	}
	if n := r.events("secret.injected"); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestInject_OnRecord_WithRunStepConsumerAndLease(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	given, _ := r.inject(r.request(first, r.some(1)...))
	var who, target, label, details string
	testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT actor_id, target_id, target_label, details::text
		FROM audit_event WHERE action = 'secret.injected'`).
		Scan(&who, &target, &label, &details))
	if who != r.acme.PrincipalID || target != given.Secrets[0].SecretID.String() || label != "s0" {
		t.Errorf("%s on %s %s", who, target, label)
	}
	for _, part := range []string{`"runId": "run-1"`, `"stepId": "step-1"`, `"consumerId": "wf-1"`,
		`"consumerKind": "WORKFLOW"`, `"version": 1`, given.Lease.ID.String(), r.runtime.String()} {
		if !strings.Contains(details, part) {
			t.Errorf("no %s in %s", part, details)
		}
	}
	var at *time.Time
	testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT last_injected_at FROM secret`).Scan(&at))
	if at == nil {
		t.Error("lastInjectedAt is empty")
	}
}

func TestInject_UnderALease_GivesThePinnedVersionsAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(2)
	given, _ := r.inject(r.request(first, ids[0]))
	r.rotate(ids[0], "rotated 0")
	r.rotate(ids[1], "rotated 1")
	again := r.request(second, ids...)
	again.LeaseID = &given.Lease.ID
	later, values := r.inject(again)
	if diff := cmp.Diff([]string{"value 0", "rotated 1"}, values); diff != "" {
		t.Error(diff)
	}
	if later.Lease != given.Lease {
		t.Errorf("the lease is %+v, was %+v", later.Lease, given.Lease)
	}
	r.rotate(ids[1], "rotated again")
	if _, values = r.inject(again); !slices.Equal(values, []string{"value 0", "rotated 1"}) {
		t.Errorf("newly named secrets are not pinned: %v", values)
	}
	if _, values = r.inject(r.request(first, ids...)); !slices.Equal(values, []string{"rotated 0", "rotated again"}) {
		t.Errorf("a new lease has %v", values)
	}
}

func TestInject_SecretsThatAreNotTheConsumers_AreForbiddenByName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(2)
	other := r.create("other", text("other"))
	_, err := r.Inject(t.Context(), r.acme, r.request(first, ids[0], other.ID))
	if at := wantKind(t, err, fault.Forbidden, "secretIds"); !slices.Equal(at.([]secret.ID), []secret.ID{other.ID}) {
		t.Errorf("it names %v", at)
	}
	q := r.request(first, ids...)
	q.Consumer.Kind = reference.Agent
	_, err = r.Inject(t.Context(), r.acme, q)
	wantKind(t, err, fault.Forbidden, "secretIds")
	if r.vault.reads.Load() != 0 || r.events("secret.injected") != 0 || r.events("secret.inject_refused") != 2 {
		t.Errorf("%d reads, %d events of injections, %d of refusals", r.vault.reads.Load(), r.events("secret.injected"),
			r.events("secret.inject_refused"))
	}
	var leases int
	testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT count(*) FROM lease`).Scan(&leases))
	if leases != 0 {
		t.Error("a refusal left a lease")
	}
}

func TestInject_WhatDoesNotExist_IsNotFoundByID(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(2)
	r.exec(`UPDATE secret SET state = 'DELETED', deleted_at = now(), purge_at = now() + interval '30 days'
		WHERE id = $1`, ids[1])
	foreign, err := r.secrets.Create(t.Context(), r.globex,
		secret.CreateRequest{Name: "foreign", Value: text("foreign")})
	testkit.Must(t, err)
	said := map[string]bool{}
	for name, id := range map[string]secret.ID{
		"deleted":   ids[1],
		"foreign":   foreign.ID,
		"unknown":   "01980000-0000-7000-8000-00000000dead",
		"malformed": "x",
	} {
		_, err := r.Inject(t.Context(), r.acme, r.request(first, ids[0], id))
		if at := wantKind(t, err, fault.NotFound, "missing"); !slices.Equal(at.([]secret.ID), []secret.ID{id}) {
			t.Errorf("%s: it names %v", name, at)
		}
		said[err.Error()] = true
	}
	if len(said) != 1 || r.vault.reads.Load() != 0 {
		t.Errorf("said %v after %d reads", said, r.vault.reads.Load())
	}
	for _, id := range []run.KeyID{"01980000-0000-7000-8000-00000000dead", "x",
		func() run.KeyID { _, id := r.newRuntime(r.globex); return id }()} {
		q := r.request(first, ids[0])
		q.RuntimeKeyID = id
		_, err := r.Inject(t.Context(), r.acme, q)
		if at := wantKind(t, err, fault.NotFound, "field"); at != "runtimeKeyId" {
			t.Errorf("it names %v", at)
		}
	}
}

func TestInject_LeaseOfAnotherKeyRunOrConsumer_IsUnknown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	given, _ := r.inject(r.request(first, ids...))
	agent := reference.Consumer{Kind: reference.Agent, ExternalID: "wf-1", Name: "Agent"}
	_, err := r.references.Set(t.Context(), r.acme, agent, ids)
	testkit.Must(t, err)
	colleague := r.acme
	colleague.PrincipalID = "another key"
	for name, test := range map[string]struct {
		who    authz.Actor
		change func(*run.InjectRequest)
	}{
		"another key":      {colleague, func(*run.InjectRequest) {}},
		"another run":      {r.acme, func(q *run.InjectRequest) { q.Run.RunID = "run-2" }},
		"another consumer": {r.acme, func(q *run.InjectRequest) { q.Consumer.Kind = reference.Agent }},
		"an unknown lease": {r.acme,
			func(q *run.InjectRequest) { q.LeaseID = new(run.LeaseID("01980000-0000-7000-8000-00000000dead")) }},
		"a malformed one": {r.acme, func(q *run.InjectRequest) { q.LeaseID = new(run.LeaseID("x")) }},
	} {
		q := r.request(second, ids...)
		q.LeaseID = &given.Lease.ID
		test.change(&q)
		_, err := r.Inject(t.Context(), test.who, q)
		if at := wantKind(t, err, fault.NotFound, "field"); at != "leaseId" {
			t.Errorf("%s: it names %v", name, at)
		}
	}
}

func TestInject_LeaseThatIsOver_IsAConflict(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	for _, over := range []string{`UPDATE lease SET ended_at = now()`,
		`UPDATE lease SET created_at = created_at - interval '1 day', expires_at = now()`} {
		given, _ := r.inject(r.request(first, ids...))
		r.exec(over)
		q := r.request(second, ids...)
		q.LeaseID = &given.Lease.ID
		_, err := r.Inject(t.Context(), r.acme, q)
		wantKind(t, err, fault.Conflict, "field")
	}
}

func TestInject_DestroyedVersion_IsRefusedAtOnceByEveryServer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	q := r.request(first, ids...)
	given, _ := r.inject(q)
	q.LeaseID = &given.Lease.ID
	other := r.on(r.Replica(r.t))
	_, err := other.Inject(t.Context(), r.acme, q) // both have the value in memory
	testkit.Must(t, err)
	r.rotate(ids[0], "rotated")
	r.exec(`UPDATE secret_version SET destroyed_at = now() WHERE version = 1`)
	for name, s := range map[string]*run.Service{"this server": r.Service, "another": other} {
		_, err := s.Inject(t.Context(), r.acme, q)
		if at := wantKind(t, err, fault.Conflict, "secretIds"); !slices.Equal(at.([]secret.ID), ids) {
			t.Errorf("%s names %v", name, at)
		}
	}
}

func TestInject_Invalid_NamesTheField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.some(1)[0]
	for field, change := range map[string]func(*run.InjectRequest){
		"runId":      func(q *run.InjectRequest) { q.Run.RunID = "" },
		"stepId":     func(q *run.InjectRequest) { q.Run.StepID = strings.Repeat("x", 129) },
		"externalId": func(q *run.InjectRequest) { q.Consumer.ExternalID = "ü" },
		"secrets":    func(q *run.InjectRequest) { q.Secrets = slices.Repeat(q.Secrets, 101) },
		"field":      func(q *run.InjectRequest) { q.Secrets[0].Field = new("") },
		"leaseFor":   func(q *run.InjectRequest) { q.LeaseFor = time.Minute - 1 },
	} {
		q := r.request(first, id)
		change(&q)
		_, err := r.Inject(t.Context(), r.acme, q)
		if at := wantKind(t, err, fault.Invalid, "field"); at != field {
			t.Errorf("%s: it names %v", field, at)
		}
	}
	q := r.request(first)
	_, err := r.Inject(t.Context(), r.acme, q)
	wantKind(t, err, fault.Invalid, "field")
	q = r.request(first, id)
	q.LeaseFor = 24*time.Hour + 1
	_, err = r.Inject(t.Context(), r.acme, q)
	wantKind(t, err, fault.Invalid, "field")
	r.inject(r.request(first, slices.Repeat([]secret.ID{id}, 100)...))
}

// TestInject_OfAVersionDestroyedOnceItWasPinned_IsAConflict has a version that is there when it is pinned, and is not
// when it is read.
func TestInject_OfAVersionDestroyedOnceItWasPinned_IsAConflict(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	testkit.Must(t, r.vault.Destroy(t.Context(), secret.Place{Region: r.acme.Region, ID: ids[0]}, 1))
	_, err := r.Inject(t.Context(), r.acme, r.request(first, ids...))
	if at := wantKind(t, err, fault.Conflict, "secretIds"); !slices.Equal(at.([]secret.ID), ids) {
		t.Errorf("it names %v", at)
	}
	if r.events("secret.inject_failed") != 1 {
		t.Error("that nothing was read is not on record")
	}
}
