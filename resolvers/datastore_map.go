package resolvers

import (
	"cmp"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/page"
)

func newDatastore(in graph.CreateDatastoreInput) datastore.CreateRequest {
	return datastore.CreateRequest{
		Name:           in.Name,
		Description:    in.Description,
		MaxObjectBytes: in.MaxObjectBytes,
		ContentTypes:   in.ContentTypes,
		KeepVersions:   in.KeepVersions,
		Labels:         labels(in.Labels),
		IdempotencyKey: in.IdempotencyKey,
	}
}

func datastoreChange(in graph.UpdateDatastoreInput) (c datastore.UpdateRequest) {
	c.Name, c.Labels = in.Name, newLabels(in.Labels)
	if description, set := in.Description.ValueOK(); set {
		c.Description = &description
	}

	if bytes, set := in.MaxObjectBytes.ValueOK(); set {
		c.MaxObjectBytes = &bytes
	}

	if types, set := in.ContentTypes.ValueOK(); set {
		c.ContentTypes = &types
	}

	if versions, set := in.KeepVersions.ValueOK(); set {
		c.KeepVersions = orOne(versions)
	}

	return c
}

// orOne is what null means where a number has the default 1.
func orOne(n *int32) *int32 {
	return cmp.Or(n, new(int32(1)))
}

// datastoreArguments are those by which a list of datastores is filtered and ordered.
type datastoreArguments struct {
	nameContains, name *string
	labels             []*graph.LabelFilter
	order              *graph.DatastoreOrder
}

func datastoreFilter(in datastoreArguments) (datastore.Filter, error) {
	part, err := page.Text("nameContains", in.nameContains)
	_, empty := page.Text("name", in.name)
	return datastore.Filter{
		NameContains: part,
		Name:         in.name,
		Labels:       labelFilters(in.labels),
		Order:        datastoreOrder(in.order),
	}, cmp.Or(err, empty)
}

var datastoreOrderFields = map[graph.DatastoreOrderField]datastore.OrderField{
	graph.DatastoreOrderFieldName:      datastore.ByName,
	graph.DatastoreOrderFieldCreatedAt: datastore.ByCreatedAt,
	graph.DatastoreOrderFieldUpdatedAt: datastore.ByUpdatedAt,
}

func datastoreOrder(in *graph.DatastoreOrder) datastore.Order {
	if in == nil {
		return datastore.Order{}
	}

	return datastore.Order{Field: datastoreOrderFields[in.Field], Descending: descending(in.Direction)}
}

func datastoreOf(d datastore.Datastore) *graph.Datastore {
	return datastoresOf([]datastore.Datastore{d})[0]
}

func datastoresOf(all []datastore.Datastore) []*graph.Datastore {
	return each(dataloader.Rows(all), func(row dataloader.Datastore) *graph.Datastore {
		d := row.Self
		return &graph.Datastore{
			ID:             d.ID.String(),
			Name:           d.Name,
			Description:    d.Description,
			ObjectCount:    d.ObjectCount,
			UsedBytes:      d.UsedBytes,
			MaxObjectBytes: d.MaxObjectBytes,
			ContentTypes:   d.ContentTypes,
			KeepVersions:   d.KeepVersions,
			CreatedAt:      d.CreatedAt,
			CreatedBy:      actorOf(d.CreatedBy),
			UpdatedAt:      d.UpdatedAt,
			Row:            row,
		}
	})
}

func datastoreConnection(p page.Page[datastore.Datastore]) *graph.DatastoreConnection {
	nodes := datastoresOf(p.Items)
	edges, info := gather[graph.DatastoreEdge](p, nodes)
	return &graph.DatastoreConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}
