package postgres_test

import (
	"context"
	"crypto/md5"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

// list asks for a page, as the server does, and says how many items it has.
type list func(context.Context, *postgres.DB, authz.WorkspaceID) (items int, err error)

// named is the id that the seeds give a row.
func named[ID ~string](row string) ID {
	return ID(uuid.UUID(md5.Sum([]byte(row))).String())
}

var (
	first = page.Request{First: 20}
	yes   = true
	no    = false
	// aStore and aSecret are names that the seeds give.
	aStore, aSecret = "store 0000300", "secret 0000300"
	last            = object.BlobID("ffffffff-ffff-ffff-ffff-ffffffffffff")
)

func after(key ...string) page.Request { return page.Request{First: 20, After: key} }

// deep reads a list from the middle on: its cursors bear its mark, which the first one tells.
func deep[T any](r page.Request, read func(page.Request) (page.Page[T], error)) (page.Page[T], error) {
	if len(r.After) > 0 {
		start, err := read(page.Request{First: 1})
		if err != nil || len(start.Keys) == 0 {
			return start, fmt.Errorf("it has no first page: %w", err)
		}
		r.After = append(page.Key{start.Keys[0][0]}, r.After...)
	}
	return read(r)
}

// deepOne is deep for what is below one row.
func deepOne[T any](r page.Request, read func(page.Request) ([]page.Page[T], error)) (page.Page[T], error) {
	return deep(r, func(r page.Request) (none page.Page[T], err error) {
		all, err := read(r)
		if err != nil || len(all) != 1 {
			return none, fmt.Errorf("%d pages, %w", len(all), err)
		}
		return all[0], nil
	})
}

func one[T any](all []page.Page[T], err error) (int, error) {
	if err != nil || len(all) != 1 {
		return 0, fmt.Errorf("%d pages, %w", len(all), err)
	}
	return len(all[0].Items), nil
}

func of[T any](p page.Page[T], err error) (int, error) { return len(p.Items), err }

func found[T any](all []T, err error) (int, error) { return len(all), err }

func objects(f object.Filter, r page.Request) list {
	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		return of(deepOne(r, func(r page.Request) ([]page.Page[object.Object], error) {
			return db.Objects().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")}, f, r)
		}))
	}
}

func folders(in string, below object.Below, r page.Request) list {
	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		return of(deepOne(r, func(r page.Request) ([]page.Page[object.Folder], error) {
			return db.Objects().ListFolders(ctx, ws, []datastore.ID{named[datastore.ID](in)}, below, r)
		}))
	}
}

func uploads(s upload.State) list {
	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		return one(db.Uploads().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")}, s, first))
	}
}

func openUploads(w upload.OpenFilter) list {
	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		return found(db.Uploads().ListOpen(ctx, ws, w, 20))
	}
}

func datastores(f datastore.Filter, r page.Request) list {
	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		return of(deep(r, func(r page.Request) (page.Page[datastore.Datastore], error) {
			return db.Datastores().List(ctx, ws, f, r)
		}))
	}
}

func secretList(f secret.Filter, r page.Request) list {
	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		return of(deep(r, func(r page.Request) (page.Page[secret.Secret], error) {
			return db.Secrets().List(ctx, ws, f, r)
		}))
	}
}

func events(f audit.Filter) list {
	return func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
		return of(db.AuditLog().List(ctx, ws, f, first))
	}
}

func dueFor(task secret.Task) list {
	return func(ctx context.Context, db *postgres.DB, _ authz.WorkspaceID) (int, error) {
		return found(db.Secrets().DueFor(ctx, task, time.Now(), secret.WorkItem{}, 20))
	}
}

