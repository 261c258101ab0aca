package postgres

import (
	"cmp"
	"slices"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/run"
)

// endKeys ends the keys that a member has created and that reach beyond the role left to them, none after a removal,
// and puts each on record as part of e. If they are kept, the entry that it returns says so.
func (t *Tx) endKeys(
	e audit.Entry, of member.ID, left authz.Role, keep bool,
) (filled audit.Entry, ended member.Keys, err error) {
	if keep {
		return e.Fill("keysKept", true), ended, nil
	}

	if ended.APIKeys, err = t.revokeKeysOf(of, left); err != nil {
		return e, ended, err
	}

	if ended.RuntimeKeys, err = t.removeRuntimeKeysOf(of, left); err != nil {
		return e, ended, err
	}

	if parts := ended.Ended(e, of); len(parts) > 0 {
		err = t.record(parts...)
	}

	return e, ended, err
}

// revokeKeysOf revokes the API keys that a member has created, but for those whose scopes are within a role.
func (t *Tx) revokeKeysOf(of member.ID, left authz.Role) ([]apikey.Key, error) {
	var rows []keyRow
	if err := t.list(&rows, `SELECT `+keyColumns+` FROM api_key
		WHERE workspace_id = $1 AND created_by_kind = 'USER' AND created_by_id = $2 AND revoked_at IS NULL
		ORDER BY id FOR UPDATE`, t.ws, of.String()); err != nil {
		return nil, err
	}

	var ids []apikey.ID
	for _, row := range rows {
		if slices.ContainsFunc(row.key().Scopes, func(s authz.Scope) bool { return !s.Within(left) }) {
			ids = append(ids, row.ID)
		}
	}

	rows = nil
	if err := t.list(&rows, `UPDATE api_key SET revoked_at = now() WHERE workspace_id = $1 AND id = ANY($2::uuid[])
		RETURNING `+keyColumns, t.ws, known(ids)); err != nil {
		return nil, err
	}

	keys := make([]apikey.Key, len(rows))
	for i, row := range rows {
		keys[i] = row.key()
	}

	return keys, nil
}

// removeRuntimeKeysOf removes the runtime keys that a member has created, which only admins may have.
func (t *Tx) removeRuntimeKeysOf(of member.ID, left authz.Role) (keys []run.RuntimeKey, err error) {
	if left.Includes(authz.Admin) {
		return nil, nil
	}

	err = t.list(&keys, `DELETE FROM runtime_key WHERE workspace_id = $1 AND created_by_kind = 'USER'
		AND created_by_id = $2
		RETURNING `+runtimeKeyColumns, t.ws, of.String())
	return keys, err
}

// stillAdmin holds the membership of whoever makes a key until that is committed, so that a removal or a lower role,
// which ends their keys, comes before or after it. Errors: those of member.RefuseKey if it came before.
func (t *Tx) stillAdmin(by authz.Who) error {
	if by.Kind != authz.User {
		return nil
	}

	var role authz.Role
	_, err := t.get(&role, `SELECT role FROM member WHERE workspace_id = $1 AND id = $2 FOR SHARE`, t.ws,
		member.ID(by.PrincipalID))
	return cmp.Or(err, member.RefuseKey(role))
}
