// Command bench holds the server against bare handlers that do the same in the same Postgres, in tables of their own.
//
// Both sides of each comparison run in turns within one run, because this machine's speed changes from one minute to
// the next.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// plan is how long a run measures.
type plan struct {
	rounds int
	window time.Duration
	only   string
}

func (p plan) has(o operation) bool {
	return p.only == "" || slices.Contains(strings.Split(p.only, ","), o.name)
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	var p plan
	flags.IntVar(&p.rounds, "rounds", 6, "how often both sides take turns")
	flags.DurationVar(&p.window, "window", 500*time.Millisecond, "how long a turn is")
	flags.StringVar(&p.only, "only", "", "the operations to measure, separated by commas; all if empty")
	bare := flags.Bool("bare", false, "be the bare server, told by the environment")
	into := flags.String("into", "", "a file of Markdown whose bench section is rewritten")
	if err := flags.Parse(args); err != nil {
		return err
	}

	if *bare {
		return serveBare(ctx)
	}

	r, err := measureAll(ctx, p)
	if err != nil {
		return err
	}

	fmt.Println()
	fmt.Print(r.markdown())
	if *into == "" {
		return nil
	}

	return rewrite(*into, r.markdown())
}

// measureAll starts both sides, measures every operation, and stops them.
func measureAll(ctx context.Context, p plan) (r report, err error) {
	s, err := start(ctx)
	if err != nil {
		return r, errors.Join(err, s.stop())
	}

	defer func() { err = errors.Join(err, s.stop()) }()
	w, err := furnish(ctx, s)
	if err != nil {
		return r, fmt.Errorf("making the workspaces: %w", errors.Join(err, w.bare.stop()))
	}

	defer func() { err = errors.Join(err, w.close()) }()
	if p.has(w.pages()) {
		if err := w.store(ctx); err != nil {
			return r, fmt.Errorf("writing keys: %w", err)
		}
	}

	r = report{rows: map[string][]row{}, counts: map[string][2]counts{}}
	if err := w.countAll(ctx, p, &r); err != nil {
		return r, err
	}

	if err := w.direct(ctx); err != nil {
		return r, err
	}

	if err := p.compareAll(ctx, w, &r); err != nil {
		return r, err
	}

	if r.redaction, err = redaction(); err != nil {
		return r, err
	}

	r.allocations, err = allocations(ctx, w, r.operations)
	return r, err
}

func (p plan) compareAll(ctx context.Context, w *world, r *report) error {
	for _, o := range w.operations() {
		if !p.has(o) {
			continue
		}

		if err := w.analyze(ctx); err != nil {
			return err
		}

		rows, err := p.compare(ctx, w, o)
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}

		r.operations, r.rows[o.name] = append(r.operations, o), rows
	}

	if len(r.operations) == 0 {
		return fmt.Errorf("there is no operation %q", p.only)
	}

	return nil
}
