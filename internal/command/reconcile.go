package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

type reconcileCommand struct {
	config.Vault
	DryRun bool `name:"dry-run" help:"Say what would be done, and change nothing."`
	Adopt  bool `help:"Take the database for the right one although the vault knows of later runs: after it was restored, for example."`
}

// Run compares Secret Manager with the database, and prints what differs. What is stopped for safety's sake is an error.
func (c reconcileCommand) Run(ctx context.Context, s streams) (err error) {
	if err := c.Check(); err != nil {
		return err
	}
	db, err := postgres.Open(c.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	vault, err := c.open(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, vault.Close()) }()
	began := time.Now()
	report, err := secret.NewReconciler(db, vault, time.Now, logger(s.err, slog.LevelError)).Reconcile(ctx, secret.Plan{DryRun: c.DryRun, Adopt: c.Adopt})
	if err != nil && report.Secrets == 0 {
		return err // nothing was looked at
	}
	return errors.Join(err, c.print(s.out, report, began, err != nil))
}

func (c reconcileCommand) open(ctx context.Context, db *postgres.DB) (*secretmanager.Vault, error) {
	if err := db.Ready(ctx); err != nil {
		return nil, fmt.Errorf("checking the database: %w", err)
	}
	instance, _, _, err := db.Instance(ctx)
	if err != nil {
		return nil, err
	}
	bearer, err := c.Dev.Bearer()
	if err != nil {
		return nil, err
	}
	return secretmanager.New(ctx, secretmanager.Options{Project: c.GCPProject, Locations: c.Locations(), Endpoint: c.Dev.SecretManagerEndpoint, Bearer: bearer,
		Instance: instance})
}

func (c reconcileCommand) print(w io.Writer, r secret.Report, now time.Time, stopped bool) error {
	fmt.Fprintf(w, "Secret Manager lists %d secrets and %d versions of them; %d secrets of other deployments, or of nobody knows which, are left alone.\n",
		r.Secrets, r.Versions, r.Foreign)
	if len(r.Findings) == 0 && !stopped {
		_, err := fmt.Fprintln(w, "Everything agrees.")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "REGION\tSECRET\tNUMBER\tWHAT\tTHEN")
	for _, f := range r.Findings {
		number := "all"
		if f.Number > 0 {
			number = fmt.Sprint(f.Number)
		}
		what, then := c.told(f, now)
		if stopped && !f.Ended {
			then = "left alone"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", f.Region, f.ID, number, what, then)
	}
	return table.Flush()
}

// told says what is wrong, and what becomes of it.
func (c reconcileCommand) told(f secret.Finding, now time.Time) (what, then string) {
	switch {
	case f.Kind == secret.Missing:
		return "missing in Secret Manager", "look into it: the row stays"
	case f.Ended && c.DryRun:
		return "no row knows it", "would be destroyed"
	case f.Ended:
		return "no row knows it", "destroyed"
	}
	due := f.Since.Add(secret.QuarantineFor)
	if !due.After(now) {
		return "a row knows it by now", "left alone"
	}
	return "no row knows it", "destroyed after " + due.UTC().Format(time.RFC3339)
}
