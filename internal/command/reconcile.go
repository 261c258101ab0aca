package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/provenanceone/data-api/internal/app"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
)

type reconcileCommand struct {
	config.Stores
	DryRun bool `env:"-" help:"Say what would be done, and change nothing."`
	Adopt  bool `env:"-" help:"Take the database for the right one although the vault or a bucket knows of later runs: after it was restored, for example."`
}

// Run compares Secret Manager and the buckets with the database, and prints what differs. What is stopped for safety's
// sake is an error; neither stops the other.
func (c reconcileCommand) Run(ctx context.Context, s streams) (err error) {
	if err := c.Check(); err != nil {
		return err
	}

	stores, err := app.OpenStores(ctx, c.Stores, app.Signing{})
	defer func() { err = errors.Join(err, stores.Close()) }()
	if err != nil {
		return err
	}

	log := logger(s.err, slog.LevelError)
	return errors.Join(c.secrets(ctx, stores.Secrets(log), s.out), c.objects(ctx, stores.Objects(log), s.out))
}

func (c reconcileCommand) secrets(ctx context.Context, by *secret.Reconciler, out io.Writer) error {
	began := time.Now()
	report, err := by.Reconcile(ctx, reconcile.Plan{DryRun: c.DryRun, Adopt: c.Adopt})
	if err != nil && report.Secrets == 0 {
		return err // nothing was looked at
	}

	fmt.Fprintf(out, "Secret Manager lists %d secrets and %d versions of them; %d secrets of other deployments, or "+
		"of nobody knows which, are left alone.\n",
		report.Secrets, report.Versions, report.Foreign)
	return errors.Join(err, c.print(out, c.rows(report.Findings, "all", "Secret Manager", began), err != nil))
}

func (c reconcileCommand) objects(ctx context.Context, by *object.Reconciler, out io.Writer) error {
	began := time.Now()
	report, err := by.Reconcile(ctx, reconcile.Plan{DryRun: c.DryRun, Adopt: c.Adopt})
	if err != nil && report.Blobs+report.Staged == 0 {
		return err
	}

	fmt.Fprintf(out, "The buckets list %d blobs, and %d that wait in staging; %d of other names are left alone. %d "+
		"rows have no blob.\n",
		report.Blobs, report.Staged, report.Foreign, report.Lost)
	return errors.Join(err, c.print(out, c.rows(report.Findings, "-", "the bucket", began), err != nil))
}

// row is a finding as it is printed.
type row struct {
	region, name, number, what string
	// then is what becomes of it; ended is whether that was done, or would be.
	then  string
	ended bool
}

func (c reconcileCommand) print(w io.Writer, rows []row, stopped bool) error {
	if len(rows) == 0 && !stopped {
		_, err := fmt.Fprintln(w, "Everything agrees.")
		return err
	}

	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "REGION\tNAME\tNUMBER\tWHAT\tTHEN")
	for _, r := range rows {
		then := r.then
		if stopped && !r.ended {
			then = "left alone"
		}

		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", r.region, r.name, r.number, r.what, then)
	}

	return table.Flush()
}

// rows are findings as they are printed: whole is the number of what has none, store what lacks what a row knows.
func (c reconcileCommand) rows(findings []reconcile.Finding, whole, store string, now time.Time) []row {
	rows := make([]row, len(findings))
	for i, f := range findings {
		rows[i] = row{
			region: f.Region,
			name:   f.Name,
			number: whole,
			what:   "no row knows it",
			ended:  f.Ended,
			then:   c.fate(f.Ended, f.Since.Add(reconcile.QuarantineFor), now),
		}
		if f.Number > 0 {
			rows[i].number = fmt.Sprint(f.Number)
		}

		switch f.Kind {
		case object.Leftover:
			rows[i].what = "its upload has ended"
		case reconcile.Orphan:
		case secret.Missing, object.Lost:
			rows[i].what, rows[i].then = "missing in "+store, "look into it: the row stays"
		}
	}

	return rows
}

// fate says what becomes of something without a row.
func (c reconcileCommand) fate(ended bool, due, now time.Time) string {
	switch {
	case ended && c.DryRun:
		return "would be destroyed"
	case ended:
		return "destroyed"
	case !due.After(now):
		return "left alone: a row knows it by now"
	}

	return "destroyed after " + due.UTC().Format(time.RFC3339)
}
