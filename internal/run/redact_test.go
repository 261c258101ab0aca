package run_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestRedact_EverySecretOfTheLease_GoesByItsName(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.create("stripe/key", text("sk_live_1234567890")), r.create("db", text("correct horse"))
	r.refer(one.ID, two.ID)
	given, _ := r.inject(r.request(first, one.ID, two.ID))
	r.rotate(one.ID, "sk_live_0987654321") // the lease has the first version still
	encoded := base64.StdEncoding.EncodeToString([]byte("sk_live_1234567890"))
	output := "key=sk_live_1234567890\nAuthorization: Basic " + encoded + "\nhex " +
		hex.EncodeToString([]byte("correct horse")) + "\xff\x00 done"
	got, err := r.Redact(t.Context(), r.acme, r.proof(given), []byte(output))
	testkit.Must(t, err)
	if want := "key=[secret:stripe/key@v1]\nAuthorization: Basic [secret:stripe/key@v1]\nhex [secret:db@v1]\xff\x00 " +
		"done"; string(got.Output) != want {
		t.Errorf("got %q, want %q", got.Output, want)
	}
	if fmt.Sprint(got.Counts) != fmt.Sprintf("[{%s stripe/key 1 2} {%s db 1 1}]", one.ID, two.ID) {
		t.Errorf("it counts %v", got.Counts)
	}
	var details string
	testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT details::text FROM audit_event
		WHERE action = 'run.output_redacted' AND outcome = 'ALLOWED' AND target_id = $1`,
		given.Lease.ID.String()).Scan(&details))
	if !strings.Contains(details, `"count": 2`) || !strings.Contains(details, one.ID.String()) ||
		strings.Contains(details, "sk_live") {
		t.Errorf("on record is %s", details)
	}
}

func TestRedact_Warm_GoesOnWhileTheVaultIsDown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	given, _ := r.inject(r.request(first, r.some(3)...))
	r.vault.isDown.Store(true)
	got, err := r.Redact(t.Context(), r.acme, r.proof(given), []byte("value 2"))
	testkit.Must(t, err)
	if string(got.Output) != "[secret:s2@v1]" || r.vault.reads.Load() != 3 {
		t.Errorf("got %q after %d readings", got.Output, r.vault.reads.Load())
	}
	cold := r.on(r.DB)
	if got, err := cold.Redact(t.Context(), r.acme, r.proof(given), []byte("value 2")); !fault.Is(err,
		fault.Unavailable) || got.Output != nil {
		t.Errorf("another server passed on %q, %v", got.Output, err)
	}
}

func TestRedact_VersionThatCanNoLongerBeRead_PassesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(2)
	// In this order: what is deleted first is there for no later injection.
	for _, test := range []struct{ name, gone string }{
		{"destroyed", `UPDATE secret_version SET destroyed_at = now() WHERE secret_id = $1`},
		{"no more", `DELETE FROM secret_version WHERE secret_id = $1`},
	} {
		given, _ := r.inject(r.request(first, ids...))
		r.exec(test.gone, ids[1])
		got, err := r.Redact(t.Context(), r.acme, r.proof(given), []byte("value 0"))
		if at := wantKind(t, err, fault.Conflict, "secretIds"); !slices.Equal(at.([]secret.ID), ids[1:]) ||
			got.Output != nil {
			t.Errorf("%s: it names %v and passes %q", test.name, at, got.Output)
		}
		r.exec(`UPDATE secret_version SET destroyed_at = NULL`)
	}
	var failed int
	testkit.Must(t, r.Super.QueryRowContext(t.Context(), `SELECT count(*) FROM audit_event
		WHERE action = 'run.output_redacted' AND outcome = 'FAILED'`).Scan(&failed))
	if failed != 2 {
		t.Errorf("%d failures are on record", failed)
	}
}

func TestRedact_DeletedSecret_IsRedactedStill(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	given, _ := r.inject(r.request(first, ids...))
	r.exec(`UPDATE secret SET state = 'DELETED', deleted_at = now(), purge_at = now() + interval '30 days'`)
	got, err := r.Redact(t.Context(), r.acme, r.proof(given), []byte("it was value 0."))
	testkit.Must(t, err)
	if string(got.Output) != "it was [secret:s0@v1]." {
		t.Errorf("got %q", got.Output)
	}
}

// TestRedact_WithoutTheToken_ConfirmsNoGuess has a stolen API key, which knows the lease and whatever it guesses, and
// not the runtime's private key.
func TestRedact_WithoutTheToken_ConfirmsNoGuess(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ids := r.some(1)
	given, _ := r.inject(r.request(first, ids...))
	other, _ := r.inject(r.request(first, ids...))
	reads := r.vault.reads.Load()
	said := map[string]bool{}
	for name, p := range r.wrong(given, other) {
		for _, guess := range []string{"value 0", "value 1"} {
			got, err := r.Redact(t.Context(), r.acme, p, []byte(guess))
			wantKind(t, err, fault.NotFound, "field")
			if said[err.Error()] = true; len(said) != 1 || got.Output != nil || got.Counts != nil {
				t.Errorf("%s: %q, %v", name, got.Output, said)
			}
		}
	}
	for _, a := range r.strangers() {
		_, err := r.Redact(t.Context(), a, r.proof(given), []byte("value 0"))
		wantKind(t, err, fault.NotFound, "field")
	}
	if r.vault.reads.Load() != reads || r.events("run.output_redacted") != 0 {
		t.Error("a value was read for whoever holds no token")
	}
}

func TestRedact_LeaseThatIsOver_IsAConflict(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	given, _ := r.inject(r.request(first, r.some(1)...))
	testkit.Must(t, r.End(t.Context(), r.acme, r.proof(given)))
	_, err := r.Redact(t.Context(), r.acme, r.proof(given), nil)
	wantKind(t, err, fault.Conflict, "field")
}

func TestRedact_Sizes_AtTheLimitAndPastIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	given, _ := r.inject(r.request(first, r.some(1)...))
	output := bytes.Repeat([]byte{'x'}, run.MaxOutput)
	got, err := r.Redact(t.Context(), r.acme, r.proof(given), output)
	testkit.Must(t, err)
	if !bytes.Equal(got.Output, output) || len(got.Counts) != 0 {
		t.Errorf("%d bytes became %d", len(output), len(got.Output))
	}
	_, err = r.Redact(t.Context(), r.acme, r.proof(given), append(output, 'x'))
	if at := wantKind(t, err, fault.Invalid, "field"); at != "output" {
		t.Errorf("it names %v", at)
	}
	got, err = r.Redact(t.Context(), r.acme, r.proof(given), nil)
	testkit.Must(t, err)
	if len(got.Output) != 0 {
		t.Errorf("nothing became %q", got.Output)
	}
}
