package resolvers

import (
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
)

func deletionRequest(in graph.DeleteObjectsInput) deletion.BeginRequest {
	return deletion.BeginRequest{DatastoreID: datastore.ID(in.DatastoreID), Prefix: in.Prefix, DryRun: *in.DryRun}
}

// deletionOf is nil for none.
func deletionOf(d *deletion.Deletion) *graph.Deletion {
	if d == nil {
		return nil
	}

	return &graph.Deletion{
		ID:             d.ID.String(),
		DatastoreID:    d.DatastoreID.String(),
		Prefix:         d.Prefix,
		State:          graph.DeletionState(d.State),
		ObjectsTotal:   d.ObjectsTotal,
		Counting:       d.Counting,
		ObjectsDeleted: d.ObjectsDeleted,
		BytesFreed:     d.BytesFreed,
		LastError:      d.LastError,
		CreatedAt:      d.CreatedAt,
		FinishedAt:     d.FinishedAt,
	}
}

func deletionsOf(all []deletion.Deletion) []*graph.Deletion {
	return each(all, func(d deletion.Deletion) *graph.Deletion { return deletionOf(&d) })
}
