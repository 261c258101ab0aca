package secret_test

import (
	"context"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

var (
	down = fault.New(fault.Unavailable, "It is down.")
	keys = secret.ServerKeys{[]byte("a server key of thirty-two bytes.")}
)

// rig is a database, a vault, and the service on them, with the workspaces acme and globex.
type rig struct {
	*secret.Service
	*testkit.Database
	vault        secret.Vault
	acme, globex authz.Actor
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{Database: testkit.NewDatabase(t), vault: testkit.NewVault(t)}
	r.Service = r.on(r.vault)
	r.acme, r.globex = r.Workspace(t, "acme"), r.Workspace(t, "globex")
	return r
}

func (r *rig) on(v secret.Vault) *secret.Service {
	return secret.NewService(r.DB.Secrets(), v,
		secret.Options{Keys: keys, Once: idempotency.NewService(r.DB.Idempotency(), keys)})
}

// faulty is a vault that can fail where the emulator cannot.
type faulty struct {
	secret.Vault
	create, add, access, remove func() error
}

func (f faulty) Create(ctx context.Context, p secret.Place) error {
	if f.create != nil {
		return f.create()
	}
	return f.Vault.Create(ctx, p)
}

func (f faulty) Add(ctx context.Context, p secret.Place, v secret.Value) (secret.Number, error) {
	if f.add != nil {
		if err := f.add(); err != nil {
			return 0, err
		}
	}
	return f.Vault.Add(ctx, p, v)
}

func (f faulty) Access(ctx context.Context, p secret.Place, n secret.Number) (secret.Value, error) {
	if f.access != nil {
		return secret.Value{}, f.access()
	}
	return f.Vault.Access(ctx, p, n)
}

func (f faulty) Delete(ctx context.Context, p secret.Place) error {
	if f.remove != nil {
		return f.remove()
	}
	return f.Vault.Delete(ctx, p)
}

func fails() error { return down }

func value(plain string) *secret.Value {
	v := secret.NewValue([]byte(plain))
	return &v
}

func text(plain string) secret.ValueInput { return secret.ValueInput{Text: value(plain)} }

func (r *rig) create(t *testing.T, name, plain string) secret.Secret {
	t.Helper()
	s, err := r.Create(t.Context(), r.acme, secret.CreateRequest{Name: name, Value: text(plain)})
	testkit.Must(t, err)
	return s
}

func (r *rig) reveal(t *testing.T, id secret.ID, version *int32) string {
	t.Helper()
	got, err := r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: id, Version: version}})
	testkit.Must(t, err)
	_, plain, err := got.Value.Open()
	testkit.Must(t, err)
	return string(plain)
}

func (r *rig) events(t *testing.T, action string) int {
	t.Helper()
	return r.Count(t, `SELECT count(*) FROM audit_event WHERE action = $1`, action)
}
