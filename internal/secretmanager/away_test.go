package secretmanager_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	emulator "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestVault_SecretManagerAway_IsRefusedAtOnceUntilItIsBack(t *testing.T) {
	t.Parallel()
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	testkit.Must(t, nobody.Close())
	v := open(t, secretmanager.Options{
		Endpoint:  nobody.Addr().String(),
		Bearer:    token,
		Locations: map[string]string{"eu": "europe-west1"},
	})
	var log bytes.Buffer
	v.LogOutages(slog.New(slog.NewTextHandler(&log, nil)))
	p := somewhere()
	for said, until := "", time.Now().Add(time.Minute); !strings.Contains(said, "Try again in 2 seconds."); {
		var f *fault.Error
		if _, err := v.Access(t.Context(), p, 1); !errors.As(err, &f) || f.Kind != fault.Unavailable {
			t.Fatal(err)
		}
		if said = f.Say; time.Now().After(until) {
			t.Fatalf("it says %q", said)
		}
	}
	emulate(t, emulator.Options{Listen: nobody.Addr().String()})
	for until := time.Now().Add(time.Minute); v.Create(t.Context(), p) != nil; {
		if time.Now().After(until) {
			t.Fatal("Secret Manager that is back is not asked")
		}
	}
	if text := log.String(); strings.Count(text, "Secret Manager in europe-west1 is away") != 1 ||
		strings.Count(text, "Secret Manager in europe-west1 is back") != 1 {
		t.Errorf("the log says %s", text)
	}
}

// TestVault_SecretManagerRefuses_IsAskedAgain holds that what Secret Manager refuses is no outage.
func TestVault_SecretManagerRefuses_IsAskedAgain(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: "wrong"})
	for began := time.Now(); time.Since(began) < 1500*time.Millisecond; {
		_, err := v.Access(t.Context(), somewhere(), 1)
		if f := testkit.Refused(t, err, fault.Unavailable, ""); !strings.HasPrefix(f.Say, "Secret Manager refused") {
			t.Fatalf("it says %q", f.Say)
		}
	}
}
