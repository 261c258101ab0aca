package secret

import (
	"context"
	"log/slog"
	"time"

	"github.com/provenanceone/data-api/internal/reconcile"
)

// settledAfter is how old a row must be before the vault's lists are expected to show it.
const settledAfter = 24 * time.Hour

// ReconcileVault is a vault that can also list its secrets. Its lists may lag for hours.
type ReconcileVault interface {
	UpkeepVault
	reconcile.Marks
	// Secrets returns the secrets listed for a region. Errors: fault.Unavailable.
	Secrets(ctx context.Context, region string) ([]VaultEntry, error)
	// Numbers returns the versions of a secret that are listed and not destroyed. Errors: fault.Unavailable.
	Numbers(ctx context.Context, p Place) ([]Number, error)
}

// Missing is in a row, and not in the vault. The reconciler reports it and never mends it: no row goes for it.
const Missing reconcile.Kind = "missing"

// ReconcileStore knows the rows that the vault's secrets should have.
type ReconcileStore interface {
	reconcile.Store
	// Known returns those of the ids that have a row, or that a call may still come back with. settled is whether its
	// versions count.
	Known(ctx context.Context, ids []ID) (settled map[ID]bool, err error)
	// KnownNumbers returns the numbers that a secret's rows have, and whether the vault should list each.
	KnownNumbers(ctx context.Context, id ID, before time.Time) (expected map[Number]bool, err error)
	// InTheVault returns secrets made before a time that the vault should have, after one of them.
	InTheVault(ctx context.Context, before time.Time, after WorkItem, most int) ([]WorkItem, error)
}

// Report is what a run has found.
type Report struct {
	// Secrets and Versions are how many the vault lists.
	Secrets, Versions int
	// Foreign is how many of the secrets have no row and bear another deployment's label, or none. The reconciler
	// leaves them alone.
	Foreign int
	// Findings name a secret by its id. A number of 0 is a whole secret.
	Findings []reconcile.Finding
}

// Reconciler compares the vault with the database.
type Reconciler struct {
	engine reconcile.Engine
	store  ReconcileStore
	vault  ReconcileVault
}

// NewReconciler returns one.
func NewReconciler(store ReconcileStore, vault ReconcileVault, now func() time.Time, log *slog.Logger) *Reconciler {
	return &Reconciler{
		store: store,
		vault: vault,
		engine: reconcile.Engine{
			Store:   store,
			Marks:   vault,
			Backend: reconcile.Vault,
			Words: reconcile.Words{
				Place:  "vault in",
				Items:  "secrets and versions in the vault",
				Differ: "the vault and the database differ",
				Names:  func(s reconcile.Stray) []any { return []any{"secret", s.Name, "number", s.Number} },
				Ended:  "destroyed",
			},
			Now: now,
			Log: log,
		},
	}
}

// Daily is Reconcile if a day has passed since it was done.
func (r *Reconciler) Daily(ctx context.Context) error { return r.engine.Daily(ctx, r.begin()) }

// Reconcile destroys in the vault what this deployment has made and no row has known for a day, and reports what rows
// know and the vault has not.
//
// Errors: fault.Conflict, and nothing was destroyed, if the database is behind the vault, or if too much has no row;
// fault.Unavailable. What was found is returned in any case.
func (r *Reconciler) Reconcile(ctx context.Context, p reconcile.Plan) (Report, error) {
	c := r.begin()
	err := r.engine.Run(ctx, c, p)
	return Report{Secrets: len(c.secrets), Versions: c.versions, Foreign: c.foreign, Findings: c.Findings}, err
}
