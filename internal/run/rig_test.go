package run_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/seal"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var (
	down   = fault.New(fault.Unavailable, "It is down.")
	server = secret.ServerKeys{[]byte("a server key of thirty-two bytes.")}
	wf     = run.Consumer{Kind: reference.Workflow, ExternalID: "wf-1"}
	first  = run.Run{RunID: "run-1", StepID: "step-1"}
	second = run.Run{RunID: "run-1", StepID: "step-2"}
)

// rig is a database, a vault that counts and can go down, and the services on them, with an API key of acme and of
// globex, and a runtime of acme.
type rig struct {
	*run.Service
	t *testing.T
	*testkit.Database
	vault        *counting
	secrets      *secret.Service
	references   *reference.Service
	acme, globex authz.Actor
	private      []byte
	runtime      run.KeyID
}

// counting is a vault that counts readings, and refuses them while it is down.
type counting struct {
	secret.Vault
	reads  atomic.Int64
	isDown atomic.Bool
}

func (c *counting) Access(ctx context.Context, p secret.Place, n secret.Number) (secret.Value, error) {
	c.reads.Add(1)
	if c.isDown.Load() {
		return secret.Value{}, down
	}
	return c.Vault.Access(ctx, p, n)
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, Database: testkit.NewDatabase(t), vault: &counting{Vault: testkit.NewVault(t)}}
	r.secrets = secret.NewService(r.DB.Secrets(), r.vault,
		secret.Options{Keys: server, Once: idempotency.NewService(r.DB.Idempotency(), server)})
	r.references = reference.NewService(r.DB.References())
	r.Service = r.on(r.DB)
	r.acme, r.globex = r.runtimeOf("acme"), r.runtimeOf("globex")
	r.private, r.runtime = r.newRuntime(r.acme)
	return r
}

// runtimeOf makes a workspace and returns an API key of it that may inject.
func (r *rig) runtimeOf(name string) authz.Actor {
	a := r.Workspace(r.t, name)
	a.Who = authz.Who{Kind: authz.APIKey, PrincipalID: ident.New[rig]().String(), Label: "runtime"}
	a.Role, a.Scopes = "", authz.NewScopes(authz.SecretsInject)
	return a
}

// on is a service with a cache of its own, as each server has.
func (r *rig) on(db *postgres.DB) *run.Service {
	return run.NewService(db.Runs(), db.RuntimeKeys(), secret.NewCache(r.vault), server, time.Now)
}

func (r *rig) newRuntime(of authz.Actor) ([]byte, run.KeyID) {
	r.t.Helper()
	pair, err := ecdh.X25519().GenerateKey(rand.Reader)
	testkit.Must(r.t, err)
	k, err := r.AddKey(r.t.Context(), of, "runtime", pair.PublicKey().Bytes())
	testkit.Must(r.t, err)
	return pair.Bytes(), k.ID
}

// create makes a secret that the consumer uses, beside those that it uses already.
func (r *rig) create(name string, v secret.ValueInput) secret.Secret {
	r.t.Helper()
	s, err := r.secrets.Create(r.t.Context(), r.acme, secret.CreateRequest{Name: name, Value: v})
	testkit.Must(r.t, err)
	return s
}

func (r *rig) refer(ids ...secret.ID) {
	r.t.Helper()
	_, err := r.references.Set(r.t.Context(), r.acme, reference.Consumer{
		Kind:       wf.Kind,
		ExternalID: wf.ExternalID,
		Name:       "Workflow",
	}, ids)
	testkit.Must(r.t, err)
}

// some makes secrets that the consumer uses, with the values "value 0", "value 1" and so on.
func (r *rig) some(n int) []secret.ID {
	r.t.Helper()
	ids := make([]secret.ID, n)
	for i := range ids {
		ids[i] = r.create(fmt.Sprintf("s%d", i), text(fmt.Sprintf("value %d", i))).ID
	}
	r.refer(ids...)
	return ids
}

func (r *rig) rotate(id secret.ID, plain string) {
	r.t.Helper()
	_, err := r.secrets.Rotate(r.t.Context(), r.acme, secret.RotateRequest{SecretID: id, Value: text(plain)})
	testkit.Must(r.t, err)
}

func (r *rig) request(step run.Run, ids ...secret.ID) run.InjectRequest {
	q := run.InjectRequest{Run: step, Consumer: wf, RuntimeKeyID: r.runtime, LeaseFor: time.Hour}
	for _, id := range ids {
		q.Secrets = append(q.Secrets, run.SecretRequest{SecretID: id})
	}
	return q
}

// inject is Inject, opened as the runtime does.
func (r *rig) inject(q run.InjectRequest) (run.Injection, []string) {
	r.t.Helper()
	given, err := r.Inject(r.t.Context(), r.acme, q)
	testkit.Must(r.t, err)
	return given, r.open(given)
}

func (r *rig) open(given run.Injection) []string {
	r.t.Helper()
	all := make([]string, len(given.Secrets))
	for i, s := range given.Secrets {
		info := seal.Info{
			Purpose:  seal.Lease,
			ID:       given.Lease.ID.String(),
			SecretID: s.SecretID.String(),
			Version:  int(s.Version),
		}
		if s.Field != nil {
			info.Field = *s.Field
		}
		plain, err := seal.Open(r.private, info, s.Sealed)
		testkit.Must(r.t, err)
		all[i] = string(plain)
	}
	return all
}

// proof is what the runtime shows to redact and to end.
func (r *rig) proof(given run.Injection) run.Proof {
	r.t.Helper()
	token, err := seal.Open(r.private, seal.Info{Purpose: seal.Lease, ID: given.Lease.ID.String()}, given.SealedToken)
	testkit.Must(r.t, err)
	return run.Proof{LeaseID: given.Lease.ID, Token: secret.NewValue([]byte(base64.StdEncoding.EncodeToString(token)))}
}

// strangers are another API key of the workspace, and one of another workspace.
func (r *rig) strangers() []authz.Actor {
	colleague := r.acme
	colleague.PrincipalID = "another key"
	return []authz.Actor{colleague, r.globex}
}

func (r *rig) events(action string) (n int) {
	r.t.Helper()
	testkit.Must(r.t, r.Super.QueryRowContext(r.t.Context(), `SELECT count(*) FROM audit_event WHERE action = $1`,
		action).Scan(&n))
	return n
}

func (r *rig) exec(query string, args ...any) {
	r.t.Helper()
	_, err := r.Super.ExecContext(r.t.Context(), query, args...)
	testkit.Must(r.t, err)
}

func text(plain string) secret.ValueInput {
	v := secret.NewValue([]byte(plain))
	return secret.ValueInput{Text: &v}
}

// wantKind returns the detail of an error that must be of a kind.
func wantKind(t *testing.T, err error, kind fault.Kind, detail string) any {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != kind || detail != "" && e.Details[detail] == nil {
		t.Fatalf("got %v, want %s with %q", err, kind, detail)
	}
	return e.Details[detail]
}
