package postgres

import (
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
)

// Limits are how many rows of a kind a workspace may have; 0 is no limit. Those that are written at the same moment
// may go beyond one by as many: no writer waits for another one to be counted.
type Limits struct {
	// Secrets are counted with those that can be restored, APIKeys while they can be used, SecretVersions of one
	// secret while their values are kept. OpenLeases are those that have neither ended nor expired.
	Secrets, SecretVersions, APIKeys, RunningDeletions, OpenLeases int
}

// What is counted of a workspace, read by an index and no further than the limit.
const (
	allSecrets = `secret WHERE workspace_id = $1 ORDER BY id`
	usableKeys = `api_key WHERE workspace_id = $1 AND revoked_at IS NULL
		AND (expires_at IS NULL OR expires_at > now()) ORDER BY id DESC`
	runningDeletions = `deletion WHERE workspace_id = $1 AND state = 'RUNNING' ORDER BY due_at`
	openLeases       = `lease WHERE workspace_id = $1 AND expires_at > now() AND ended_at IS NULL ORDER BY expires_at`
)

// atMost holds a limit once a row was inserted. Errors: fault.QuotaExceeded.
func (t *Tx) atMost(limit int, plural, rows string) error {
	if limit == 0 {
		return nil
	}

	var n int
	if _, err := t.get(&n, `SELECT count(*) FROM (SELECT FROM `+rows+` LIMIT $2) r`, t.ws, limit+1); err != nil ||
		n <= limit {
		return err
	}

	return tooMany(limit, plural)
}

func tooMany(limit int, plural string) error {
	return fault.New(fault.QuotaExceeded, "The workspace has %d %s, and may have no more.", limit, plural).
		With("limit", limit)
}

// roomForVersion looks at one version, as many numbers back as there may be: if that is kept, so are those after it,
// unless somebody destroyed some. Whatever is before it was destroyed when later versions were made.
//
// Errors: fault.QuotaExceeded.
func (t *Tx) roomForVersion(id secret.ID, current int32, limit int) error {
	if limit == 0 || int(current) < limit {
		return nil
	}

	var kept bool
	if _, err := t.get(&kept, `SELECT destroyed_at IS NULL FROM secret_version WHERE workspace_id = $1
		AND secret_id = $2 AND version = $3`,
		t.ws, id, int(current)+1-limit); err != nil || !kept {
		return err
	}

	return fault.Field(fault.QuotaExceeded, "secretId",
		"The secret's last %d versions are kept, and no more may be: destroy version %d.",
		limit, int(current)+1-limit).With("limit", limit)
}
