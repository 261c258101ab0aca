package resolvers

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/node"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/upload"
)

// nodes finds nodes of one kind, in the order of their ids; nil where there is none any more.
type nodes func(ctx context.Context, ids []node.ID) ([]graph.Node, error)

// anyOf makes nodes of any kind out of those of one.
func anyOf[T, N any, P interface {
	*N
	graph.Node
}](k kind[T, N]) nodes {
	return func(ctx context.Context, ids []node.ID) ([]graph.Node, error) {
		found, err := k.byID(ctx, idsOf(ids, func(id node.ID) ident.Of[T] { return ident.Of[T](id) }))
		all := make([]graph.Node, len(found))
		for i, n := range found {
			if n != nil {
				all[i] = P(n)
			}
		}

		return all, err
	}
}

func (r *Resolver) kinds() map[node.Kind]nodes {
	return map[node.Kind]nodes{
		node.Datastore:       anyOf(r.datastores()),
		node.DatastoreObject: anyOf(r.objects()),
		node.Deletion: anyOf(kind[deletion.Deletion, graph.Deletion]{r.nouns.Deletions.FindAll,
			func(d deletion.Deletion) deletion.ID { return d.ID }, deletionsOf}),
		node.ObjectVersion: anyOf(r.versions()),
		node.Upload: anyOf(kind[upload.Upload, graph.Upload]{r.nouns.Uploads.FindAll,
			func(u upload.Upload) upload.ID { return u.ID }, uploadsOf}),
		node.Secret: anyOf(r.secrets()),
		node.RuntimeKey: anyOf(kind[run.RuntimeKey, graph.RuntimeKey]{r.nouns.Runs.FindKeys,
			func(k run.RuntimeKey) run.KeyID { return k.ID }, runtimeKeysOf}),
		node.APIKey: anyOf(kind[apikey.Key, graph.APIKey]{r.nouns.APIKeys.FindAll,
			func(k apikey.Key) apikey.ID { return k.ID },
			func(all []apikey.Key) []*graph.APIKey { return each(all, apiKeyOf) }}),
		node.Member: anyOf(kind[member.Member, graph.Member]{r.nouns.Members.FindAll,
			func(m member.Member) member.ID { return m.ID },
			func(all []member.Member) []*graph.Member { return each(all, memberOf) }}),
		node.AuditEvent: anyOf(kind[audit.Event, graph.AuditEvent]{r.nouns.AuditLog.FindAll,
			func(e audit.Event) audit.EventID { return e.ID },
			func(all []audit.Event) []*graph.AuditEvent { return each(all, auditEventOf) }}),
		node.Workspace: func(ctx context.Context, ids []node.ID) ([]graph.Node, error) {
			w, err := r.currentWorkspace(ctx)
			return slices.Repeat([]graph.Node{w}, len(ids)), err
		},
	}
}

// nodesByID returns what ids name, in their order, under the rule of each type, and why the caller may not see some:
// nil errors where it may.
//
// It is one statement for what the ids name and one for each kind among them, however many they are.
func (r *Resolver) nodesByID(ctx context.Context, ids []node.ID) (found []graph.Node, refused []error, err error) {
	kindOf, err := r.nouns.Nodes.Kinds(ctx, authz.ActorFrom(ctx), ids)
	if err != nil {
		return nil, nil, err
	}

	places := map[node.Kind][]int{}
	for i, id := range ids {
		if k, known := kindOf[id]; known {
			places[k] = append(places[k], i)
		}
	}

	found, refused = make([]graph.Node, len(ids)), make([]error, len(ids))
	for k, at := range places {
		if why := r.guard.admitTo(ctx, string(k)); why != nil {
			for _, i := range at {
				refused[i] = why
			}

			continue
		}

		some, err := r.kinds()[k](ctx, idsOf(at, func(i int) node.ID { return ids[i] }))
		if err != nil {
			return nil, nil, err
		}

		for n, i := range at {
			found[i] = some[n]
		}
	}

	return found, refused, nil
}

func (r *Resolver) nodeByID(ctx context.Context, id string) (graph.Node, error) {
	found, refused, err := r.nodesByID(ctx, []node.ID{node.ID(id)})
	if err != nil {
		return nil, err
	}

	return found[0], refused[0]
}

// allNodes is nodesByID for a list, in which what is refused is null with an error at its place.
func (r *Resolver) allNodes(ctx context.Context, ids []string) ([]graph.Node, error) {
	found, refused, err := r.nodesByID(ctx, idsOf(ids, func(id string) node.ID { return node.ID(id) }))
	for i, why := range refused {
		if why != nil {
			graphql.AddError(ctx, &gqlerror.Error{
				Err:  why,
				Path: append(slices.Clip(graphql.GetPath(ctx)), ast.PathIndex(i)),
			})
		}
	}

	return found, err
}
