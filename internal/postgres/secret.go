package postgres

import (
	"context"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
)

// Secrets stores secrets, the numbers of their versions and their schedules: it implements secret.Store,
// secret.UpkeepStore and secret.ReconcileStore.
type Secrets struct{ Reconciliations }

// Secrets returns the store of secrets.
func (d *DB) Secrets() Secrets { return Secrets{d.Reconciliations()} }

// cronSpec is the schedule by the calendar of a row of secret, unless a server of the version before, which knows of
// none, has ended or replaced it.
const cronSpec = `(SELECT spec FROM rotation_cron c WHERE c.workspace_id = $1 AND c.secret_id = id
	AND c.every_seconds = rotate_every_seconds)`

const secretColumns = `id, name, description, format, fields AS field_names, current_version, created_at, rotated_at,
	last_revealed_at, last_injected_at, purge_at,
	` + cronSpec + ` AS rotate_cron,
	rotate_every_seconds, rotate_at, rotate_length, rotate_alphabet, rotate_error, coalesce(rotate_at < now(),
	false) AS overdue, ` + createdBy

// visible is the condition for secrets that callers can read: active ones, and deleted ones that can be restored.
const visible = `(state = 'ACTIVE' OR state = 'DELETED' AND purge_at > now())`

type secretRow struct {
	secret.Secret
	FieldNames         pq.StringArray
	RotateEverySeconds *int64
	RotateCron         *string
	RotateAt           *time.Time
	RotateLength       *int32
	RotateAlphabet     *secret.Alphabet
	RotateError        *string
	Overdue            bool
}

func (r secretRow) secret() secret.Secret {
	r.Fields = append([]string{}, r.FieldNames...)
	if r.RotateAt != nil {
		r.Rotation = &secret.ScheduleState{NextAt: *r.RotateAt, Overdue: r.Overdue, LastError: r.RotateError}
		if r.Rotation.Cron = cronOf(r.RotateCron); r.Rotation.Cron == nil {
			r.Rotation.Every = time.Duration(*r.RotateEverySeconds) * time.Second
		}
	}

	if r.RotateLength != nil {
		r.Rotation.Generator = &secret.Generator{Length: *r.RotateLength, Alphabet: *r.RotateAlphabet}
	}

	return r.Secret
}

// cronOf is a schedule by the calendar from its row; nil for none.
func cronOf(spec *string) *secret.Cron {
	if spec == nil || *spec == "" { // a row whose answer was lost has zero values
		return nil
	}

	zone := strings.LastIndex(*spec, " ")
	return &secret.Cron{Expression: (*spec)[:zone], TimeZone: (*spec)[zone+1:]}
}

// specOf is a schedule by the calendar as its row has it; nil for none.
func specOf(c *secret.Cron) *string {
	if c == nil {
		return nil
	}

	return new(c.Expression + " " + c.TimeZone)
}

// scheduleColumns are the columns of a schedule, all nil for none. By the calendar the seconds are those between the
// next two times.
type scheduleColumns struct {
	everySeconds *int64
	at           *time.Time
	length       *int32
	alphabet     *secret.Alphabet
}

func schedule(s *secret.ScheduleState) (c scheduleColumns) {
	if s == nil {
		return c
	}

	every := max(time.Hour, s.After(s.NextAt).Sub(s.NextAt)) // half an hour may be left out between two times
	c.at, c.everySeconds = &s.NextAt, new(int64(every/time.Second))
	if s.Generator != nil {
		c.length, c.alphabet = &s.Generator.Length, &s.Generator.Alphabet
	}

	return c
}

// Get implements secret.Store.
func (d Secrets) Get(ctx context.Context, ws authz.WorkspaceID, ids []secret.ID) ([]secret.Secret, error) {
	var rows []secretRow
	if err := d.list(ctx, ws, &rows, byID(secretColumns, `secret`, visible), ws, distinct(ids)); err != nil {
		return nil, err
	}

	return secretsOf(rows), nil
}

