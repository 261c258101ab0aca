package postgres_test

import (
	"context"
	"strconv"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/node"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
)

// lookups read rows by their ids.
func lookups() map[string]list {
	return map[string]list{
		"secrets by id":      byIDs("secret", (*postgres.DB).Secrets, postgres.Secrets.Get),
		"datastores by id":   byIDs("datastore", (*postgres.DB).Datastores, postgres.Datastores.Get),
		"objects by id":      byIDs("object", (*postgres.DB).Objects, postgres.Objects.Get),
		"versions by id":     byIDs(string(named[object.ID]("object0")), (*postgres.DB).Objects, postgres.Objects.Versions),
		"uploads by id":      byIDs("upload", (*postgres.DB).Uploads, postgres.Uploads.Get),
		"deletions by id":    byIDs("deletion", (*postgres.DB).Deletions, postgres.Deletions.Get),
		"members by id":      byIDs("member", (*postgres.DB).Members, postgres.Members.Get),
		"API keys by id":     byIDs("key", (*postgres.DB).APIKeys, postgres.APIKeys.Get),
		"runtime keys by id": byIDs("key", (*postgres.DB).RuntimeKeys, postgres.RuntimeKeys.Get),
		"events by id": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			newest, err := db.AuditLog().List(ctx, ws, audit.Filter{}, page.Request{First: 3})
			if err != nil {
				return 0, err
			}
			var ids []audit.EventID
			for _, e := range newest.Items {
				ids = append(ids, e.ID)
			}
			return found(db.AuditLog().Get(ctx, ws, ids))
		},
		"kinds by id": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			kinds, err := db.Nodes().Kinds(ctx, ws, []node.ID{named[node.ID]("secret0"), named[node.ID]("object0")})
			return len(kinds), err
		},
		"the settled upload to a key": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			_, known, err := db.Uploads().LastSettled(ctx, ws, named[datastore.ID]("datastore0"), "key 41")
			return ifFound(known), err
		},
		"a version of a secret": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			_, known, err := db.Secrets().Version(ctx, ws, named[secret.ID]("secret0"), 100)
			return ifFound(known), err
		},
		"the place of a secret": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			kept, err := db.Secrets().KeptVersion(ctx, ws, named[secret.ID]("secret0"), 30)
			return ifFound(kept.Number != 0), err
		},
		"the policy of a datastore": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			_, err := db.Uploads().PolicyOf(ctx, ws, named[datastore.ID]("datastore0"))
			return 1, err
		},
		"objects by key": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.Objects().
				At(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")}, "folder 051/key 0000051"))
		},
	}
}

func ifFound(found bool) (items int) {
	if found {
		items = 1
	}
	return items
}

// byIDs reads the first rows that the seeds made of a table.
func byIDs[ID ~string, Store, T any](
	row string, of func(*postgres.DB) Store,
	read func(Store, context.Context, authz.WorkspaceID, []ID) ([]T, error),
) list {
	var ids []ID
	for i := range 3 {
		ids = append(ids, named[ID](row+strconv.Itoa(i)))
	}

	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		return found(read(of(db), ctx, ws, ids))
	}
}
