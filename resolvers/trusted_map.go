package resolvers

import (
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/trusted"
)

func trustedDocumentsOf(l trusted.List) *graph.TrustedDocuments {
	documents := make(map[string]any, len(l.Documents))
	for id, text := range l.Documents {
		documents[id] = text
	}

	return &graph.TrustedDocuments{
		Documents:     documents,
		DocumentCount: int32(len(l.Documents)), //nolint:gosec // at most MaxDocuments
		Revision:      l.Revision,
		SetAt:         l.SetAt,
		SetBy:         actorOf(l.SetBy),
	}
}
