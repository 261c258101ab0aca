package resolvers

import (
	"strconv"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
)

func newSecret(in graph.CreateSecretInput) secret.New {
	return secret.New{Name: in.Name, Description: in.Description, Value: given(in.Value), IdempotencyKey: in.IdempotencyKey}
}

func rotation(in graph.RotateSecretInput) secret.Rotation {
	return secret.Rotation{SecretID: secret.ID(in.SecretID), Value: given(in.Value), IfVersion: in.IfVersion, IdempotencyKey: in.IdempotencyKey}
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

func secretOf(s secret.Secret) *graph.Secret { return secretsOf([]secret.Secret{s})[0] }

func secretsOf(all []secret.Secret) []*graph.Secret {
	return each(dataloader.Rows(all), func(row dataloader.Secret) *graph.Secret {
		s := row.Self
		return &graph.Secret{ID: s.ID.String(), Name: s.Name, Description: s.Description, Format: graph.SecretFormat(s.Format),
			CurrentVersion: s.CurrentVersion, CreatedAt: s.CreatedAt, CreatedBy: actorOf(s.CreatedBy), RotatedAt: s.RotatedAt, LastRevealedAt: s.LastRevealedAt, Row: row}
	})
}

func secretVersionOf(v secret.Version) *graph.SecretVersion {
	return &graph.SecretVersion{Version: v.Version, State: graph.SecretVersionState(v.State), CreatedAt: v.CreatedAt, CreatedBy: actorOf(v.CreatedBy)}
}

func revealPayload(r secret.Reveal) *graph.RevealSecretPayload {
	text, plain := r.Value.Open()
	return &graph.RevealSecretPayload{Secret: secretOf(r.Secret), Version: r.Version, Value: text, Base64: plain, AuditEventID: r.EventID.String()}
}

func secretConnection(p page.Page[secret.Secret]) *graph.SecretConnection {
	nodes := secretsOf(p.Items)
	edges, info := gather(p, func(s secret.Secret) page.Key { return page.Key{s.Name} }, nodes,
		func(cursor string, n *graph.Secret) *graph.SecretEdge {
			return &graph.SecretEdge{Cursor: cursor, Node: n}
		})
	return &graph.SecretConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}

func secretVersionsOf(all []secret.Version) []*graph.SecretVersion { return each(all, secretVersionOf) }

func secretVersionConnection(p page.Page[secret.Version], nodes []*graph.SecretVersion) *graph.SecretVersionConnection {
	edges, info := gather(p, func(v secret.Version) page.Key { return page.Key{strconv.Itoa(int(v.Version))} }, nodes,
		func(cursor string, n *graph.SecretVersion) *graph.SecretVersionEdge {
			return &graph.SecretVersionEdge{Cursor: cursor, Node: n}
		})
	return &graph.SecretVersionConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}
