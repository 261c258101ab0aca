package secretmanager_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	emulator "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

const canary = "canary-5f2c9b1e-do-not-leak"

// calls are all that the port can do, by name, with what the sentence must say did not happen.
func calls(v secret.Vault, p secret.Place) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"no room was made": func(ctx context.Context) error { return v.Create(ctx, p) },
		"kept": func(ctx context.Context) error {
			_, err := v.Add(ctx, p, secret.NewValue([]byte(canary)))
			return err
		},
		"not read": func(ctx context.Context) error {
			_, err := v.Access(ctx, p, 1)
			return err
		},
		"destroyed": func(ctx context.Context) error { return v.Destroy(ctx, p, 1) },
		"deleted":   func(ctx context.Context) error { return v.Delete(ctx, p) },
	}
}

func wantUnavailable(t *testing.T, v secret.Vault, p secret.Place, within time.Duration, parts ...string) {
	t.Helper()
	for outcome, call := range calls(v, p) {
		began := time.Now()
		err := call(t.Context())
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Unavailable || time.Since(began) > within {
			t.Fatalf("%s: after %s got %v", outcome, time.Since(began), err)
		}
		for _, part := range append(parts, outcome) {
			if !strings.Contains(f.Say, part) {
				t.Errorf("%q does not say %q", f.Say, part)
			}
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v %q", err, err, err, f.Details), canary) {
			t.Error("the error holds the value")
		}
	}
}

func TestVault_UnknownRegion_IsUnavailableAndNamed(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: "127.0.0.1:1"})
	wantUnavailable(t, v, secret.Place{Region: "moon-1", ID: somewhere().ID}, time.Second, `"moon-1"`)
}

func TestVault_ServerDown_IsUnavailableWithinTheDeadline(t *testing.T) {
	t.Parallel()
	s := emulate(t, emulator.Options{})
	v := open(t, secretmanager.Options{Endpoint: s.Addr(), Bearer: token, Timeout: 2 * time.Second})
	testkit.Must(t, v.Create(t.Context(), somewhere()))
	testkit.Must(t, s.Close())
	wantUnavailable(t, v, somewhere(), 3*time.Second, "Secret Manager did not answer")
}

func TestVault_ServerSilent_IsUnavailableWithinTheDeadline(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	v := open(t, secretmanager.Options{Endpoint: l.Addr().String(), Bearer: token, Timeout: 100 * time.Millisecond})
	wantUnavailable(t, v, somewhere(), 3*time.Second, "Secret Manager did not answer")
}

func TestVault_WrongBearer_IsUnavailable(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: "wrong"})
	wantUnavailable(t, v, somewhere(), 3*time.Second, "Secret Manager refused")
}

func TestVault_ServerBackAgain_Works(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := emulate(t, emulator.Options{Dir: dir})
	v := open(t, secretmanager.Options{Endpoint: s.Addr(), Bearer: token})
	p := somewhere()
	testkit.Must(t, v.Create(t.Context(), p))
	n := add(t, v, p, "kept")
	testkit.Must(t, s.Close())
	_, err := v.Access(t.Context(), p, n)
	testkit.Refused(t, err, fault.Unavailable, "")
	emulate(t, emulator.Options{Dir: dir, Listen: s.Addr()})
	for deadline := time.Now().Add(10 * time.Second); err != nil && time.Now().Before(deadline); {
		_, err = v.Access(t.Context(), p, n)
	}
	testkit.Must(t, err)
	wantValue(t, v, p, n, "kept")
}

func TestAdd_TooLong_IsRefusedWithoutTheValueInTheError(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: token})
	p := somewhere()
	testkit.Must(t, v.Create(t.Context(), p))
	_, err := v.Add(t.Context(), p, secret.NewValue([]byte(strings.Repeat(canary, 5000))))
	testkit.Refused(t, err, fault.Unavailable, "")
	if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), canary) {
		t.Error("the error holds the value")
	}
}

// TestVault_ClientLibraryToldToLog_LogsNoValue: the library prints payloads when this variable says debug.
func TestVault_ClientLibraryToldToLog_LogsNoValue(t *testing.T) {
	t.Setenv("GOOGLE_SDK_GO_LOGGING_LEVEL", "debug")
	path := filepath.Join(t.TempDir(), "stderr")
	file, err := os.Create(path)
	testkit.Must(t, err)
	stderr := os.Stderr
	os.Stderr = file
	defer func() { os.Stderr = stderr }()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: token})
	p := somewhere()
	testkit.Must(t, v.Create(t.Context(), p))
	wantValue(t, v, p, add(t, v, p, canary), canary)
	testkit.Must(t, file.Close())
	text, err := os.ReadFile(path)
	if testkit.Must(t, err); len(text) > 0 {
		t.Errorf("%d bytes were logged", len(text))
	}
}

