package postgres_test

import (
	"context"
	"fmt"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
)

// labelFilters are filters by labels of the seeds: one that every fourth row has, one that a few rows have, and both of
// one kind with one of the other.
var labelFilters = map[string][]label.Filter{
	"all":                          nil,
	"of a label":                   {{Key: "half", Value: new("0")}},
	"of a label, whatever it says": {{Key: "half"}},
	"of a rare label":              {{Key: "rare", Value: new("0")}},
	"of two labels":                {{Key: "half"}, {Key: "rare"}},
}

// orderedLists are the lists whose order callers choose, in each order, under each filter by labels.
func orderedLists() map[string]list {
	all := map[string]list{
		"labels of datastores": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.Datastores().Labels(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")}))
		},
		"labels of secrets": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.Secrets().Labels(ctx, ws, []secret.ID{named[secret.ID]("secret0")}))
		},
	}
	for labels, by := range labelFilters {
		for _, down := range []bool{false, true} {
			for _, field := range []datastore.OrderField{datastore.ByName, datastore.ByCreatedAt, datastore.ByUpdatedAt} {
				f := datastore.Filter{Labels: by, Order: datastore.Order{Field: field, Descending: down}}
				name := fmt.Sprintf("datastores by %q, down %t, %s", field, down, labels)
				all[name] = datastores(f, first)
				f.NameContains = "TORE"
				all[name+", by name"] = datastores(f, first)
				f.Name = &aStore
				if by == nil {
					all[name+", of one name"] = datastores(f, first)
				}
			}

			for _, field := range []secret.OrderField{secret.ByName, secret.ByCreatedAt, secret.ByRotatedAt} {
				f := secret.Filter{Labels: by, Order: secret.Order{Field: field, Descending: down}}
				name := fmt.Sprintf("secrets by %q, down %t, %s", field, down, labels)
				all[name] = secretList(f, first)
				f.Deleted = true
				all[name+", deleted ones too"] = secretList(f, first)
				f.Name = &aSecret
				if by == nil {
					all[name+", of one name"] = secretList(f, first)
				}
			}
		}
	}

	half, none := "2026-01-01T00:00:03Z", named[datastore.ID]("").String()
	for _, down := range []bool{false, true} {
		all[fmt.Sprintf("datastores by time, deep, down %t", down)] = datastores(datastore.Filter{
			Order: datastore.Order{Field: datastore.ByCreatedAt, Descending: down},
		}, page.Request{First: 20, After: page.Key{half, none}})
		all[fmt.Sprintf("secrets by time, deep, down %t", down)] = secretList(secret.Filter{
			Order: secret.Order{Field: secret.ByCreatedAt, Descending: down}, Deleted: true,
		}, page.Request{First: 20, After: page.Key{half, none}})
	}
	return all
}

func init() {
	for _, down := range []bool{false, true} {
		for _, field := range []datastore.OrderField{datastore.ByName, datastore.ByCreatedAt, datastore.ByUpdatedAt} {
			order := datastore.Order{Field: field, Descending: down}
			if order == (datastore.Order{}) {
				continue // it is there without being chosen
			}
			name := fmt.Sprintf("datastores by %q, down %t", field, down)
			ordered[name] = func(
				ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request,
			) ([]page.Key, error) {
				return keysOf(db.Datastores().List(ctx, ws, datastore.Filter{Order: order}, r))
			}
			filtered[name+", of a label"] = func(
				ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request,
			) ([]page.Key, error) {
				f := datastore.Filter{Order: order, Labels: labelFilters["of a label"]}
				return keysOf(db.Datastores().List(ctx, ws, f, r))
			}
		}

		for _, field := range []secret.OrderField{secret.ByName, secret.ByCreatedAt, secret.ByRotatedAt} {
			order := secret.Order{Field: field, Descending: down}
			if order == (secret.Order{}) {
				continue
			}
			ordered[fmt.Sprintf("secrets by %q, down %t", field, down)] = func(
				ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request,
			) ([]page.Key, error) {
				return keysOf(db.Secrets().List(ctx, ws, secret.Filter{Order: order, Deleted: true}, r))
			}
		}
	}
}
