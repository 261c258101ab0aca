package postgres_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

func keysOf[T any](p page.Page[T], err error) ([]page.Key, error) { return p.Keys, err }

func keysOfOne[T any](all []page.Page[T], err error) ([]page.Key, error) {
	if err != nil {
		return nil, err
	}
	return all[0].Keys, nil
}

// ordered are the lists of the contract, by name.
var ordered = map[string]func(
	context.Context, *postgres.DB, authz.WorkspaceID, page.Request,
) ([]page.Key, error){
	"datastores": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.Datastores().List(ctx, ws, datastore.Filter{}, r))
	},
	"secrets": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.Secrets().List(ctx, ws, secret.Filter{Deleted: true}, r))
	},
	"events": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.AuditLog().List(ctx, ws, audit.Filter{}, r))
	},
	"API keys": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.APIKeys().List(ctx, ws, r))
	},
	"runtime keys": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.RuntimeKeys().List(ctx, ws, r))
	},
	"members": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.Members().List(ctx, ws, r))
	},
	"objects": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Objects().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")}, object.Filter{}, r))
	},
	"folders": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Objects().ListFolders(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")},
			object.Below{Delimiter: "/"}, r))
	},
	"uploads": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Uploads().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")}, "", r))
	},
	"versions": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Objects().ListVersions(ctx, ws, []object.ID{named[object.ID]("object0")}, r))
	},
	"secret versions": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Secrets().ListVersions(ctx, ws, []secret.ID{named[secret.ID]("secret0")}, r))
	},
	"references": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.References().List(ctx, ws, []secret.ID{named[secret.ID]("secret0")}, r))
	},
}

// TestLists_GoOnAfterEachKey asks for the first page of each list, and for what comes after each of its items: the
// keys are what the query goes on after.
func TestLists_GoOnAfterEachKey(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.grow(t, 0, few)
	for name, ask := range ordered {
		all, err := ask(t.Context(), f.db, f.acme.Workspace, page.Request{First: 10})
		testkit.Must(t, err)
		if len(all) < 2 {
			t.Errorf("%s: %d keys", name, len(all))
			continue
		}

		for i, key := range all[:len(all)-1] {
			got, err := ask(t.Context(), f.db, f.acme.Workspace, page.Request{First: 1, After: key})
			testkit.Must(t, err)
			if len(got) != 1 || !slices.Equal(got[0], all[i+1]) {
				t.Errorf("%s: after %q comes %q, want %q", name, key, got, all[i+1])
			}
		}

		ran, other := f.db.Statements(), slices.Concat(all[0], page.Key{""})
		_, err = ask(t.Context(), f.db, f.acme.Workspace, page.Request{First: 1, After: other})
		if ran = f.db.Statements() - ran; !fault.Is(err, fault.Invalid) || ran != 0 {
			t.Errorf("%s: a cursor of another list: %v, after %d statements", name, err, ran)
		}
	}
}

// filtered are lists of the same names under other filters, in other parents.
var filtered = map[string]func(
	context.Context, *postgres.DB, authz.WorkspaceID, page.Request,
) ([]page.Key, error){
	"datastores by name": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.Datastores().List(ctx, ws, datastore.Filter{NameContains: "s"}, r))
	},
	"secrets by name": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.Secrets().List(ctx, ws, secret.Filter{NameContains: "s", Deleted: true}, r))
	},
	"events of a risk": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOf(db.AuditLog().List(ctx, ws, audit.Filter{Risk: audit.High}, r))
	},
	"objects below a prefix": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Objects().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")}, object.Filter{Prefix: "f"}, r))
	},
	"objects elsewhere": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Objects().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore1")}, object.Filter{}, r))
	},
	"objects here and elsewhere": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Objects().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0"),
			named[datastore.ID]("datastore1")}, object.Filter{}, r))
	},
	"objects of a folder": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Objects().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")},
			object.Filter{Folder: new("")}, r))
	},
	"folders below a prefix": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Objects().ListFolders(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")},
			object.Below{Prefix: "f", Delimiter: "/"}, r))
	},
	"open uploads": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Uploads().List(ctx, ws, []datastore.ID{named[datastore.ID]("datastore0")}, upload.Open, r))
	},
	"versions of another": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID, r page.Request) ([]page.Key, error) {
		return keysOfOne(db.Secrets().ListVersions(ctx, ws, []secret.ID{named[secret.ID]("secret1")}, r))
	},
}

// TestLists_TakeNoCursorOfAnother offers the first cursor of each list to every other one, to the same list in another
// workspace, and as releases before this one wrote it.
func TestLists_TakeNoCursorOfAnother(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.grow(t, 0, few)
	for name, ask := range ordered {
		keys, err := ask(t.Context(), f.db, f.acme.Workspace, page.Request{First: 1})
		testkit.Must(t, err)
		after := page.Request{First: 1, After: keys[0]}
		for _, others := range []map[string]func(
			context.Context, *postgres.DB, authz.WorkspaceID, page.Request,
		) ([]page.Key, error){ordered, filtered} {
			for other, ask := range others {
				if _, err := ask(t.Context(), f.db, f.acme.Workspace, after); other != name && field(err) != "after" {
					t.Errorf("a cursor of %s is taken for one of %s: %v", name, other, err)
				}
			}
		}
		if _, err := ask(t.Context(), f.db, f.globex.Workspace, after); field(err) != "after" {
			t.Errorf("a cursor of another workspace's %s is taken: %v", name, err)
		}
		after.After = keys[0][1:]
		if _, err := ask(t.Context(), f.db, f.acme.Workspace, after); field(err) != "after" {
			t.Errorf("a cursor of %s of the release before is taken: %v", name, err)
		}
	}
}

func field(err error) any {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return nil
	}
	return f.Details["field"]
}
