package postgres

import (
	"context"
	"crypto/hmac"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
)

// lockSecret reads a secret that is not deleted and keeps others from changing it until the transaction ends.
func (t *Tx) lockSecret(s *secret.Secret, id secret.ID) error {
	found, err := t.get(s, `SELECT `+secretColumns+` FROM secret WHERE workspace_id = $1 AND id = $2 AND state = 'ACTIVE' FOR UPDATE`, t.ws, id)
	if err == nil && !found {
		return secret.NotFound()
	}
	return err
}

// AdvanceSecret implements secret.Store.
func (d *DB) AdvanceSecret(ctx context.Context, id secret.ID, ifVersion *int32, k secret.Kept, e audit.Entry) (s secret.Secret, v secret.Version, err error) {
	err = d.write(ctx, e, func(tx *Tx, e *audit.Entry) error {
		if err := tx.lockSecret(&s, id); err != nil {
			return err
		}
		if ifVersion != nil && *ifVersion != s.CurrentVersion {
			return secret.MovedOn(s.CurrentVersion)
		}
		var err error
		if v, err = tx.addSecretVersion(id, s.CurrentVersion+1, k, e.By.Who); err != nil {
			return err
		}
		*e = e.With("version", v.Version)
		_, err = tx.get(&s, `UPDATE secret SET current_version = $3, format = $4, rotated_at = now()
			WHERE workspace_id = $1 AND id = $2 RETURNING `+secretColumns, tx.ws, id, v.Version, k.Format)
		return err
	})
	return s, v, err
}

// CheckRotation implements secret.Store.
func (d *DB) CheckRotation(ctx context.Context, id secret.ID, ifVersion *int32, f secret.Fingerprint, e audit.Entry) (s secret.Secret, err error) {
	var refused error
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if err := tx.lockSecret(&s, id); err != nil {
			return err
		}
		if ifVersion != nil && *ifVersion != s.CurrentVersion {
			return secret.MovedOn(s.CurrentVersion)
		}
		var current []byte
		if _, err := tx.get(&current, `SELECT fingerprint FROM secret_version WHERE workspace_id = $1 AND secret_id = $2 AND version = $3`,
			tx.ws, id, s.CurrentVersion); err != nil || !hmac.Equal(current, f) {
			return err
		}
		var err error
		refused, err = tx.refuseSameValue(s, e)
		return err
	})
	if err == nil {
		err = refused
	}
	return s, err
}

// refuseSameValue puts on record that a secret was given the value that it has: whoever tries values would learn by it.
func (t *Tx) refuseSameValue(s secret.Secret, e audit.Entry) (refused, err error) {
	var before struct {
		Count  int
		Oldest *time.Time
		Now    time.Time
	}
	_, err = t.get(&before, `SELECT count(*) AS count, min(at) AS oldest, now() AS now FROM audit_event
		WHERE workspace_id = $1 AND id > first_uuidv7(now() - interval '1 hour') AND action = $2 AND target_id = $3`, t.ws, e.Action, s.ID.String())
	if err != nil {
		return nil, err
	}
	if before.Count >= secret.MaxSameValue {
		wait := int(time.Hour.Seconds() - before.Now.Sub(*before.Oldest).Seconds())
		return fault.New(fault.RateLimited, "This secret was given the value that it has too often; try again later.").With("retryAfterSeconds", max(wait, 1)), nil
	}
	refused = fault.Field(fault.Invalid, "value", "This is the secret's current value: a rotation needs another one.")
	return refused, t.record(e.On("secret", s.ID.String(), s.Name).Ended(audit.Denied).With("version", s.CurrentVersion))
}