// liar answers what a test tells it to, and counts.
type liar struct {
	secretmanagerpb.UnimplementedSecretManagerServiceServer
	calls  atomic.Int32
	add    func() (*secretmanagerpb.SecretVersion, error)
	access func() (*secretmanagerpb.AccessSecretVersionResponse, error)
}

func (l *liar) AddSecretVersion(
	context.Context, *secretmanagerpb.AddSecretVersionRequest,
) (*secretmanagerpb.SecretVersion, error) {
	l.calls.Add(1)
	return l.add()
}

func (l *liar) AccessSecretVersion(
	context.Context, *secretmanagerpb.AccessSecretVersionRequest,
) (*secretmanagerpb.AccessSecretVersionResponse, error) {
	l.calls.Add(1)
	return l.access()
}

func (l *liar) vault(t *testing.T) *secretmanager.Vault {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	s := grpc.NewServer()
	secretmanagerpb.RegisterSecretManagerServiceServer(s, l)
	served := make(chan error, 1)
	go func() { served <- s.Serve(listener) }()
	t.Cleanup(func() {
		s.Stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return open(t, secretmanager.Options{Endpoint: listener.Addr().String(), Bearer: token})
}

func TestAdd_AnswerDamaged_IsUnavailable(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]*secretmanagerpb.SecretVersion{
		"checksum did not arrive": {Name: "projects/1/locations/l/secrets/s/versions/7"},
		"no number":               {Name: "projects/1/locations/l/secrets/s", ClientSpecifiedPayloadChecksum: true},
		"number 0": {Name: "projects/1/locations/l/secrets/s/versions/0",
			ClientSpecifiedPayloadChecksum: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &liar{add: func() (*secretmanagerpb.SecretVersion, error) { return answer, nil }}
			n, err := l.vault(t).Add(t.Context(), somewhere(), secret.NewValue([]byte("v")))
			if testkit.Refused(t, err, fault.Unavailable, ""); n != 0 {
				t.Errorf("number is %d", n)
			}
		})
	}
}

func TestAdd_NameWithAProjectNumber_IsUnderstood(t *testing.T) {
	t.Parallel()
	l := &liar{add: func() (*secretmanagerpb.SecretVersion, error) {
		return &secretmanagerpb.SecretVersion{
			Name:                           "projects/123456/locations/l/secrets/s/versions/7",
			ClientSpecifiedPayloadChecksum: true,
		}, nil
	}}
	if n := add(t, l.vault(t), somewhere(), "v"); n != 7 {
		t.Errorf("number is %d", n)
	}
}

func TestAccess_AnswerDamaged_ReturnsNothing(t *testing.T) {
	t.Parallel()
	wrong := int64(1)
	for name, payload := range map[string]*secretmanagerpb.SecretPayload{
		"wrong checksum": {Data: []byte(canary), DataCrc32C: &wrong},
		"no checksum":    {Data: []byte(canary)},
		"no payload":     nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := &liar{access: func() (*secretmanagerpb.AccessSecretVersionResponse, error) {
				return &secretmanagerpb.AccessSecretVersionResponse{Payload: payload}, nil
			}}
			got, err := l.vault(t).Access(t.Context(), somewhere(), 1)
			if testkit.Refused(t, err, fault.Unavailable, ""); got.Len() != 0 || strings.Contains(err.Error(), canary) {
				t.Error("something of the value came back")
			}
		})
	}
}

func TestRetry_AccessThreeTimes_AddOnce(t *testing.T) {
	t.Parallel()
	away := status.Error(codes.Unavailable, "away")
	l := &liar{
		add:    func() (*secretmanagerpb.SecretVersion, error) { return nil, away },
		access: func() (*secretmanagerpb.AccessSecretVersionResponse, error) { return nil, away },
	}
	v := l.vault(t)
	_, err := v.Add(t.Context(), somewhere(), secret.NewValue([]byte("v")))
	if testkit.Refused(t, err, fault.Unavailable, ""); l.calls.Swap(0) != 1 {
		t.Error("adding was tried again")
	}
	_, err = v.Access(t.Context(), somewhere(), 1)
	if testkit.Refused(t, err, fault.Unavailable, ""); l.calls.Load() != 3 {
		t.Errorf("access was tried %d times", l.calls.Load())
	}
}
