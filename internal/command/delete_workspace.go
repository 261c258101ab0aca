package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/provenanceone/data-api/internal/app"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/postgres"
)

type deleteWorkspaceCommand struct {
	config.Stores
	MigrateDatabaseURL string `required:"" secret:"" placeholder:"URL" help:"The database as the owner role."`
	Workspace          string `env:"-" required:"" placeholder:"ID" help:"The workspace's id."`
	Confirm            string `env:"-" placeholder:"ID" help:"The workspace's id once more: it cannot be had back."`
	Export             string `env:"-" placeholder:"DIR" help:"A new directory, for every row but values and hashes, and for the list of objects."`
	Reason             string `env:"-" help:"Why, for the record that stays. Name nobody in it."`
	StopAfterExport    bool   `env:"-" help:"End access and export, and destroy nothing yet: to copy the objects first. The same command without this goes on."`
	DryRun             bool   `env:"-" help:"Say what would be deleted, and change nothing."`
	JSON               bool   `env:"-" name:"json" help:"Print the record as JSON."`
}

// mostReason is the length of the longest reason, in bytes.
const mostReason = 2000

// check names every wrong setting at once.
func (c deleteWorkspaceCommand) check() error {
	errs := []error{c.Check(), config.CheckDatabaseURL("--migrate-database-url", c.MigrateDatabaseURL)}
	if c.DryRun {
		return errors.Join(errs...)
	}

	if c.Confirm != c.Workspace {
		errs = append(errs, fault.New(fault.Invalid, "--confirm must repeat the workspace's id: nothing was deleted."))
	}

	if c.Export == "" {
		errs = append(errs, fault.New(fault.Invalid, "--export is missing: name a new directory."))
	}

	if n := len(c.Reason); n < 1 || n > mostReason {
		errs = append(errs, fault.New(fault.Invalid, "--reason has 1 to %d bytes.", mostReason))
	}

	return errors.Join(errs...)
}

// Run deletes the workspace, or says what it would delete.
func (c deleteWorkspaceCommand) Run(ctx context.Context, s streams) (err error) {
	if err := c.check(); err != nil {
		return err
	}

	owner, err := postgres.OpenOwner(ctx, c.MigrateDatabaseURL)
	if owner != nil {
		defer func() { err = errors.Join(err, owner.Close()) }()
	}

	if err != nil {
		return err
	}

	stores, err := app.OpenStores(ctx, c.Stores, app.Signing{})
	defer func() { err = errors.Join(err, stores.Close()) }()
	if err != nil {
		return err
	}

	by := stores.Deleter(owner, c.Stores)
	by.Say, by.Steps = func(format string, args ...any) { fmt.Fprintf(s.err, format+"\n", args...) }, s.steps
	r, err := c.delete(ctx, by)
	if err != nil {
		return fmt.Errorf("deleting workspace: %w", err)
	}

	return c.print(s.out, r)
}

func (c deleteWorkspaceCommand) delete(ctx context.Context, by erasure.Deleter) (erasure.Record, error) {
	id := authz.WorkspaceID(c.Workspace)
	if c.DryRun {
		return by.Look(ctx, id)
	}

	export, err := filepath.Abs(c.Export)
	if err != nil {
		return erasure.Record{}, err
	}

	return by.Delete(ctx, erasure.Order{Workspace: id, Reason: c.Reason, Export: export, KeepData: c.StopAfterExport})
}

func (c deleteWorkspaceCommand) print(w io.Writer, r erasure.Record) error {
	if c.JSON {
		to := json.NewEncoder(w)
		to.SetIndent("", "  ")
		return to.Encode(r)
	}

	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, what := range slices.Sorted(maps.Keys(r.Counts)) {
		fmt.Fprintf(table, "%s\t%d\n", what, r.Counts[what])
	}

	if err := table.Flush(); err != nil {
		return err
	}

	_, err := fmt.Fprintln(w, c.ending(r))
	return err
}

// ending says how far the deletion is.
func (c deleteWorkspaceCommand) ending(r erasure.Record) string {
	switch {
	case c.DryRun && r.EndedAt == nil:
		return "That would be deleted, and cannot be had back."
	case r.EndedAt != nil:
		return "That was deleted, and nothing of it is left. The export is in " + r.Export + "."
	}

	return "That is exported to " + r.Export + ", and nobody is let in. Copy the objects, if you want them:\n" +
		"    gcloud storage cp --read-paths-from-stdin objects/ < " + filepath.Join(r.Export, erasure.BlobList) +
		"\nThen the same command without --stop-after-export deletes it."
}
