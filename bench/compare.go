package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// mostClients is how many clients there are at most.
const mostClients = 16

// turn is what one side did in one turn.
type turn struct {
	took []time.Duration
	rate float64
}

// take lets clients do something over and over, each at least once, until a time has passed, or it was done `most`
// times; zero is any number.
func take(ctx context.Context, clients int, window time.Duration, most int64, once do) (t turn, err error) {
	var done sync.WaitGroup
	var count atomic.Int64
	took := make([][]time.Duration, clients)
	errs := make([]error, clients)
	began := time.Now()
	for client := range clients {
		done.Go(func() {
			for errs[client] == nil && (len(took[client]) == 0 || time.Since(began) < window) &&
				(count.Add(1) <= most || most == 0) {
				start := time.Now()
				errs[client] = once(ctx, client)
				took[client] = append(took[client], time.Since(start))
			}
		})
	}

	done.Wait()
	elapsed := time.Since(began)
	for client := range clients {
		if errs[client] != nil {
			return t, errs[client]
		}

		t.took = append(t.took, took[client]...)
	}

	t.rate = float64(len(t.took)) / elapsed.Seconds()
	return t, nil
}

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
		ours := func() (err error) { mine, used, err = p.serverTurn(ctx, w, o, clients); return err }
		theirs := func() (err error) { other, err = take(ctx, clients, p.window, 0, o.bare); return err }
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

// serverTurn is a turn of the server, and the CPU time that it took.
func (p plan) serverTurn(ctx context.Context, w *world, o operation, clients int) (t turn, cpu spent, err error) {
	before, err := w.spent()
	if err != nil {
		return t, cpu, err
	}

	if t, err = take(ctx, clients, p.window, o.most, o.server(w)); err != nil {
		return t, cpu, err
	}

	after, err := w.spent()
	if err == nil && o.after != nil {
		err = o.after(ctx)
	}

	return t, after.less(before), err
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
