package postgres_test

import (
	"context"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

// listsWithinChanges are those that are read on the way to a change.
func listsWithinChanges() map[string]list {
	agent := reference.Consumer{Kind: "AGENT", ExternalID: "2 of 2"}
	claim := run.PinRequest{IDs: []secret.ID{named[secret.ID]("secret0")}, Under: named[run.LeaseID]("lease2")}
	claim.Consumer = run.Consumer{Kind: "AGENT", ExternalID: "7 of 0"}
	anew := claim
	anew.Under = named[run.LeaseID]("none")

	return map[string]list{
		"users of a secret": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.UsersOf(ctx, ws, named[secret.ID]("secret2")))
		},
		"references of a consumer": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.ReferencesOf(ctx, ws, agent))
		},
		"secrets that a lease holds": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.HeldBy(ctx, ws, claim.Under))
		},
		"secrets to inject": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.Injectable(ctx, ws, claim))
		},
		"secrets to inject under a new lease": func(ctx context.Context, db *postgres.DB,
			ws authz.WorkspaceID) (int, error) {
			return found(db.Injectable(ctx, ws, anew))
		},
		"secrets to refer to": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return 1, db.LockReferable(ctx, ws, claim.IDs)
		},
		"versions up to a number": func(ctx context.Context, db *postgres.DB, ws authz.WorkspaceID) (int, error) {
			return found(db.VersionsUpTo(ctx, ws, named[object.ID]("object0"), 20))
		},
	}
}

// TestForget_OfManyThatAreOld_DropsTen has Postgres believe that there are few: what is limited to ten is then read
// again for each row, where a plan may do that.
func TestForget_OfManyThatAreOld_DropsTen(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.grow(t, 0, few)
	_, err := f.superuser(t).Exec(`ANALYZE; UPDATE pg_class SET reltuples = 1` + ofTables(`oid`))
	testkit.Must(t, err)
	claims, leases, err := f.db.Forget(t.Context(), f.acme.Workspace)
	testkit.Must(t, err)
	if claims != 10 || leases != 10 {
		t.Errorf("%d claims and %d leases are dropped at once", claims, leases)
	}
}
