package secretmanager_test

import (
	"os"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	emulator "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

func somewhere() secret.Place { return secret.Place{Region: "eu", ID: ident.New[secret.Secret]()} }

func add(t *testing.T, v secret.Vault, p secret.Place, plain string) secret.Number {
	t.Helper()
	n, err := v.Add(t.Context(), p, secret.NewValue([]byte(plain)))
	testkit.Must(t, err)
	return n
}

func wantValue(t *testing.T, v secret.Vault, p secret.Place, n secret.Number, want string) {
	t.Helper()
	got, err := v.Access(t.Context(), p, n)
	testkit.Must(t, err)
	if string(got.Open()) != want {
		t.Fatalf("version %d differs from what was added", n)
	}
}

// conform checks what the port promises, on whatever keeps the values.
func conform(t *testing.T, v secret.Vault) {
	p := somewhere()
	t.Cleanup(func() { _ = v.Delete(t.Context(), p) })
	_, err := v.Add(t.Context(), p, secret.NewValue([]byte("early")))
	testkit.Refused(t, err, fault.NotFound, "")
	testkit.Must(t, v.Create(t.Context(), p))
	testkit.Must(t, v.Create(t.Context(), p))
	one, two := add(t, v, p, "one\x00\xff"), add(t, v, p, strings.Repeat("2", 64<<10))
	if one != 1 || two != 2 {
		t.Fatalf("numbers are %d and %d", one, two)
	}
	wantValue(t, v, p, one, "one\x00\xff")
	wantValue(t, v, p, two, strings.Repeat("2", 64<<10))
	_, err = v.Access(t.Context(), p, 3)
	testkit.Refused(t, err, fault.NotFound, "")
	testkit.Must(t, v.Destroy(t.Context(), p, one))
	testkit.Must(t, v.Destroy(t.Context(), p, one))
	testkit.Refused(t, v.Destroy(t.Context(), p, 3), fault.NotFound, "")
	_, err = v.Access(t.Context(), p, one)
	testkit.Refused(t, err, fault.NotFound, "")
	wantValue(t, v, p, two, strings.Repeat("2", 64<<10))
	testkit.Must(t, v.Delete(t.Context(), p))
	testkit.Must(t, v.Delete(t.Context(), p))
	_, err = v.Access(t.Context(), p, two)
	testkit.Refused(t, err, fault.NotFound, "")
	testkit.Refused(t, v.Destroy(t.Context(), p, two), fault.NotFound, "")
}

func TestVault_Conforms_OnTheEmulator(t *testing.T) {
	t.Parallel()
	conform(t, open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: token}))
}

// TestVault_Conforms_WhileEverythingElseLags proves that nothing depends on lists. The emulator has no `latest`.
func TestVault_Conforms_WhileEverythingElseLags(t *testing.T) {
	t.Parallel()
	s := emulate(t, emulator.Options{Lag: 1 << 40})
	conform(t, open(t, secretmanager.Options{Endpoint: s.Addr(), Bearer: token}))
}

func TestVault_Conforms_OnGoogles(t *testing.T) {
	project, location := os.Getenv("SECRETMANAGER_TEST_PROJECT"), os.Getenv("SECRETMANAGER_TEST_LOCATION")
	if project == "" || location == "" {
		t.Skip("NOT CHECKED against Google: set SECRETMANAGER_TEST_PROJECT and SECRETMANAGER_TEST_LOCATION.")
	}
	v, err := secretmanager.New(t.Context(),
		secretmanager.Options{Project: project, Locations: map[string]string{"eu": location}})
	testkit.Must(t, err)
	conform(t, v)
	testkit.Must(t, v.Close())
}

func TestVault_MalformedID_NamesNothing(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: token})
	for _, id := range []secret.ID{"", "a", "../../secrets/other",
		secret.ID(strings.ToUpper(somewhere().ID.String()))} {
		p := secret.Place{Region: "eu", ID: id}
		_, err := v.Add(t.Context(), p, secret.NewValue([]byte("x")))
		testkit.Refused(t, err, fault.NotFound, "")
		_, err = v.Access(t.Context(), p, 1)
		testkit.Refused(t, err, fault.NotFound, "")
		testkit.Refused(t, v.Destroy(t.Context(), p, 1), fault.NotFound, "")
		testkit.Refused(t, v.Create(t.Context(), p), fault.Unavailable, "")
		testkit.Must(t, v.Delete(t.Context(), p))
	}
	_, err := v.Access(t.Context(), somewhere(), 0)
	testkit.Refused(t, err, fault.NotFound, "")
}

func TestVault_SameIDInTwoRegions_AreTwoSecrets(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: token})
	eu := somewhere()
	us := secret.Place{Region: "us", ID: eu.ID}
	testkit.Must(t, v.Create(t.Context(), eu))
	testkit.Must(t, v.Create(t.Context(), us))
	wantValue(t, v, eu, add(t, v, eu, "in the eu"), "in the eu")
	_, err := v.Access(t.Context(), us, 1)
	testkit.Refused(t, err, fault.NotFound, "")
}
