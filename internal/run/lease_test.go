package run_test

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestEnd_EndsALease_AndMayBeRepeated(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	given, _ := r.inject(r.request(first, ids...))
	for range 3 {
		testkit.Must(t, r.End(t.Context(), r.acme, r.proof(given)))
	}
	if n := r.events("run.lease_ended"); n != 1 {
		t.Errorf("%d events", n)
	}
	q := r.request(second, ids...)
	q.LeaseID = &given.Lease.ID
	_, err := r.Inject(t.Context(), r.acme, q)
	wantKind(t, err, fault.Conflict, "field")
}

func TestEnd_EachTokenOfALease_IsGood(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	q := r.request(first, r.some(1)...)
	one, _ := r.inject(q)
	q.LeaseID = &one.Lease.ID
	two, _ := r.inject(q)
	if a, b := r.proof(one).Token, r.proof(two).Token; bytes.Equal(a.Open(), b.Open()) {
		t.Error("two injections have one token")
	}
	testkit.Must(t, r.End(t.Context(), r.acme, r.proof(one)))
	testkit.Must(t, r.End(t.Context(), r.acme, r.proof(two)))
}

// wrong are proofs that hold nothing, as good as one can make them with an API key alone.
func (r *rig) wrong(given, other run.Injection) map[string]run.Proof {
	b64 := func(b []byte) secret.Value { return secret.NewValue([]byte(base64.StdEncoding.EncodeToString(b))) }
	good := r.proof(given)
	return map[string]run.Proof{
		"no token":             {LeaseID: given.Lease.ID},
		"a guess":              {LeaseID: given.Lease.ID, Token: b64(make([]byte, 32))},
		"the sealed token":     {LeaseID: given.Lease.ID, Token: b64(given.SealedToken)},
		"half of it":           {LeaseID: given.Lease.ID, Token: b64(given.SealedToken[:32])},
		"another lease's":      {LeaseID: given.Lease.ID, Token: r.proof(other).Token},
		"no base64":            {LeaseID: given.Lease.ID, Token: secret.NewValue([]byte("hunter2"))},
		"long":                 {LeaseID: given.Lease.ID, Token: secret.NewValue(bytes.Repeat([]byte("a"), 1<<16))},
		"of an unknown lease":  {LeaseID: "01980000-0000-7000-8000-00000000dead", Token: good.Token},
		"of a malformed lease": {LeaseID: "x", Token: good.Token},
	}
}

func TestEnd_WrongToken_IsLikeAnUnknownLease_AndOnRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	given, _ := r.inject(r.request(first, ids...))
	other, _ := r.inject(r.request(first, ids...))
	said := map[string]bool{}
	for name, p := range r.wrong(given, other) {
		err := r.End(t.Context(), r.acme, p)
		if wantKind(t, err, fault.NotFound, "field"); err != nil {
			said[err.Error()] = true
		}
		if len(said) != 1 {
			t.Errorf("%s can be told apart: %v", name, said)
		}
	}
	for _, a := range r.strangers() {
		wantKind(t, r.End(t.Context(), a, r.proof(given)), fault.NotFound, "field")
	}
	if n, want := r.events("run.lease_refused"), len(r.wrong(given, other))+2; n != want {
		t.Errorf("%d refusals are on record, want %d", n, want)
	}
	testkit.Must(t, r.End(t.Context(), r.acme, r.proof(given)))
}

func TestEnd_TooManyWrongTokens_AreNotRecordedAnyMore_AndDoNotKeepTheRightOneOut(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	given, _ := r.inject(r.request(first, r.some(1)...))
	for i := range run.MaxRefusals + 3 {
		err := r.End(t.Context(), r.acme, run.Proof{LeaseID: given.Lease.ID})
		if i < run.MaxRefusals {
			wantKind(t, err, fault.NotFound, "field")
			continue
		}
		if wait, _ := wantKind(t, err, fault.RateLimited, "retryAfterSeconds").(int); wait < 3500 || wait > 3600 {
			t.Errorf("it says to wait for %d s", wait)
		}
	}
	if n := r.events("run.lease_refused"); n != run.MaxRefusals {
		t.Errorf("%d refusals are on record", n)
	}
	testkit.Must(t, r.End(t.Context(), r.acme, r.proof(given)))
}

func TestAddKey_KeysThatAnybodyCouldOpen_AreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, public := range map[string][]byte{
		"zero":      make([]byte, 32),
		"low order": append([]byte{1}, make([]byte, 31)...),
		"short":     make([]byte, 31),
		"none":      nil,
	} {
		_, err := r.AddKey(t.Context(), r.acme, "runtime", public)
		if at := wantKind(t, err, fault.Invalid, "field"); at != "publicKey" {
			t.Errorf("%s: it names %v", name, at)
		}
	}
	_, err := r.AddKey(t.Context(), r.acme, "", bytes.Repeat([]byte{9}, 32))
	wantKind(t, err, fault.Invalid, "field")
	if n := r.events("runtime_key.added"); n != 1 {
		t.Errorf("%d keys are on record beside the rig's", n-1)
	}
}

func TestRemoveKey_SealsNothingMore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	found, err := r.FindKeys(t.Context(), r.acme, []run.KeyID{r.runtime, "x"})
	testkit.Must(t, err)
	if len(found) != 1 {
		t.Fatalf("%d keys", len(found))
	}
	_, err = r.AddKey(t.Context(), r.acme, "again", found[0].PublicKey)
	if at := wantKind(t, err, fault.Conflict, "field"); at != "publicKey" {
		t.Errorf("it names %v", at)
	}
	_, err = r.AddKey(t.Context(), r.globex, "elsewhere", found[0].PublicKey)
	testkit.Must(t, err)
	wantKind(t, r.RemoveKey(t.Context(), r.globex, r.runtime), fault.NotFound, "field")
	given, _ := r.inject(r.request(first, ids...))
	testkit.Must(t, r.RemoveKey(t.Context(), r.acme, r.runtime))
	_, err = r.Inject(t.Context(), r.acme, r.request(first, ids...))
	wantKind(t, err, fault.NotFound, "field")
	wantKind(t, r.RemoveKey(t.Context(), r.acme, r.runtime), fault.NotFound, "field")
	testkit.Must(t, r.End(t.Context(), r.acme, r.proof(given))) // what was sealed to it before is good still
	all, err := r.ListKeys(t.Context(), r.acme, page.Request{First: 10})
	testkit.Must(t, err)
	if len(all.Items) != 0 || r.events("runtime_key.removed") != 1 {
		t.Errorf("%d keys, %d events", len(all.Items), r.events("runtime_key.removed"))
	}
}
