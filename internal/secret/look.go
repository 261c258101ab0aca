package secret

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// askAtOnce is about how many ids the database is asked at once.
const askAtOnce = 500

// seen is what a run has found.
type seen struct {
	// secrets are all that the vault lists, of this deployment or not.
	secrets map[ID]Held
	// versions is how many versions it lists of them.
	versions int
	// foreign is how many were made by another deployment, or by nobody knows which.
	foreign int
	orphans []Sighting
	missing []Finding
}

// report is what to tell of it; since says from when on the orphans have been seen.
func (f *seen) report(since map[Sighting]time.Time, now time.Time) Report {
	all := slices.Clone(f.missing)
	for _, o := range f.orphans {
		first, before := since[o]
		if !before {
			first = now
		}

		all = append(all, Finding{
			Kind:   Orphan,
			Place:  o.Place,
			Number: o.Number,
			Since:  first,
			Ended:  now.Sub(first) >= QuarantineFor,
		})
	}

	slices.SortFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Region, b.Region), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.Number, b.Number))
	})
	return Report{Secrets: len(f.secrets), Versions: f.versions, Foreign: f.foreign, Findings: all}
}

// look compares in both directions. It asks the vault first: what it lists has had a row before.
func (r *Reconciler) look(ctx context.Context, instance string) (*seen, error) {
	f := &seen{secrets: map[ID]Held{}}
	for _, region := range r.vault.Regions() {
		listed, err := r.vault.Secrets(ctx, region)
		if err != nil {
			return f, err
		}

		for _, h := range listed {
			f.secrets[h.ID] = h
		}
	}

	for ids := range slices.Chunk(slices.Sorted(maps.Keys(f.secrets)), askAtOnce) {
		settled, err := r.store.Known(ctx, ids)
		if err != nil {
			return f, err
		}

		for _, id := range ids {
			if err := r.judge(ctx, f, f.secrets[id], settled, instance); err != nil {
				return f, err
			}
		}
	}

	return f, r.lookForMissing(ctx, f)
}

// judge says whose a listed secret is, and looks at its versions if it is a secret here.
func (r *Reconciler) judge(ctx context.Context, f *seen, h Held, settled map[ID]bool, instance string) error {
	whole, known := settled[h.ID]
	switch {
	case known && whole:
		return r.judgeVersions(ctx, f, h)
	case known:
		return nil
	case h.Instance != instance:
		f.foreign++
		return nil
	}

	// A list may still show what was purged just now: asked for by name, it is gone.
	still, found, err := r.vault.Find(ctx, h.Place)
	if err != nil || !found {
		return err
	}

	f.secrets[h.ID] = still
	f.orphans = append(f.orphans, Sighting{Place: h.Place})
	return nil
}

func (r *Reconciler) judgeVersions(ctx context.Context, f *seen, h Held) error {
	listed, err := r.vault.Numbers(ctx, h.Place)
	if err != nil {
		return err
	}

	expected, err := r.store.KnownNumbers(ctx, h.ID, r.now().Add(-settledAfter))
	if err != nil {
		return err
	}

	f.versions += len(listed)
	for _, n := range listed {
		if _, known := expected[n]; !known && len(expected) > 0 {
			f.orphans = append(f.orphans, Sighting{h.Place, n})
		}
	}

	for n, should := range expected {
		if should && !slices.Contains(listed, n) {
			f.missing = append(f.missing, Finding{Kind: Missing, Place: h.Place, Number: n})
		}
	}

	return nil
}

// lookForMissing finds rows whose secret is not in the vault: neither listed nor, asked for by name, there.
func (r *Reconciler) lookForMissing(ctx context.Context, f *seen) error {
	for after := (Due{}); ; {
		rows, err := r.store.InTheVault(ctx, r.now().Add(-settledAfter), after, dueAtOnce)
		if err != nil || len(rows) == 0 {
			return err
		}

		for _, d := range rows {
			if _, listed := f.secrets[d.ID]; listed {
				continue
			}

			_, found, err := r.vault.Find(ctx, d.place())
			if err != nil {
				return err
			}

			if !found {
				f.missing = append(f.missing, Finding{Kind: Missing, Place: d.place()})
			}
		}

		after = rows[len(rows)-1]
	}
}

// end destroys an orphan, unless a row knows it by now.
func (r *Reconciler) end(ctx context.Context, n Finding, f *seen) (ended bool, err error) {
	settled, err := r.store.Known(ctx, []ID{n.ID})
	if err != nil {
		return false, err
	}

	whole, known := settled[n.ID]
	if n.Number == 0 {
		if known {
			return false, nil
		}

		err := r.vault.DeleteHeld(ctx, f.secrets[n.ID])
		if fault.Is(err, fault.Conflict) {
			return false, nil // another one was made meanwhile: the next run looks at that
		}

		return err == nil, err
	}

	expected, err := r.store.KnownNumbers(ctx, n.ID, r.now())
	if _, row := expected[n.Number]; err != nil || row || !whole {
		return false, err
	}

	if err := r.vault.Destroy(ctx, n.Place, n.Number); err != nil && !fault.Is(err, fault.NotFound) {
		return false, err
	}

	return true, nil
}
