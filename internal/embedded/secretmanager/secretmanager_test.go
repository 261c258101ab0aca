package secretmanager_test

import (
	"context"
	"sync"
	"testing"
	"time"

	google "cloud.google.com/go/secretmanager/apiv1"
	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.uber.org/goleak"
	"google.golang.org/api/option"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	global   = "projects/test-project"
	regional = "projects/test-project/locations/europe-west1"
	other    = "projects/test-project/locations/europe-west3"
	bearer   = "a bearer of this test"
)

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

type perCall map[string]string

func (p perCall) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return p, nil
}
func (perCall) RequireTransportSecurity() bool { return false }

func start(t *testing.T, o secretmanager.Options) *secretmanager.Server {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	o.Listen, o.Bearer = "127.0.0.1:0", bearer
	s, err := secretmanager.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// connect returns the real client, with an authorization header for each call.
func connect(t *testing.T, s *secretmanager.Server, authorization string) *google.Client {
	t.Helper()
	conn, err := grpc.NewClient(s.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithPerRPCCredentials(perCall{"authorization": authorization}))
	if err != nil {
		t.Fatal(err)
	}
	c, err := google.NewClient(t.Context(), option.WithGRPCConn(conn))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func emulate(t *testing.T) *google.Client {
	t.Helper()
	return connect(t, start(t, secretmanager.Options{}), "Bearer "+bearer)
}

func wantCode(t *testing.T, err error, want codes.Code) {
	t.Helper()
	if got := status.Code(err); got != want {
		t.Fatalf("code is %s, want %s: %v", got, want, err)
	}
}

func create(t *testing.T, c *google.Client, parent, id string) *secretmanagerpb.Secret {
	t.Helper()
	s, err := c.CreateSecret(t.Context(), &secretmanagerpb.CreateSecretRequest{
		Parent:   parent,
		SecretId: id,
		Secret:   &secretmanagerpb.Secret{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func add(t *testing.T, c *google.Client, secret, plain string) *secretmanagerpb.SecretVersion {
	t.Helper()
	v, err := c.AddSecretVersion(t.Context(),
		&secretmanagerpb.AddSecretVersionRequest{
			Parent:  secret,
			Payload: &secretmanagerpb.SecretPayload{Data: []byte(plain)},
		})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// access returns the plaintext, or the code of the refusal.
func access(t *testing.T, c *google.Client, version string) (string, codes.Code) {
	t.Helper()
	res, err := c.AccessSecretVersion(t.Context(), &secretmanagerpb.AccessSecretVersionRequest{Name: version})
	return string(res.GetPayload().GetData()), status.Code(err)
}

func wantAccess(t *testing.T, c *google.Client, version, plain string, code codes.Code) {
	t.Helper()
	if got, gotCode := access(t, c, version); got != plain || gotCode != code {
		t.Fatalf("access %s = %q, %s; want %q, %s", version, got, gotCode, plain, code)
	}
}

func TestStart_NotLoopback_IsInvalid(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "example.com:80", "nonsense"} {
		_, err := secretmanager.Start(t.Context(), secretmanager.Options{Dir: t.TempDir(), Bearer: "x", Listen: listen})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("listening on %q: %v", listen, err)
		}
	}
}

func TestStart_WithoutBearer_IsInvalid(t *testing.T) {
	t.Parallel()
	_, err := secretmanager.Start(t.Context(), secretmanager.Options{Dir: t.TempDir(), Listen: "127.0.0.1:0"})
	if !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}

func TestCall_WithoutTheBearer_IsUnauthenticated(t *testing.T) {
	t.Parallel()
	s := start(t, secretmanager.Options{})
	for _, authorization := range []string{"", "Bearer", "Bearer wrong", bearer, "bearer " + bearer, "Bearer " +
		bearer + " "} {
		_, err := connect(t, s, authorization).
			GetSecret(t.Context(), &secretmanagerpb.GetSecretRequest{Name: regional + "/secrets/a"})
		wantCode(t, err, codes.Unauthenticated)
	}
}
