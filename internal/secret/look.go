package secret

import (
	"context"
	"maps"
	"slices"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/reconcile"
)

// askAtOnce is how many ids one query asks the database for.
const askAtOnce = 500

// comparison is one run over the vault.
type comparison struct {
	*Reconciler
	reconcile.Report
	// secrets are all that the vault lists, of this deployment or not.
	secrets map[ID]VaultEntry
	// versions is how many versions it lists of those with a row.
	versions int
	// foreign is how many bear another deployment's label, or none.
	foreign int
}

func (r *Reconciler) begin() *comparison {
	return &comparison{Reconciler: r, secrets: map[ID]VaultEntry{}}
}

// Counts implements reconcile.Comparison.
func (c *comparison) Counts() []any {
	return []any{"secrets", len(c.secrets), "versions", c.versions, "foreign", c.foreign}
}

// Look implements reconcile.Comparison.
func (c *comparison) Look(ctx context.Context, instance string) error {
	for _, region := range c.vault.Regions() {
		listed, err := c.vault.Secrets(ctx, region)
		if err != nil {
			return err
		}

		for _, h := range listed {
			c.secrets[h.ID] = h
		}
	}

	c.Listed = int64(len(c.secrets))
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(c.secrets)), askAtOnce) {
		settled, err := c.store.Known(ctx, ids)
		if err != nil {
			return err
		}

		for _, id := range ids {
			if err := c.judge(ctx, c.secrets[id], settled, instance); err != nil {
				return err
			}
		}
	}

	return c.lookForMissing(ctx)
}

// judge finds out whose a listed secret is, and looks at its versions if it is one of ours.
func (c *comparison) judge(ctx context.Context, h VaultEntry, settled map[ID]bool, instance string) error {
	whole, known := settled[h.ID]
	switch {
	case known && whole:
		return c.judgeVersions(ctx, h.Place)
	case known:
		return nil
	case h.Instance != instance:
		c.foreign++
		return nil
	}

	// A list may still show what was purged just now, but its name does not find that any more.
	still, found, err := c.vault.Find(ctx, h.Place)
	if err != nil || !found {
		return err
	}

	c.secrets[h.ID] = still
	c.Add(reconcile.Orphan, stray(h.Place, 0))
	return nil
}

func (c *comparison) judgeVersions(ctx context.Context, p Place) error {
	listed, err := c.vault.Numbers(ctx, p)
	if err != nil {
		return err
	}

	expected, err := c.store.KnownNumbers(ctx, p.ID, c.engine.Now().Add(-settledAfter))
	if err != nil {
		return err
	}

	c.versions += len(listed)
	c.Listed += int64(len(listed))
	for _, n := range listed {
		if _, known := expected[n]; !known && len(expected) > 0 {
			c.Add(reconcile.Orphan, stray(p, n))
		}
	}

	for n, should := range expected {
		if should && !slices.Contains(listed, n) {
			c.Lose(Missing, stray(p, n))
		}
	}

	return nil
}

// lookForMissing finds rows whose secret the vault neither lists nor finds by its name.
func (c *comparison) lookForMissing(ctx context.Context) error {
	for after := (WorkItem{}); ; {
		rows, err := c.store.InTheVault(ctx, c.engine.Now().Add(-settledAfter), after, dueAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}

		for _, d := range rows {
			if _, listed := c.secrets[d.ID]; listed {
				continue
			}

			_, found, err := c.vault.Find(ctx, d.place())
			if err != nil {
				return err
			}

			if !found {
				c.Lose(Missing, stray(d.place(), 0))
			}
		}

		after = rows[len(rows)-1]
	}
}

// End implements reconcile.Comparison.
func (c *comparison) End(ctx context.Context, s reconcile.Stray) (ended bool, err error) {
	p, n := Place{Region: s.Region, ID: ID(s.Name)}, Number(s.Number)
	settled, err := c.store.Known(ctx, []ID{p.ID})
	if err != nil {
		return false, err
	}

	whole, known := settled[p.ID]
	if n == 0 {
		if known {
			return false, nil
		}

		err := c.vault.DeleteHeld(ctx, c.secrets[p.ID])
		if fault.Is(err, fault.Conflict) {
			return false, nil // another one was made meanwhile: the next run looks at that
		}

		return err == nil, err
	}

	expected, err := c.store.KnownNumbers(ctx, p.ID, c.engine.Now())
	if _, row := expected[n]; err != nil || row || !whole {
		return false, err
	}

	if err := c.vault.Destroy(ctx, p, n); err != nil && !fault.Is(err, fault.NotFound) {
		return false, err
	}

	return true, nil
}

func stray(p Place, n Number) reconcile.Stray {
	return reconcile.Stray{Region: p.Region, Name: p.ID.String(), Number: int64(n)}
}
