package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
)

const eventColumns = `id, at, action, risk, outcome,
	actor_kind AS "actor.kind", actor_id AS "actor.principal_id", actor_label AS "actor.label",
	ip AS "from.ip", user_agent AS "from.user_agent", request_id AS "from.request_id", reason,
	target_kind AS "target.kind", target_id AS "target.id", target_label AS "target.label", details AS details_json`

type eventRow struct {
	audit.Event
	DetailsJSON []byte
}

func (r eventRow) event() (audit.Event, error) {
	err := json.Unmarshal(r.DetailsJSON, &r.Details)
	return r.Event, err
}

// record adds the entry to the log, in this transaction.
func (t *Tx) record(e audit.Entry) error {
	details, err := json.Marshal(e.Details)
	if err != nil {
		return fmt.Errorf("encoding details of %s: %w", e.Action, err)
	}
	if e.Details == nil {
		details = []byte("{}")
	}
	_, err = t.exec(`
		INSERT INTO audit_event (workspace_id, id, action, risk, outcome, actor_kind, actor_id, actor_label,
			ip, user_agent, request_id, reason, target_kind, target_id, target_label, details)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		t.ws, e.ID, e.Action, e.Risk, e.Outcome, e.By.Kind, e.By.PrincipalID, e.By.Label,
		e.By.From.IP, e.By.From.UserAgent, e.By.From.RequestID, e.Reason, e.Target.Kind, e.Target.ID, e.Target.Label, details)
	if err != nil {
		return fmt.Errorf("recording %s: %w", e.Action, err)
	}
	return nil
}

// Record implements audit.Store.
func (d *DB) Record(ctx context.Context, e audit.Entry) error {
	return d.write(ctx, e, func(*Tx, *audit.Entry) error { return nil })
}

// Event implements audit.Store.
func (d *DB) Event(ctx context.Context, ws authz.WorkspaceID, id audit.EventID) (audit.Event, bool, error) {
	var row eventRow
	found, err := d.get(ctx, ws, &row, `SELECT `+eventColumns+` FROM audit_event WHERE workspace_id = $1 AND id = $2`, ws, id)
	if err != nil || !found {
		return audit.Event{}, false, err
	}
	event, err := row.event()
	return event, err == nil, err
}

// Events implements audit.Store.
func (d *DB) Events(ctx context.Context, ws authz.WorkspaceID, f audit.Filter, r page.Request) (page.Page[audit.Event], error) {
	before := audit.EventID("ffffffff-ffff-ffff-ffff-ffffffffffff")
	if r.After != nil {
		before = audit.EventID(r.After[0])
	}
	var rows []eventRow
	err := d.list(ctx, ws, &rows, `SELECT `+eventColumns+` FROM audit_event
		WHERE workspace_id = $1 AND id < $2
			AND ($4 = '' OR action = $4) AND ($5 = '' OR risk = $5) AND ($6 = '' OR outcome = $6)
			AND ($7 = '' OR actor_id = $7) AND ($8 = '' OR target_id = $8)
			AND ($9::timestamptz IS NULL OR at >= $9) AND ($10::timestamptz IS NULL OR at < $10)
		ORDER BY id DESC LIMIT $3`, ws, before, r.Limit(), f.Action, f.Risk, f.Outcome, f.PrincipalID, f.TargetID, f.Since, f.Until)
	if err != nil {
		return page.Page[audit.Event]{}, err
	}
	events := make([]audit.Event, len(rows))
	for i, row := range rows {
		if events[i], err = row.event(); err != nil {
			return page.Page[audit.Event]{}, fmt.Errorf("reading details of event %s: %w", row.ID, err)
		}
	}
	return page.Cut(r, events, 0), nil
}
