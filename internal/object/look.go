package object

import (
	"context"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/reconcile"
)

const (
	// askAtOnce is how many ids one query asks the database for.
	askAtOnce = 1000
	// mostReported is how many lost blobs a run reports one by one, and mostStrays how many strays it holds in memory.
	mostReported, mostStrays = 1000, 100_000
	// Blobs are in one prefix, and uploads land in the other.
	keptBelow, stagedBelow = "blobs/", "staging/"

	firstID = BlobID("00000000-0000-0000-0000-000000000000")
	lastID  = BlobID("ffffffff-ffff-ffff-ffff-ffffffffffff")
)

// comparison is one run over the buckets. Its counts are those of Report.
type comparison struct {
	*Reconciler
	reconcile.Report
	blobs, staged, foreign, lost int64
}

// Counts implements reconcile.Comparison.
func (c *comparison) Counts() []any {
	return []any{"blobs", c.blobs, "staged", c.staged, "foreign", c.foreign, "lost", c.lost}
}

// Look implements reconcile.Comparison.
func (c *comparison) Look(ctx context.Context, _ string) error {
	for _, b := range c.buckets.Buckets() {
		if err := c.lookAtBlobs(ctx, b); err != nil {
			return err
		}

		if err := c.lookAtStaged(ctx, b); err != nil {
			return err
		}
	}

	return nil
}

// lookAtBlobs walks down a bucket's list and the rows side by side: both are in the order of ids.
func (c *comparison) lookAtBlobs(ctx context.Context, b Bucket) error {
	upTo := firstID
	err := c.buckets.List(ctx, b.Region, keptBelow, func(page []StoredBlob) error {
		ids := c.idsIn(page, keptBelow)
		c.blobs += int64(len(ids))
		c.Listed += int64(len(ids))
		kept, err := c.store.BlobsAmong(ctx, ids)
		if err != nil || len(ids) == 0 {
			return err
		}

		for _, id := range ids {
			if _, known := kept[id]; !known {
				c.Add(reconcile.Orphan, stray(BlobPlace(b.Region, id)))
			}
		}

		if err := c.lookForRows(ctx, b, upTo, ids[len(ids)-1], ids); err != nil {
			return err
		}

		upTo = ids[len(ids)-1]
		return c.tooMany()
	})
	if err != nil {
		return err
	}

	return c.lookForRows(ctx, b, upTo, lastID, nil)
}

// lookForRows finds rows between two ids whose blobs are not listed, and asks again for each by its name.
func (c *comparison) lookForRows(ctx context.Context, b Bucket, after, last BlobID, listed []BlobID) error {
	for {
		rows, err := c.store.BlobsBetween(ctx, b.Regions, after, last, askAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}

		for _, id := range rows {
			if _, found := slices.BinarySearch(listed, id); found {
				continue
			}

			lost, err := c.isLost(ctx, b.Region, id)
			if err != nil {
				return err
			}

			if lost {
				c.lose(BlobPlace(b.Region, id))
			}
		}

		after = rows[len(rows)-1]
	}
}

func (c *comparison) isLost(ctx context.Context, region string, id BlobID) (bool, error) {
	if _, found, err := c.buckets.Find(ctx, BlobPlace(region, id)); err != nil || found {
		return false, err
	}

	kept, err := c.store.BlobsAmong(ctx, []BlobID{id})
	return kept[id], err
}

func (c *comparison) lose(p Place) {
	if c.lost++; c.lost <= mostReported {
		c.Lose(Lost, stray(p))
	}
}

func (c *comparison) lookAtStaged(ctx context.Context, b Bucket) error {
	return c.buckets.List(ctx, b.Region, stagedBelow, func(page []StoredBlob) error {
		ids := c.idsIn(page, stagedBelow)
		c.staged += int64(len(ids))
		c.Listed += int64(len(ids))
		open, err := c.store.OpenAmong(ctx, ids)
		if err != nil {
			return err
		}

		for _, id := range ids {
			isOpen, known := open[id]
			switch at := (reconcile.Stray{Region: b.Region, Name: stagedBelow + id.String()}); {
			case !known:
				c.Add(reconcile.Orphan, at)
			case !isOpen:
				c.Add(Leftover, at)
			}
		}

		return c.tooMany()
	})
}

// idsIn returns the ids that a page's names hold, in order. It counts other names as foreign.
func (c *comparison) idsIn(page []StoredBlob, prefix string) []BlobID {
	ids := make([]BlobID, 0, len(page))
	for _, h := range page {
		if id := BlobID(strings.TrimPrefix(h.Name, prefix)); id.Valid() {
			ids = append(ids, id)
		} else {
			c.foreign++
		}
	}

	return ids
}

// tooMany stops a run whose strays would fill the memory.
func (c *comparison) tooMany() error {
	if c.Strays > mostStrays {
		return fault.New(fault.Conflict, "More than %d blobs in the buckets have no row, or one that is over. "+
			"Nothing was touched. Is this the right database?", mostStrays)
	}

	return nil
}

// End implements reconcile.Comparison.
func (c *comparison) End(ctx context.Context, s reconcile.Stray) (ended bool, err error) {
	h, found, err := c.buckets.Find(ctx, Place{Region: s.Region, Name: s.Name})
	if err != nil || !found {
		return found, err
	}

	known, err := c.known(ctx, s.Name)
	if err != nil || known {
		return false, err
	}

	return true, c.buckets.DropHeld(ctx, s.Region, h)
}

// known reports whether a row accounts for the blob of a name.
func (c *comparison) known(ctx context.Context, name string) (bool, error) {
	if text, staged := strings.CutPrefix(name, stagedBelow); staged {
		open, err := c.store.OpenAmong(ctx, []BlobID{BlobID(text)})
		return open[BlobID(text)], err
	}

	id := BlobID(strings.TrimPrefix(name, keptBelow))
	kept, err := c.store.BlobsAmong(ctx, []BlobID{id})
	_, known := kept[id]
	return known, err
}

func stray(p Place) reconcile.Stray { return reconcile.Stray{Region: p.Region, Name: p.Name} }
