package resolvers

import (
	"strconv"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
)

func newSecret(in graph.CreateSecretInput) secret.New {
	return secret.New{Name: in.Name, Description: in.Description, Value: given(in.Value)}
}

func given(in *graph.SecretValueInput) secret.Given {
	return secret.Given{Text: in.Text, JSON: in.JSON, Base64: in.Base64}
}

func secretFilter(in *graph.SecretFilter) (f secret.Filter) {
	if in != nil && in.NameContains != nil {
		f.NameContains = *in.NameContains
	}
	return f
}

// textOf is empty for null.
func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func secretOf(s secret.Secret) *graph.Secret {
	return &graph.Secret{ID: s.ID.String(), Name: s.Name, Description: s.Description, Format: graph.SecretFormat(s.Format),
		CurrentVersion: s.CurrentVersion, CreatedAt: s.CreatedAt, CreatedBy: actorOf(s.CreatedBy), RotatedAt: s.RotatedAt, LastRevealedAt: s.LastRevealedAt}
}

func secretVersionOf(v secret.Version) *graph.SecretVersion {
	return &graph.SecretVersion{Version: v.Version, State: graph.SecretVersionState(v.State), CreatedAt: v.CreatedAt, CreatedBy: actorOf(v.CreatedBy)}
}

func revealPayload(r secret.Reveal) *graph.RevealSecretPayload {
	text, plain := r.Value.Open()
	return &graph.RevealSecretPayload{Secret: secretOf(r.Secret), Version: r.Version, Value: text, Base64: plain, AuditEventID: r.EventID.String()}
}

func secretConnection(p page.Page[secret.Secret]) *graph.SecretConnection {
	nodes, edges, info := gather(p, func(s secret.Secret) page.Key { return page.Key{s.Name} }, secretOf,
		func(cursor string, n *graph.Secret) *graph.SecretEdge {
			return &graph.SecretEdge{Cursor: cursor, Node: n}
		})
	return &graph.SecretConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}

func secretVersionConnection(p page.Page[secret.Version]) *graph.SecretVersionConnection {
	nodes, edges, info := gather(p, func(v secret.Version) page.Key { return page.Key{strconv.Itoa(int(v.Version))} }, secretVersionOf,
		func(cursor string, n *graph.SecretVersion) *graph.SecretVersionEdge {
			return &graph.SecretVersionEdge{Cursor: cursor, Node: n}
		})
	return &graph.SecretVersionConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}
