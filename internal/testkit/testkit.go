// Package testkit is what tests of services stand on: a database of their own with workspaces in it, a storage and a
// vault behind the real clients of Google, and the two checks that nearly every line of a test needs.
//
// Each test builds its own, so tests run in parallel and never see each other. All of it ends with the test.
package testkit

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/workspace"
)

// T is what *testing.T, *testing.B and *rapid.T have in common.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Must ends the test if there is an error.
func Must(t T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// Refused returns the fault. It ends the test if the error is none of that kind about that field; an empty field is
// any.
func Refused(t T, err error, kind fault.Kind, field string) fault.Error {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != kind || field != "" && e.Details["field"] != field {
		t.Fatalf("got %v, want %s about %q", err, kind, field)
		return fault.Error{}
	}

	return *e
}

// Database is a migrated database, open as the server opens it and as a superuser.
type Database struct {
	*pgtest.Database
	// DB is bound by row-level security, Super by nothing.
	DB    *postgres.DB
	Super *sql.DB
}

// NewDatabase returns a database without rows.
func NewDatabase(tb testing.TB) *Database {
	tb.Helper()
	d := &Database{Database: pgtest.New(tb)}
	d.DB = d.Replica(tb)
	var err error
	d.Super, err = sql.Open("postgres", d.SuperURL)
	Must(tb, err)
	tb.Cleanup(func() { Must(tb, d.Super.Close()) })
	return d
}

// Replica opens the database once more, with connections of its own, as another server does.
func (d *Database) Replica(tb testing.TB) *postgres.DB {
	tb.Helper()
	db, err := postgres.Open(d.AppURL)
	Must(tb, err)
	tb.Cleanup(func() { Must(tb, db.Close()) })
	return db
}

// Workspace makes a workspace in the region eu, and returns its one member, an admin.
func (d *Database) Workspace(t T, name string) authz.Actor {
	t.Helper()
	return d.WorkspaceIn(t, name, "eu")
}

// WorkspaceIn is Workspace in another region.
func (d *Database) WorkspaceIn(t T, name, region string) authz.Actor {
	t.Helper()
	w := workspace.Workspace{ID: authz.NewWorkspaceID(), Name: name, Region: region}
	m := member.Member{
		ID:      ident.New[member.Member](),
		Issuer:  "https://id.example",
		Subject: name,
		Email:   "admin@" + name + ".example",
		Role:    authz.Admin,
	}
	Must(t, workspace.Found(background, d.DB.Workspaces(), w, []member.Member{m}))
	return authz.Actor{
		Who:       authz.Who{Kind: authz.User, PrincipalID: m.ID.String(), Label: m.Email},
		Workspace: w.ID,
		Region:    region,
		Role:      authz.Admin,
		From:      authz.Origin{RequestID: "request", IP: "192.0.2.1", UserAgent: "test"},
	}
}

// Count returns the number that a query of a superuser answers.
func (d *Database) Count(t T, query string, args ...any) (n int) {
	t.Helper()
	Must(t, d.Super.QueryRowContext(background, query, args...).Scan(&n))
	return n
}