// lists are all the lists of the contract, and those that jobs page through.
func lists() map[string]list {
	theStore := []datastore.ID{named[datastore.ID]("datastore0")}
	slash, from := object.Below{Delimiter: "/"}, object.Below{Prefix: "folder ", Delimiter: "/"}
	colon, noID := object.Below{Prefix: "folder ", Delimiter: ":"}, uuid.Nil.String()
	filtered := audit.Filter{Action: "secret.revealed", Risk: "HIGH", Outcome: audit.Allowed, PrincipalID: "somebody"}
	month := time.Now().AddDate(0, -1, 0)
	filtered.Since = &month

	all := map[string]list{
		"objects":                   objects(object.Filter{}, first),
		"objects, deep":             objects(object.Filter{}, after("folder 091/")),
		"objects, by prefix":        objects(object.Filter{Prefix: "folder 051/"}, page.Request{First: 5}),
		"objects of a folder":       objects(object.Filter{Folder: new("folder 051/")}, page.Request{First: 5}),
		"objects of no folder":      objects(object.Filter{Folder: new("")}, first),
		"folders":                   folders("datastore0", slash, first),
		"folders, deep":             folders("datastore0", slash, after("folder 071/")),
		"folders below a prefix":    folders("datastore0", from, after("folder 051/")),
		"folders by a delimiter":    folders("datastore1", colon, after("folder 051:")),
		"uploads":                   uploads(""),
		"uploads, open":             uploads(upload.Open),
		"uploads, rejected":         uploads(upload.Rejected),
		"uploads, completed":        uploads(upload.Completed),
		"open uploads, expired":     openUploads(upload.OpenFilter{ExpiredBefore: time.Now()}),
		"open uploads of a key":     openUploads(upload.OpenFilter{In: theStore, Key: "key 7"}),
		"open uploads of a prefix":  openUploads(upload.OpenFilter{In: theStore, Prefix: "key 1"}),
		"open uploads by page":      openUploads(upload.OpenFilter{In: theStore, Since: named[upload.ID]("upload0")}),
		"datastores":                datastores(datastore.Filter{}, first),
		"datastores, by name":       datastores(datastore.Filter{NameContains: "STORE"}, after("store 0000300")),
		"datastores, of one name":   datastores(datastore.Filter{Name: &aStore}, first),
		"secrets":                   secretList(secret.Filter{}, first),
		"secrets, deep":             secretList(secret.Filter{}, after("secret 0000300", noID)),
		"secrets, by name":          secretList(secret.Filter{NameContains: "SECRET"}, first),
		"secrets, of one name":      secretList(secret.Filter{Name: &aSecret, Deleted: true}, first),
		"secrets, deleted ones too": secretList(secret.Filter{Deleted: true}, after("deleted 0000300", noID)),
		"secrets, referenced":       secretList(secret.Filter{Referenced: &yes}, first),
		"secrets, not referenced":   secretList(secret.Filter{Referenced: &no, Deleted: true}, first),
		"secrets, overdue":          secretList(secret.Filter{Overdue: &yes}, first),
		"events":                    events(audit.Filter{}),
		"events of a target":        events(audit.Filter{TargetID: "wanted"}),
		"events, filtered":          events(filtered),
		"secrets to sweep":          dueFor(secret.Sweep),
		"secrets to purge":          dueFor(secret.Purge),
		"secrets to rotate":         dueFor(secret.RotateDue),
		"versions to destroy":       dueFor(secret.Destroy),
	}
	maps.Copy(all, otherLists())
	maps.Copy(all, orderedLists())
	maps.Copy(all, lookups())
	maps.Copy(all, listsWithinChanges())
	maps.Copy(all, decisions())
	return all
}

func otherLists() map[string]list {
	theSecret, theObject := []secret.ID{named[secret.ID]("secret0")}, []object.ID{named[object.ID]("object0")}
	return map[string]list{
		"versions": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return one(db.Objects().ListVersions(ctx, ws, theObject, first))
		},
		"secret versions": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return one(db.Secrets().ListVersions(ctx, ws, theSecret, first))
		},
		"references": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return one(db.References().List(ctx, ws, theSecret, first))
		},
		"API keys": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return of(db.APIKeys().List(ctx, ws, first))
		},
		"runtime keys": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return of(db.RuntimeKeys().List(ctx, ws, first))
		},
		"members": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return of(deep(after("0000300"), func(r page.Request) (page.Page[member.Member], error) {
				return db.Members().List(ctx, ws, r)
			}))
		},
		"workspaces": func(ctx context.Context, db *postgres.DB, _ authz.WorkspaceID) (int, error) {
			return found(db.Workspaces().Of(ctx, "idp", "roamer"))
		},
		"memberships": func(ctx context.Context, db *postgres.DB, _ authz.WorkspaceID) (int, error) {
			return found(db.Members().MembershipsOf(ctx, "idp", "roamer", "nobody@example.com"))
		},
		"secrets in the vault": func(ctx context.Context, db *postgres.DB, _ authz.WorkspaceID) (int, error) {
			return found(db.Secrets().InTheVault(ctx, time.Now(), secret.WorkItem{}, 20))
		},
		"uploads overdue": func(ctx context.Context, db *postgres.DB, _ authz.WorkspaceID) (int, error) {
			return found(db.Uploads().Overdue(ctx, time.Now(), upload.WorkItem{}, 20))
		},
		"deletions due": func(ctx context.Context, db *postgres.DB, _ authz.WorkspaceID) (int, error) {
			return found(db.Deletions().Due(ctx, deletion.WorkItem{}, 20))
		},
		"objects to delete": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return db.NextObjects(ctx, theTurn(ws), 20)
		},
		"blobs that a deletion freed": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.Deletions().Freed(ctx, theTurn(ws), 20))
		},
		"blobs to drop": func(ctx context.Context, db *postgres.DB, _ authz.WorkspaceID) (int, error) {
			return found(db.Objects().UnusedBlobs(ctx, object.WorkItem{}, 20))
		},
		"blobs between": func(ctx context.Context, db *postgres.DB, _ authz.WorkspaceID) (int, error) {
			return found(db.Objects().BlobsBetween(ctx, []string{"eu"}, "", last, 20))
		},
	}
}

func theTurn(ws authz.WorkspaceID) deletion.Lock {
	due := deletion.WorkItem{Workspace: ws, ID: named[deletion.ID]("deletion0")}
	return deletion.Lock{WorkItem: due, DatastoreID: named[datastore.ID]("datastore0")}
}
