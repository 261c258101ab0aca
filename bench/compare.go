package main

import (
	"context"
	"errors"
	"slices"
	"time"
)

// row is a comparison at one number of clients.
type row struct {
	clients           int
	rate, bare, ratio float64
	p50, p99, bareP50 time.Duration
	// cpu is what everybody took for one operation.
	cpu spent
	// rss is in bytes.
	rss int64
}

// compare lets both sides take turns, at 1 and at 16 clients. A ratio is the median of those of the rounds.
func (p plan) compare(ctx context.Context, w *world, o operation) ([]row, error) {
	var rows []row
	for _, clients := range []int{1, mostClients} {
		say("%s, %d clients: %d rounds of %s a side…", o.name, clients, p.rounds, p.window)
		r, err := p.row(ctx, w, o, clients)
		if err != nil {
			return nil, err
		}

		say("  %.0f/s against %.0f/s: %.2f", r.rate, r.bare, r.ratio)
		rows = append(rows, r)
	}

	return rows, nil
}

func (p plan) row(ctx context.Context, w *world, o operation, clients int) (r row, err error) {
	r.clients = clients
	var rates, bares, ratios []float64
	var took, bareTook []time.Duration
	var cpu spent
	for round := range p.rounds + 1 {
		var mine, other turn
		var used spent
		ours := func() (err error) { mine, used, err = p.turn(ctx, w, o, &o.ours, clients); return err }
		theirs := func() (err error) { other, _, err = p.turn(ctx, w, o, &o.bare, clients); return err }
		order := []func() error{ours, theirs}
		if round%2 == 1 {
			slices.Reverse(order)
		}

		for _, side := range order {
			if err := side(); err != nil {
				return r, err
			}
		}

		if round == 0 {
			continue // the first round warms caches and connections
		}

		mine.rate *= max(o.times, 1)
		rates, bares, ratios = append(rates, mine.rate), append(bares, other.rate), append(ratios, mine.rate/other.rate)
		took, bareTook, cpu = append(took, mine.took...), append(bareTook, other.took...), cpu.plus(used)
	}

	r.rate, r.bare, r.ratio = median(rates), median(bares), median(ratios)
	r.p50, r.p99, r.bareP50 = percentile(took, 50), percentile(took, 99), percentile(bareTook, 50)
	r.cpu = cpu.each(len(took))
	r.rss, err = w.server.memory()
	return r, err
}

// turn is a turn of a side, whose last answer is checked, and the CPU time that it took.
func (p plan) turn(ctx context.Context, w *world, o operation, s *side, clients int) (t turn, cpu spent, err error) {
	before, err := w.spent()
	if err != nil {
		return t, cpu, err
	}

	if t, err = s.take(ctx, clients, p.window); err != nil {
		return t, cpu, err
	}

	after, err := w.spent()
	if err == nil && o.after != nil {
		err = o.after(ctx)
	}

	return t, after.less(before), errors.Join(err, s.check(t))
}

func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	if len(sorted) == 0 {
		return 0
	}

	return sorted[len(sorted)/2]
}

// percentile returns the time within which so many of a hundred were done.
func percentile(all []time.Duration, of int) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	if len(sorted) == 0 {
		return 0
	}

	return sorted[min(len(sorted)*of/100, len(sorted)-1)]
}
