package object

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

const (
	// askAtOnce is how many ids the database is asked at once.
	askAtOnce = 1000
	// Where blobs are, and where uploads land.
	keptBelow, stagedBelow = "blobs/", "staging/"

	firstID = BlobID("00000000-0000-0000-0000-000000000000")
	lastID  = BlobID("ffffffff-ffff-ffff-ffff-ffffffffffff")
)

// seen is what a run has found.
type seen struct {
	blobs, staged, foreign, lost int64
	// orphans have no row, and leftovers have one that is over; missing are the first of what is lost.
	orphans, leftovers, missing []Stray
	// orphansIn is how many orphans a region's bucket has.
	orphansIn map[string]int
}

func (f *seen) strays() []Stray { return slices.Concat(f.orphans, f.leftovers) }

// report is what to tell of it; since says from when on the strays have been seen.
func (f *seen) report(since map[Stray]time.Time, now time.Time) Report {
	var all []Finding
	for _, s := range f.missing {
		all = append(all, Finding{Kind: Lost, Stray: s})
	}

	for kind, strays := range map[Kind][]Stray{Orphan: f.orphans, Leftover: f.leftovers} {
		for _, s := range strays {
			first, before := since[s]
			if !before {
				first = now
			}

			all = append(all, Finding{Kind: kind, Stray: s, Since: first, Ended: now.Sub(first) >= QuarantineFor})
		}
	}

	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Name, b.Name))
	})
	return Report{Blobs: f.blobs, Staged: f.staged, Foreign: f.foreign, Lost: f.lost, Findings: all}
}

// check refuses to believe that very much has no row, or that a bucket which nobody has marked is ours although it has
// something of somebody's.
func (f *seen) check(marks map[string]Mark, p Plan) error {
	n, all := int64(len(f.orphans)), f.blobs+f.staged
	if n > mostOrphans && n*oneIn > all {
		return fault.New(fault.Conflict, "Of %d blobs in the buckets, %d have no row: more than %d, and more than 1 "+
			"in %d. Nothing was touched. "+
			"Is this the right database?", all, n, mostOrphans, oneIn)
	}

	for region, m := range marks {
		if m.Generation == 0 && f.orphansIn[region] > 0 && !p.Adopt {
			return fault.New(fault.Conflict, "The bucket of %s bears no deployment's mark, and has %d blobs without "+
				"a row. Nothing was touched. "+
				"If it is this database's, say so: `data-api reconcile --adopt`.", region, f.orphansIn[region])
		}
	}

	return nil
}

// look compares in both directions. It asks the bucket first: what it lists has had a row before.
func (r *Reconciler) look(ctx context.Context) (*seen, error) {
	f := &seen{orphansIn: map[string]int{}}
	for _, b := range r.buckets.Buckets() {
		if err := r.lookAtBlobs(ctx, b, f); err != nil {
			return f, err
		}

		if err := r.lookAtStaged(ctx, b, f); err != nil {
			return f, err
		}
	}

	return f, nil
}

// lookAtBlobs walks down a bucket's list and the rows side by side: both are in the order of ids.
func (r *Reconciler) lookAtBlobs(ctx context.Context, b Bucket, f *seen) error {
	upTo := firstID
	err := r.buckets.List(ctx, b.Region, keptBelow, func(page []Held) error {
		ids := f.idsIn(page, keptBelow)
		f.blobs += int64(len(ids))
		kept, err := r.store.BlobsAmong(ctx, ids)
		if err != nil || len(ids) == 0 {
			return err
		}

		for _, id := range ids {
			if _, known := kept[id]; !known {
				f.orphan(Stray(BlobPlace(b.Region, id)))
			}
		}

		if err := r.lookForRows(ctx, b, upTo, ids[len(ids)-1], ids, f); err != nil {
			return err
		}

		upTo = ids[len(ids)-1]
		return f.tooMany()
	})
	if err != nil {
		return err
	}

	return r.lookForRows(ctx, b, upTo, lastID, nil, f)
}

// lookForRows finds rows between two ids whose blobs are not listed, and asks again for each by its name.
func (r *Reconciler) lookForRows(ctx context.Context, b Bucket, after, last BlobID, listed []BlobID, f *seen) error {
	for {
		rows, err := r.store.BlobsBetween(ctx, b.Regions, after, last, askAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}

		for _, id := range rows {
			if _, there := slices.BinarySearch(listed, id); there {
				continue
			}

			lost, err := r.isLost(ctx, b.Region, id)
			if err != nil {
				return err
			}

			if lost {
				f.lose(Stray(BlobPlace(b.Region, id)))
			}
		}

		after = rows[len(rows)-1]
	}
}

func (r *Reconciler) isLost(ctx context.Context, region string, id BlobID) (bool, error) {
	if _, found, err := r.buckets.Find(ctx, BlobPlace(region, id)); err != nil || found {
		return false, err
	}

	kept, err := r.store.BlobsAmong(ctx, []BlobID{id})
	return kept[id], err
}

func (r *Reconciler) lookAtStaged(ctx context.Context, b Bucket, f *seen) error {
	return r.buckets.List(ctx, b.Region, stagedBelow, func(page []Held) error {
		ids := f.idsIn(page, stagedBelow)
		f.staged += int64(len(ids))
		open, err := r.store.OpenAmong(ctx, ids)
		if err != nil {
			return err
		}

		for _, id := range ids {
			is, known := open[id]
			switch at := (Stray{b.Region, stagedBelow + id.String()}); {
			case !known:
				f.orphan(at)
			case !is:
				f.leftovers = append(f.leftovers, at)
			}
		}

		return f.tooMany()
	})
}

// idsIn are the ids that a page's names hold, in order. Other names are not ours.
func (f *seen) idsIn(page []Held, prefix string) []BlobID {
	ids := make([]BlobID, 0, len(page))
	for _, h := range page {
		if id := BlobID(strings.TrimPrefix(h.Name, prefix)); id.Valid() {
			ids = append(ids, id)
		} else {
			f.foreign++
		}
	}

	return ids
}

func (f *seen) orphan(s Stray) {
	f.orphans = append(f.orphans, s)
	f.orphansIn[s.Region]++
}

func (f *seen) lose(s Stray) {
	if f.lost++; f.lost <= mostTold {
		f.missing = append(f.missing, s)
	}
}

// tooMany ends a run that would fill the memory with what has no row.
func (f *seen) tooMany() error {
	if n := len(f.orphans) + len(f.leftovers); n > mostStrays {
		return fault.New(fault.Conflict, "More than %d blobs in the buckets have no row, or one that is over. "+
			"Nothing was touched. Is this the right database?", mostStrays)
	}

	return nil
}

// known tells whether a row accounts for a stray.
func (r *Reconciler) known(ctx context.Context, s Stray) (bool, error) {
	if text, staged := strings.CutPrefix(s.Name, stagedBelow); staged {
		open, err := r.store.OpenAmong(ctx, []BlobID{BlobID(text)})
		return open[BlobID(text)], err
	}

	id := BlobID(strings.TrimPrefix(s.Name, keptBelow))
	kept, err := r.store.BlobsAmong(ctx, []BlobID{id})
	_, known := kept[id]
	return known, err
}