func secretsOf(rows []secretRow) []secret.Secret {
	all := make([]secret.Secret, len(rows))
	for i, row := range rows {
		all[i] = row.secret()
	}

	return all
}

// lockSecret reads a secret that is not deleted and keeps others from changing it until the transaction ends.
func (t *Tx) lockSecret(id secret.ID) (secret.Secret, error) {
	var row secretRow
	found, err := t.get(&row, `SELECT `+secretColumns+` FROM secret WHERE workspace_id = $1 AND id = $2
		AND state = 'ACTIVE' FOR UPDATE`, t.ws, id)
	if err == nil && !found {
		err = secret.NotFound()
	}

	return row.secret(), err
}

// Update implements secret.Store.
func (d Secrets) Update(
	ctx context.Context, id secret.ID, c secret.UpdateRequest, e audit.Entry,
) (s secret.Secret, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		before, err := tx.lockSecret(id)
		if err != nil {
			return err
		}

		has, err := tx.labelsBefore(secretLabels, id.String(), c.Labels)
		if err != nil {
			return err
		}

		c, changes := c.Beyond(before, has)
		if s = before; !changes {
			tx.bookkeeping("the secret was like that before")
			return nil
		}

		if s, err = tx.changeSecret(before, c); err != nil {
			return err
		}

		e := e.FillTarget(id.String(), before.Name)
		if s.Name != before.Name {
			e = e.Fill("name", s.Name)
		}

		if e, err = tx.changeLabels(secretLabels, id.String(), c.Labels, e); err != nil {
			return err
		}

		return tx.record(e)
	})
	return s, secretNameTaken(err)
}

// changeSecret counts a new schedule from the last rotation: if that is a period ago, the next is due at once.
func (t *Tx) changeSecret(before secret.Secret, c secret.UpdateRequest) (secret.Secret, error) {
	description, plan := before.Description, (*secret.Schedule)(nil)
	if c.Description != nil {
		description = *c.Description
	}

	if c.Rotation != nil {
		plan = *c.Rotation
	}

	state := plan.From(before.RotatedAt, time.Now())
	if c.Rotation != nil {
		if err := t.setCron(before.ID, state); err != nil {
			return before, err
		}
	}

	next := schedule(state)
	var row secretRow
	_, err := t.get(&row, `UPDATE secret SET name = coalesce($3, name), description = $4,
			rotate_every_seconds = CASE WHEN $5 THEN $6::bigint ELSE rotate_every_seconds END, rotate_length =
			CASE WHEN $5 THEN $7::integer ELSE rotate_length END,
			rotate_alphabet = CASE WHEN $5 THEN $8 ELSE rotate_alphabet END, rotate_at =
			CASE WHEN $5 THEN $9::timestamptz ELSE rotate_at END,
			rotate_error = CASE WHEN $5 THEN NULL ELSE rotate_error END, rotate_noted_at = CASE WHEN $5 THEN NULL
			ELSE rotate_noted_at END
		WHERE workspace_id = $1 AND id = $2 RETURNING `+secretColumns, t.ws, before.ID, c.Name, description,
		c.Rotation != nil, next.everySeconds, next.length, next.alphabet, next.at)
	return row.secret(), err
}

// setCron keeps the schedule by the calendar of a secret, or that it has none.
func (t *Tx) setCron(of secret.ID, s *secret.ScheduleState) error {
	if s == nil || s.Cron == nil {
		_, err := t.exec(`DELETE FROM rotation_cron WHERE workspace_id = $1 AND secret_id = $2`, t.ws, of)
		return err
	}

	_, err := t.exec(`INSERT INTO rotation_cron (workspace_id, secret_id, every_seconds, spec) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, secret_id) DO UPDATE SET every_seconds = excluded.every_seconds,
			spec = excluded.spec`, t.ws, of, schedule(s).everySeconds, specOf(s.Cron))
	return err
}

// texts are an array for the database, which is empty, never null.
func texts(all []string) pq.StringArray { return append(pq.StringArray{}, all...) }
