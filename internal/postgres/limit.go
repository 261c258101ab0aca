package postgres

import (
	"cmp"

	"github.com/provenanceone/data-api/internal/workspace"
)

// Limits are how many rows of a kind a workspace may have; 0 is no limit. Those that are written at the same moment
// may go beyond one by as many: no writer waits for another one to be counted.
type Limits struct {
	// Secrets are counted with those that can be restored, APIKeys while they can be used, SecretVersions of one
	// secret while their values are kept. OpenLeases are those that have neither ended nor expired.
	Secrets, SecretVersions, APIKeys, RunningDeletions, OpenLeases int
}

// countedRows are the rows of each kind in a workspace, read by an index and no further than the limit.
var countedRows = map[workspace.Countable]string{
	workspace.Secrets: `secret WHERE workspace_id = $1 ORDER BY id`,
	workspace.UsableKeys: `api_key WHERE workspace_id = $1 AND revoked_at IS NULL
		AND (expires_at IS NULL OR expires_at > now()) ORDER BY id DESC`,
	workspace.RunningDeletions: `deletion WHERE workspace_id = $1 AND state = 'RUNNING' ORDER BY due_at`,
	workspace.OpenLeases: `lease WHERE workspace_id = $1 AND expires_at > now() AND ended_at IS NULL
		ORDER BY expires_at`,
}

// atMost holds a limit once a row was inserted. Errors: those of Countable.Refuse.
func (t *Tx) atMost(limit int, rows workspace.Countable) error {
	if limit == 0 {
		return nil
	}

	var n int
	_, err := t.get(&n, `SELECT count(*) FROM (SELECT FROM `+countedRows[rows]+` LIMIT $2) r`, t.ws, limit+1)
	return cmp.Or(err, rows.Refuse(n, limit))
}
