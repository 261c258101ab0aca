package erasure_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var errCrash = errors.New("it crashed")

// crash fails one call of the deletion, by its number: before its effect, or after it.
type crash struct {
	at    int
	after bool
	// calls counts, of several goroutines at once.
	calls atomic.Int64
}

func (c *crash) around(call func() error) error {
	if c.calls.Add(1) != int64(c.at) {
		return call()
	}
	if c.after {
		return errors.Join(call(), errCrash)
	}
	return errCrash
}

// database, blobs and vault are the real ones, but for the crash.
type database struct {
	*postgres.Owner
	*crash
}

func (d database) Begin(ctx context.Context, r erasure.Record) error {
	return d.around(func() error { return d.Owner.Begin(ctx, r) })
}

func (d database) EndAccess(ctx context.Context, id authz.WorkspaceID, to erasure.Sink) error {
	return d.around(func() error { return d.Owner.EndAccess(ctx, id, to) })
}

func (d database) Export(
	ctx context.Context, id authz.WorkspaceID, region string, to erasure.Sink,
) (all []object.Place, err error) {
	err = d.around(func() (err error) {
		all, err = d.Owner.Export(ctx, id, region, to)
		return err
	})
	return all, err
}

func (d database) Exported(ctx context.Context, id authz.WorkspaceID) error {
	return d.around(func() error { return d.Owner.Exported(ctx, id) })
}

func (d database) Drop(ctx context.Context, id authz.WorkspaceID) error {
	return d.around(func() error { return d.Owner.Drop(ctx, id) })
}

func (d database) End(ctx context.Context, id authz.WorkspaceID) error {
	return d.around(func() error { return d.Owner.End(ctx, id) })
}

type blobs struct {
	*gcs.Store
	*crash
}

func (b blobs) Drop(ctx context.Context, p object.Place) error {
	return b.around(func() error { return b.Store.Drop(ctx, p) })
}

type vault struct {
	*secretmanager.Vault
	*crash
}

func (v vault) Delete(ctx context.Context, p secret.Place) error {
	return v.around(func() error { return v.Vault.Delete(ctx, p) })
}

// rig is a workspace with a secret, and a blob that only its row knows.
type rig struct {
	*testkit.Database
	storage *testkit.Storage
	vault   *secretmanager.Vault
	owner   *postgres.Owner
	acme    authz.Actor
	secret  secret.ID
	dir     string
	waited  []time.Duration
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{Database: testkit.NewDatabase(t), storage: testkit.NewStorage(t, nil), dir: filepath.Join(t.TempDir(), "[1]")}
	r.acme = r.Workspace(t, "acme")
	var err error
	r.owner, err = postgres.OpenOwner(t.Context(), r.OwnerURL)
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, r.owner.Close()) })
	here := reconcile.Mark{Run: 1}
	here.Instance, err = r.owner.Instance(t.Context())
	testkit.Must(t, err)
	r.vault = testkit.NewVaultOf(t, here.Instance)
	testkit.Must(t, errors.Join(r.storage.SetMark(t.Context(), "eu", here), r.vault.SetMark(t.Context(), "eu", here)))
	made, err := secret.NewService(r.DB.Secrets(), r.vault, secret.Options{Keys: secret.ServerKeys{make([]byte, 32)}}).
		Create(t.Context(), r.acme, secret.CreateRequest{Name: "stripe", Value: secret.ValueInput{Text: new(secret.NewValue([]byte("v")))}})
	testkit.Must(t, err)
	r.secret = made.ID
	_, err = r.Super.ExecContext(t.Context(), `INSERT INTO blob (workspace_id, id, refs) VALUES ($1, gen_random_uuid(), 0)`,
		r.acme.Workspace)
	testkit.Must(t, err)
	return r
}

func (r *rig) delete(ctx context.Context, c *crash) (erasure.Record, error) {
	return r.deleter(c).Delete(ctx, r.order())
}

func (r *rig) order() erasure.Order {
	return erasure.Order{Workspace: r.acme.Workspace, Reason: "r", Export: r.dir}
}

func (r *rig) deleter(c *crash) erasure.Deleter {
	return erasure.Deleter{
		Database: database{r.owner, c},
		Blobs:    blobs{r.storage.Store, c},
		Vault:    vault{r.vault, c},
		Buckets:  map[string]string{"eu": "b"},
		Wait: func(_ context.Context, d time.Duration) error {
			r.waited = append(r.waited, d)
			return nil
		},
		Say:   func(string, ...any) {},
		Steps: func(string, int) func() { return func() {} },
	}
}

// TestDelete_BrokenOffAtAnyCall_GoesOnWhenRepeated breaks off before and after each call, until one run has no more.
func TestDelete_BrokenOffAtAnyCall_GoesOnWhenRepeated(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		for at, done := 1, false; !done; at++ {
			r := newRig(t)
			c := &crash{at: at, after: after}
			_, err := r.delete(t.Context(), c)
			done = err == nil
			if !done && !errors.Is(err, errCrash) {
				t.Fatal(err)
			}
			again, err := r.delete(t.Context(), &crash{})
			if err != nil || again.EndedAt == nil {
				t.Fatalf("after the call %d broke off (after it: %t): %+v, %v", at, after, again, err)
			}
			r.wantGone(t, at)
			if done && at < 8 {
				t.Errorf("only %d calls broke off", at-1)
			}
		}
	}
}

func (r *rig) wantGone(t *testing.T, at int) {
	t.Helper()
	left, err := r.owner.Count(t.Context(), r.acme.Workspace)
	testkit.Must(t, err)
	for table, n := range left {
		if n != 0 {
			t.Errorf("after call %d: %d rows in %s", at, n, table)
		}
	}
	if _, found, err := r.vault.Find(t.Context(), secret.Place{Region: "eu", ID: r.secret}); err != nil || found {
		t.Errorf("after call %d: the secret is there: %t, %v", at, found, err)
	}
	text, err := os.ReadFile(filepath.Join(r.dir, "member.jsonl"))
	if err != nil || len(text) == 0 {
		t.Errorf("after call %d: the export has no members: %v", at, err)
	}
}

func TestDelete_ExportBegunElsewhere_IsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := r.delete(t.Context(), &crash{at: 3}); !errors.Is(err, errCrash) { // Begin, EndAccess, Export
		t.Fatal(err)
	}
	r.dir += "-elsewhere"
	if _, err := r.delete(t.Context(), &crash{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("in another directory: %v", err)
	}
}

func TestDelete_DirectoryWithOtherThings_IsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dir = t.TempDir()
	testkit.Must(t, os.WriteFile(filepath.Join(r.dir, "mine"), nil, 0o600))
	if _, err := r.delete(t.Context(), &crash{}); err == nil {
		t.Error("it exports among other files")
	}
	if n := r.Count(t, `SELECT count(*) FROM member`); n != 1 {
		t.Error("access has ended all the same")
	}
}
