package resolvers

import (
	"cmp"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/page"
)

func auditFilter(in *graph.AuditFilter) (f audit.Filter, err error) {
	if in == nil {
		return f, nil
	}

	action, noAction := page.Text("action", in.Action)
	principal, noPrincipal := page.Text("principalId", in.PrincipalID)
	target, noTarget := page.Text("targetId", in.TargetID)
	if err := cmp.Or(noAction, noPrincipal, noTarget); err != nil {
		return f, err
	}

	f = audit.Filter{
		Action:      audit.Action(action),
		PrincipalID: principal,
		TargetID:    target,
		Since:       in.Since,
		Until:       in.Until,
	}
	if in.Risk != nil {
		f.Risk = audit.Risk(*in.Risk)
	}

	if in.Outcome != nil {
		f.Outcome = audit.Outcome(*in.Outcome)
	}

	return f, nil
}

func auditEventOf(e audit.Event) *graph.AuditEvent {
	return &graph.AuditEvent{
		ID:          e.ID.String(),
		At:          e.At,
		Action:      string(e.Action),
		Risk:        graph.Risk(e.Risk),
		Outcome:     graph.Outcome(e.Outcome),
		Actor:       actorOf(e.Actor),
		IP:          textOrNull(e.From.IP),
		UserAgent:   textOrNull(e.From.UserAgent),
		RequestID:   e.From.RequestID,
		Reason:      textOrNull(e.Reason),
		TargetKind:  e.Target.Kind,
		TargetID:    textOrNull(e.Target.ID),
		TargetLabel: textOrNull(e.Target.Label),
		Details:     e.Details,
	}
}

func auditEventConnection(p page.Page[audit.Event]) *graph.AuditEventConnection {
	nodes := each(p.Items, auditEventOf)
	edges, info := gather[graph.AuditEventEdge](p, nodes)
	return &graph.AuditEventConnection{Nodes: nodes, Edges: edges, PageInfo: info}
}
