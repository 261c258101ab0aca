package postgres

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/secret"
)

// Deletions of workspaces are kept by the owner: it implements erasure.Database.
var _ erasure.Database = (*Owner)(nil)

// stagedFor is how long bytes may be in staging after an upload began: a session's life, and the bucket's rule.
const stagedFor = "16 days"

type deletionRow struct {
	ID            authz.WorkspaceID
	Reason        string
	Region        string
	Export        string
	Counts        []byte
	BegunAt       time.Time    `db:"begun_at"`
	AccessEndedAt sql.NullTime `db:"access_ended_at"`
	ExportedAt    sql.NullTime `db:"exported_at"`
	EndedAt       sql.NullTime `db:"ended_at"`
}

func (r deletionRow) record() (erasure.Record, error) {
	at := func(t sql.NullTime) *time.Time {
		if !t.Valid {
			return nil
		}

		return new(t.Time.UTC())
	}
	record := erasure.Record{
		Workspace:     r.ID,
		Region:        r.Region,
		Reason:        r.Reason,
		Export:        r.Export,
		BegunAt:       r.BegunAt.UTC(),
		AccessEndedAt: at(r.AccessEndedAt),
		ExportedAt:    at(r.ExportedAt),
		EndedAt:       at(r.EndedAt),
	}
	return record, json.Unmarshal(r.Counts, &record.Counts)
}

// Instance implements erasure.Database.
func (o *Owner) Instance(ctx context.Context) (id string, err error) {
	err = o.db.GetContext(ctx, &id, `SELECT id FROM upkeep.instance`)
	return id, err
}

// Lock implements erasure.Database. It is the connection's, which nothing else uses meanwhile.
func (o *Owner) Lock(ctx context.Context, id authz.WorkspaceID) (release func() error, err error) {
	conn, err := o.db.Connx(ctx)
	if err != nil {
		return nil, err
	}

	var locked bool
	if err := conn.GetContext(ctx, &locked, `SELECT pg_try_advisory_lock(`+deletionLock+`)`, id); err != nil || !locked {
		if err == nil {
			err = erasure.UnderWay()
		}

		return nil, errors.Join(err, conn.Close())
	}

	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(`+deletionLock+`)`, id)
		return errors.Join(err, conn.Close())
	}, nil
}

// deletionLock is the number of the lock on the deletion of a workspace.
const deletionLock = `hashtextextended('workspace_deletion ' || $1, 0)`

// Find implements erasure.Database.
func (o *Owner) Find(ctx context.Context, id authz.WorkspaceID) (found erasure.Record, err error) {
	if !id.Valid() {
		return found, erasure.NoWorkspace()
	}

	err = o.in(ctx, id, sql.LevelDefault, func(tx *sqlx.Tx) error {
		var row deletionRow
		err := tx.GetContext(ctx, &row, `SELECT * FROM upkeep.workspace_deletion WHERE id = $1
			AND (ended_at IS NULL OR NOT EXISTS (SELECT FROM workspace WHERE id = $1))`, id)
		if err == nil {
			found, err = row.record()
			return err
		}

		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}

		found.Workspace = id
		err = tx.GetContext(ctx, &found.Region, `SELECT region FROM workspace WHERE id = $1`, id)
		if errors.Is(err, sql.ErrNoRows) {
			err = erasure.NoWorkspace()
		}

		return err
	})
	return found, err
}

// Begin implements erasure.Database.
func (o *Owner) Begin(ctx context.Context, r erasure.Record) error {
	counts, err := json.Marshal(r.Counts)
	if err != nil {
		return err
	}

	_, err = o.db.ExecContext(ctx, `INSERT INTO upkeep.workspace_deletion AS d (id, reason, region, export, counts)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, region = excluded.region,
			export = excluded.export, counts = excluded.counts, access_ended_at = NULL, exported_at = NULL,
			ended_at = NULL, begun_at = CASE WHEN d.ended_at IS NULL THEN d.begun_at ELSE excluded.begun_at END
			WHERE d.access_ended_at IS NULL OR d.ended_at IS NOT NULL`, r.Workspace, r.Reason, r.Region, r.Export, counts)
	return err
}

// Count implements erasure.Database.
func (o *Owner) Count(ctx context.Context, id authz.WorkspaceID) (map[string]int64, error) {
	all, err := o.tables(ctx)
	if err != nil {
		return nil, err
	}

	counts := make(map[string]int64, len(all))
	return counts, o.in(ctx, id, sql.LevelDefault, func(tx *sqlx.Tx) error {
		for _, t := range all {
			var n int64
			if err := tx.GetContext(ctx, &n, `SELECT count(*) FROM `+pq.QuoteIdentifier(t.Name)+` WHERE `+t.Key+` = $1`,
				id); err != nil {
				return fmt.Errorf("counting %s: %w", t.Name, err)
			}

			counts[t.Name] = n
		}

		return nil
	})
}

// Exported implements erasure.Database.
func (o *Owner) Exported(ctx context.Context, id authz.WorkspaceID) error {
	_, err := o.db.ExecContext(ctx, `UPDATE upkeep.workspace_deletion SET exported_at = now() WHERE id = $1`, id)
	return err
}

// Blobs implements erasure.Database. An upload that ended long ago has nothing in staging.
func (o *Owner) Blobs(ctx context.Context, id authz.WorkspaceID, region string) (all []object.Place, err error) {
	var names []string
	err = o.in(ctx, id, sql.LevelDefault, func(tx *sqlx.Tx) error {
		return tx.SelectContext(ctx, &names, `SELECT 'blobs/' || id FROM blob WHERE workspace_id = $1
			UNION SELECT unnest(ARRAY['blobs/' || id, 'staging/' || id]) FROM upload WHERE workspace_id = $1
				AND (state = 'OPEN' OR created_at > now() - $2::interval) ORDER BY 1`, id, stagedFor)
	})
	for _, name := range names {
		all = append(all, object.Place{Region: region, Name: name})
	}

	return all, err
}

// Secrets implements erasure.Database.
func (o *Owner) Secrets(ctx context.Context, id authz.WorkspaceID) (all []secret.ID, err error) {
	err = o.in(ctx, id, sql.LevelDefault, func(tx *sqlx.Tx) error {
		return tx.SelectContext(ctx, &all, `SELECT id FROM secret WHERE workspace_id = $1 ORDER BY id`, id)
	})
	return all, err
}

// Drop implements erasure.Database. Each table is a transaction, so that what broke off goes on; a trigger may fill a
// table that was empty, so it ends once nothing was left to drop.
func (o *Owner) Drop(ctx context.Context, id authz.WorkspaceID) error {
	all, err := o.tables(ctx)
	for dropped := int64(1); err == nil && dropped > 0; {
		dropped = 0
		for _, t := range all {
			err = errors.Join(err, o.in(ctx, id, sql.LevelDefault, func(tx *sqlx.Tx) error {
				gone, err := tx.ExecContext(ctx, `DELETE FROM `+pq.QuoteIdentifier(t.Name)+` WHERE `+t.Key+` = $1`, id)
				if err != nil {
					return fmt.Errorf("dropping rows of %s: %w", t.Name, err)
				}

				n, err := gone.RowsAffected()
				dropped += n
				return err
			}))
			if err != nil {
				return err
			}
		}
	}

	return err
}

// End implements erasure.Database.
func (o *Owner) End(ctx context.Context, id authz.WorkspaceID) error {
	_, err := o.db.ExecContext(ctx, `UPDATE upkeep.workspace_deletion SET ended_at = now() WHERE id = $1`, id)
	return err
}
