package secret_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	emulator "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/testkit"
)

// clock is a time that a test moves on.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) advance(d time.Duration) { c.ahead.Add(int64(d)) }

// house is a rig whose vault has a clock and lists late, and knows which deployment it is of.
type house struct {
	*rig
	clock  *clock
	server *emulator.Server
	vault  *secretmanager.Vault
}

func newHouse(t *testing.T, lag time.Duration) *house {
	t.Helper()
	h := &house{rig: newRig(t), clock: &clock{}}
	s, err := emulator.Start(t.Context(), emulator.Options{
		Dir:    t.TempDir(),
		Listen: "127.0.0.1:0",
		Bearer: "bearer",
		Now:    h.clock.now,
		Lag:    lag,
	})
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, s.Close()) })
	h.server = s
	h.vault = h.open(t, h.DB)
	h.rig.vault = h.vault
	h.Service = h.on(h.vault)
	return h
}

// open opens the vault as the deployment that a database belongs to.
func (h *house) open(t *testing.T, db *postgres.DB) *secretmanager.Vault {
	t.Helper()
	instance, err := db.Instance(t.Context())
	testkit.Must(t, err)
	return h.openAs(t, instance)
}

func (h *house) openAs(t *testing.T, instance string) *secretmanager.Vault {
	t.Helper()
	v, err := secretmanager.New(t.Context(),
		secretmanager.Options{
			Project:   "dev",
			Locations: map[string]string{"eu": "europe-west1"},
			Endpoint:  h.server.Addr(),
			Bearer:    "bearer",
			Instance:  instance,
		})
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, v.Close()) })
	return v
}

func (h *house) reconciler() *secret.Reconciler { return reconciler(h.DB.Secrets(), h.vault, h.clock) }

func reconciler(store secret.ReconcileStore, v secret.ReconcileVault, c *clock) *secret.Reconciler {
	return secret.NewReconciler(store, v, c.now, slog.New(slog.DiscardHandler))
}

// reconcile runs once and returns how many orphans were ended, how many wait, and how much is missing.
func (h *house) reconcile(t *testing.T) (ended, waiting, missing int) {
	t.Helper()
	report, err := h.reconciler().Reconcile(t.Context(), reconcile.Plan{})
	testkit.Must(t, err)
	return tallyOf(report)
}

func tallyOf(report secret.Report) (ended, waiting, missing int) {
	for _, f := range report.Findings {
		switch {
		case f.Kind == secret.Missing:
			missing++
		case f.Ended:
			ended++
		default:
			waiting++
		}
	}
	return ended, waiting, missing
}

func wantTally(t *testing.T, when string, ended, waiting, missing, wantEnded, wantWaiting, wantMissing int) {
	t.Helper()
	if ended != wantEnded || waiting != wantWaiting || missing != wantMissing {
		t.Errorf("%s: %d ended, %d wait, %d are missing; want %d, %d, %d", when, ended, waiting, missing, wantEnded,
			wantWaiting, wantMissing)
	}
}

// orphan is a secret with a value in the vault that no row knows.
func (h *house) orphan(t *testing.T, v secret.Vault) secret.Place {
	t.Helper()
	p := secret.Place{Region: "eu", ID: ident.New[secret.Secret]()}
	testkit.Must(t, v.Create(t.Context(), p))
	_, err := v.Add(t.Context(), p, *value("orphan"))
	testkit.Must(t, err)
	return p
}

// trappedInventory is the vault of a reconciler behind a tripwire.
type trappedInventory struct {
	*secretmanager.Vault
	wire *tripwire
}

func (t trappedInventory) SetMark(ctx context.Context, region string, m reconcile.Mark) error {
	return t.wire.call(func() error { return t.Vault.SetMark(ctx, region, m) })
}

func (t trappedInventory) DeleteHeld(ctx context.Context, h secret.VaultEntry) error {
	return t.wire.call(func() error { return t.Vault.DeleteHeld(ctx, h) })
}

func (t trappedInventory) Destroy(ctx context.Context, p secret.Place, n secret.Number) error {
	return t.wire.call(func() error { return t.Vault.Destroy(ctx, p, n) })
}

func (t trappedInventory) Secrets(ctx context.Context, region string) (found []secret.VaultEntry, err error) {
	err = t.wire.call(func() error { found, err = t.Vault.Secrets(ctx, region); return err })
	return found, err
}

func (t trappedInventory) Numbers(ctx context.Context, p secret.Place) (found []secret.Number, err error) {
	err = t.wire.call(func() error { found, err = t.Vault.Numbers(ctx, p); return err })
	return found, err
}

// trappedRuns is the index of a reconciler behind the same tripwire.
type trappedRuns struct {
	postgres.Secrets
	wire *tripwire
}

func (t trappedRuns) BeginRun(ctx context.Context, of reconcile.Backend, after int64) (n int64, err error) {
	err = t.wire.call(func() error { n, err = t.Secrets.BeginRun(ctx, of, after); return err })
	return n, err
}

func (t trappedRuns) Quarantine(
	ctx context.Context, of reconcile.Backend, run int64, all []reconcile.Stray, at time.Time,
) error {
	return t.wire.call(func() error { return t.Secrets.Quarantine(ctx, of, run, all, at) })
}

func (t trappedRuns) Known(ctx context.Context, ids []secret.ID) (settled map[secret.ID]bool, err error) {
	err = t.wire.call(func() error { settled, err = t.Secrets.Known(ctx, ids); return err })
	return settled, err
}

func (t trappedRuns) EndRun(ctx context.Context, of reconcile.Backend, at time.Time) error {
	return t.wire.call(func() error { return t.Secrets.EndRun(ctx, of, at) })
}
