package command

import (
	"context"
	"fmt"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/postgres"
)

type migrateCommand struct {
	MigrateDatabaseURL string `required:"" secret:"" placeholder:"URL" help:"The database as the owner role."`
}

// Run migrates and says how far.
func (c migrateCommand) Run(ctx context.Context, s streams) error {
	if err := config.CheckDatabaseURL("--migrate-database-url", c.MigrateDatabaseURL); err != nil {
		return err
	}

	version, err := postgres.Migrate(ctx, c.MigrateDatabaseURL)
	if err != nil {
		return fmt.Errorf("migrating: %w", err)
	}

	_, err = fmt.Fprintf(s.out, "The database is at version %d, the newest.\n", version)
	return err
}
