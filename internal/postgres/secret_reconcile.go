package postgres

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/secret"
)

// Known implements secret.ReconcileStore.
func (d Secrets) Known(ctx context.Context, ids []secret.ID) (map[secret.ID]bool, error) {
	var rows []struct {
		SecretID secret.ID
		Settled  bool
	}
	if err := d.list(ctx, nowhere, &rows, `SELECT secret_id, settled FROM secrets_among($1::uuid[])`,
		known(ids)); err != nil {
		return nil, err
	}

	settled := make(map[secret.ID]bool, len(rows))
	for _, row := range rows {
		settled[row.SecretID] = row.Settled
	}

	return settled, nil
}

// KnownNumbers implements secret.ReconcileStore.
func (d Secrets) KnownNumbers(ctx context.Context, id secret.ID, before time.Time) (map[secret.Number]bool, error) {
	var rows []struct {
		Number   secret.Number
		Expected bool
	}
	if err := d.list(ctx, nowhere, &rows, `SELECT number, expected FROM secret_numbers($1, $2)`, id,
		before); err != nil {
		return nil, err
	}

	expected := make(map[secret.Number]bool, len(rows))
	for _, row := range rows {
		expected[row.Number] = row.Expected
	}

	return expected, nil
}

// InTheVault implements secret.ReconcileStore.
func (d Secrets) InTheVault(
	ctx context.Context, before time.Time, after secret.WorkItem, most int,
) (rows []secret.WorkItem, err error) {
	err = d.list(ctx, nowhere, &rows, `SELECT * FROM secrets_in_the_vault($1, $2, $3, $4)`, before, after.Workspace,
		after.ID, most)
	return rows, err
}
