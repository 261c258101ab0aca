package resolvers

import (
	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/reference"
)

func consumer(in *graph.ConsumerInput) reference.Consumer {
	return reference.Consumer{Kind: reference.Kind(in.Kind), ExternalID: in.ExternalID, Name: in.Name}
}

func referencesOf(all []reference.Reference) []*graph.SecretReference {
	return each(dataloader.Rows(all), func(row dataloader.Reference) *graph.SecretReference {
		c := row.Self.Consumer
		return &graph.SecretReference{
			Consumer:  &graph.Consumer{Kind: graph.ConsumerKind(c.Kind), ExternalID: c.ExternalID, Name: c.Name},
			CreatedAt: row.Self.CreatedAt,
			Row:       row,
		}
	})
}

func referenceConnection(
	p page.Page[reference.Reference], nodes []*graph.SecretReference,
) *graph.SecretReferenceConnection {
	edges, info := gather[graph.SecretReferenceEdge](p, nodes)
	return &graph.SecretReferenceConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}
