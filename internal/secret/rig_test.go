package secret_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	emulator "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/workspace"
)

var (
	down = fault.New(fault.Unavailable, "It is down.")
	key  = secret.ServerKey("a server key of thirty-two bytes.")
)

// rig is a database, a vault, and the service on them, with the workspaces acme and globex.
type rig struct {
	*secret.Service
	url          string
	db           *postgres.DB
	super        *sql.DB
	vault        secret.Vault
	acme, globex authz.Actor
}

func newRig(t *testing.T) *rig {
	t.Helper()
	database := pgtest.New(t)
	r := &rig{url: database.AppURL, vault: newVault(t)}
	r.db = r.replica(t)
	var err error
	r.super, err = sql.Open("postgres", database.SuperURL)
	must(t, err)
	t.Cleanup(func() { must(t, r.super.Close()) })
	r.Service = r.on(r.vault)
	for _, a := range []*authz.Actor{&r.acme, &r.globex} {
		*a = authz.Actor{
			Who:       authz.Who{Kind: authz.User, PrincipalID: "admin", Label: "admin@x.example"},
			Workspace: authz.NewWorkspaceID(),
			Region:    "eu",
			Role:      authz.Admin,
		}
		must(t, workspace.Found(t.Context(), r.db, workspace.Workspace{ID: a.Workspace, Name: "w", Region: "eu"}, nil))
	}
	return r
}

func newVault(t *testing.T) secret.Vault {
	t.Helper()
	s, err := emulator.Start(t.Context(), emulator.Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Bearer: "bearer"})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	v, err := secretmanager.New(t.Context(), secretmanager.Options{
		Project:   "dev",
		Locations: map[string]string{"eu": "europe-west1"},
		Endpoint:  s.Addr(),
		Bearer:    "bearer",
	})
	must(t, err)
	t.Cleanup(func() { must(t, v.Close()) })
	return v
}

// replica is a database of the same rows with connections of its own, as another server has.
func (r *rig) replica(t *testing.T) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(r.url)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func (r *rig) on(v secret.Vault) *secret.Service {
	return secret.NewService(r.db, v, secret.Options{Key: key, Once: idempotency.NewService(r.db, key)})
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

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind, field string) fault.Error {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != kind || field != "" && e.Details["field"] != field {
		t.Fatalf("got %v, want %s about %q", err, kind, field)
	}
	return *e
}

func value(plain string) *secret.Value {
	v := secret.NewValue([]byte(plain))
	return &v
}

func text(plain string) secret.ValueInput { return secret.ValueInput{Text: value(plain)} }

func (r *rig) create(t *testing.T, name, plain string) secret.Secret {
	t.Helper()
	s, err := r.Create(t.Context(), r.acme, secret.CreateRequest{Name: name, Value: text(plain)})
	must(t, err)
	return s
}

func (r *rig) reveal(t *testing.T, id secret.ID, version *int32) string {
	t.Helper()
	got, err := r.Reveal(t.Context(), r.acme,
		secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: id, Version: version}})
	must(t, err)
	_, plain, err := got.Value.Open()
	must(t, err)
	return string(plain)
}

func (r *rig) count(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	must(t, r.super.QueryRowContext(t.Context(), query, args...).Scan(&n))
	return n
}

func (r *rig) events(t *testing.T, action string) int {
	t.Helper()
	return r.count(t, `SELECT count(*) FROM audit_event WHERE action = $1`, action)
}

func ptr[T any](v T) *T { return &v }
