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
		_, err = tx.get(&s, `UPDATE secret SET current_version = $3, format = $4, rotated_at = now(),
				rotate_at = now() + make_interval(secs => rotate_every_seconds), rotate_error = NULL, rotate_noted_at = NULL
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
		if err := tx.checkSameValueRate(s, e); err != nil {
			return err
		}
		var current []byte
		if _, err := tx.get(&current, `SELECT fingerprint FROM secret_version WHERE workspace_id = $1 AND secret_id = $2 AND version = $3`,
			tx.ws, id, s.CurrentVersion); err != nil || !hmac.Equal(current, f) {
			return err
		}
		refused = secret.SameValue()
		return tx.record(e.On("secret", id.String(), s.Name).Ended(audit.Denied).With("version", s.CurrentVersion))
	})
	if err == nil {
		err = refused
	}
	return s, err
}

// checkSameValueRate refuses whoever has tried the current value too often, before anything is compared: the answer tells nothing of it.
// Others can go on rotating the secret.
func (t *Tx) checkSameValueRate(s secret.Secret, e audit.Entry) error {
	var before struct {
		Count  int
		Oldest *time.Time
		Now    time.Time
	}
	_, err := t.get(&before, `SELECT count(*) AS count, min(at) AS oldest, now() AS now FROM audit_event
		WHERE workspace_id = $1 AND target_id = $2 AND id > first_uuidv7(now() - interval '1 hour') AND action = $3 AND actor_id = $4`,
		t.ws, s.ID.String(), e.Action, e.By.PrincipalID)
	if err != nil || before.Count < secret.MaxSameValue {
		return err
	}
	wait := time.Hour - before.Now.Sub(*before.Oldest)
	return fault.New(fault.RateLimited, "You gave this secret the value that it had too often; try again later, or let somebody else rotate it.").
		With("retryAfterSeconds", max(int(wait.Seconds()), 1))
}
