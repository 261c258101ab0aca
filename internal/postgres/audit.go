package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

// AuditLog reads the events of the log: it implements audit.Store. A store writes an event with its effect, by
// Tx.record; DB.Record writes those that have none.
type AuditLog struct{ *DB }

// AuditLog returns the store of events.
func (d *DB) AuditLog() AuditLog { return AuditLog{d} }

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

// record adds entries of this transaction's workspace to the log, in one statement however many they are. Errors:
// fault.Internal if one is not complete.
func (t *Tx) record(entries ...audit.Entry) error {
	all, err := encodeEntries(entries)
	if err != nil {
		return err
	}

	if _, err = t.exec(recordQuery(`$2`, `'{}'`, ``), t.ws, all); err != nil {
		return fmt.Errorf("recording %s: %w", entries[0].Action, err)
	}

	t.recorded = true
	return nil
}

// recordQuery puts the entries of a parameter on record for each row of `from`, which begins with a comma unless it is
// empty. details is an expression, which adds to the details of each.
func recordQuery(entries, details, from string) string {
	return `INSERT INTO audit_event (workspace_id, id, action, risk, outcome, actor_kind, actor_id, actor_label,
			ip, user_agent, request_id, reason, target_kind, target_id, target_label, details)
		SELECT $1, e.id, action, risk, outcome, actor_kind, actor_id, actor_label,
			ip, user_agent, request_id, reason, target_kind, target_id, target_label, e.details || ` + details + `
		FROM jsonb_populate_recordset(NULL::audit_event, ` + entries + `) e` + from
}

// encodeEntries returns the parameter of recordQuery. Errors: fault.Internal if an entry is not complete.
func encodeEntries(entries []audit.Entry) ([]byte, error) {
	rows, err := turnEntries(entries)
	if err != nil {
		return nil, fault.New(fault.Internal, "").Because(err)
	}

	all, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("encoding what is put on record: %w", err)
	}

	return all, nil
}

// entryJSON is an entry with the columns' names.
type entryJSON struct {
	ID          audit.EventID   `json:"id"`
	Action      audit.Action    `json:"action"`
	Risk        audit.Risk      `json:"risk"`
	Outcome     audit.Outcome   `json:"outcome"`
	ActorKind   authz.ActorKind `json:"actor_kind"`
	ActorID     string          `json:"actor_id"`
	ActorLabel  string          `json:"actor_label"`
	IP          string          `json:"ip"`
	UserAgent   string          `json:"user_agent"`
	RequestID   string          `json:"request_id"`
	Reason      string          `json:"reason"`
	TargetKind  string          `json:"target_kind"`
	TargetID    string          `json:"target_id"`
	TargetLabel string          `json:"target_label"`
	Details     map[string]any  `json:"details"`
}

func turnEntries(entries []audit.Entry) (rows []entryJSON, err error) {
	for _, e := range entries {
		all, err := e.All()
		if err != nil {
			return nil, err
		}

		for _, one := range all {
			rows = append(rows, turnEntry(one))
		}
	}

	return rows, nil
}

func turnEntry(e audit.Entry) entryJSON {
	row := entryJSON{
		ID:          e.ID,
		Action:      e.Action,
		Risk:        e.Risk,
		Outcome:     e.Outcome,
		ActorKind:   e.By.Kind,
		ActorID:     e.By.PrincipalID,
		ActorLabel:  e.By.Label,
		IP:          e.By.From.IP,
		UserAgent:   e.By.From.UserAgent,
		RequestID:   e.By.From.RequestID,
		Reason:      e.Reason,
		TargetKind:  e.Target.Kind,
		TargetID:    e.Target.ID,
		TargetLabel: e.Target.Label,
		Details:     e.Details,
	}
	if callers := e.By.From.CallersRequestID; callers != "" {
		row.Details = e.With("callersRequestId", callers).Details
	}

	if row.Details == nil {
		row.Details = map[string]any{}
	}

	return row
}

// columns are those of the event, but for its workspace; label and details are the last.
func (e entryJSON) columns() (columns, error) {
	details, err := json.Marshal(e.Details)
	if err != nil {
		return nil, fmt.Errorf("encoding what is put on record: %w", err)
	}

	return columns{
		{"id", e.ID},
		{"action", e.Action},
		{"risk", e.Risk},
		{"outcome", e.Outcome},
		{"actor_kind", e.ActorKind},
		{"actor_id", e.ActorID},
		{"actor_label", e.ActorLabel},
		{"ip", e.IP},
		{"user_agent", e.UserAgent},
		{"request_id", e.RequestID},
		{"reason", e.Reason},
		{"target_kind", e.TargetKind},
		{"target_id", e.TargetID},
		{"target_label", e.TargetLabel},
		{"details", details},
	}, nil
}

// Record implements audit.Recorder.
func (d *DB) Record(ctx context.Context, entries ...audit.Entry) error {
	if len(entries) == 0 {
		return nil
	}

	return d.transact(ctx, entries[0].By.Workspace, func(tx *Tx) error { return tx.record(entries...) })
}

// Get implements audit.Store.
func (d AuditLog) Get(ctx context.Context, ws authz.WorkspaceID, ids []audit.EventID) ([]audit.Event, error) {
	var rows []eventRow
	if err := d.list(ctx, ws, &rows, byID(eventColumns, `audit_event`, `true`), ws, distinct(ids)); err != nil {
		return nil, err
	}

	return turn(rows, eventRow.event)
}

const eventFilter = `SELECT ` + eventColumns + ` FROM audit_event
	WHERE workspace_id = $1 AND id < $2
		AND ($4 = '' OR action = $4) AND ($5 = '' OR risk = $5)
		AND ($6 = '' OR outcome = $6) AND ($7 = '' OR actor_id = $7)
		AND ($8::timestamptz IS NULL OR at >= $8) AND ($9::timestamptz IS NULL OR at < $9)`

// The events of one target have an index of their own; what else is asked for is looked for from the newest on.
const (
	eventsQuery    = eventFilter + ` ORDER BY id DESC LIMIT $3`
	eventsOfTarget = eventFilter + ` AND (target_id, id) < ($10, $2) AND target_id >= $10
		ORDER BY target_id DESC, id DESC LIMIT $3`
)

// eventOrder is newest first.
var eventOrder = page.Order[audit.Event]{
	Name:  "auditEvents",
	Start: page.Key{lastID},
	Key:   func(e audit.Event) page.Key { return page.Key{e.ID.String()} },
}

// List implements audit.Store.
func (d AuditLog) List(
	ctx context.Context, ws authz.WorkspaceID, f audit.Filter, r page.Request,
) (page.Page[audit.Event], error) {
	order := eventOrder.Of(ws, f)
	at, err := order.After(r)
	if err != nil {
		return page.Page[audit.Event]{}, err
	}

	query, read := eventsQuery, d.list
	args := []any{ws, audit.EventID(at[0]), r.Limit(), f.Action, f.Risk, f.Outcome, f.PrincipalID, f.Since, f.Until}
	switch {
	case f.TargetID != "":
		query, args = eventsOfTarget, append(args, f.TargetID)
	case f.Action != "" || f.Risk != "" || f.Outcome != "" || f.PrincipalID != "":
		read = d.scan
	}

	var rows []eventRow
	if err := read(ctx, ws, &rows, query, args...); err != nil {
		return page.Page[audit.Event]{}, err
	}

	events, err := turn(rows, eventRow.event)
	return order.Cut(r, events, 0), err
}
