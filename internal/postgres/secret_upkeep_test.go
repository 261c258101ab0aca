package postgres_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/secret"
)

// TestDueFor_TwoWorkspaces_PagesThroughAllOnce finds two secrets in each of two workspaces, three at a time.
func TestDueFor_TwoWorkspaces_PagesThroughAllOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, name := range []string{"a", "b", "c"} {
		f.secret(t, name)
		globex := f
		globex.acme = f.globex
		globex.secret(t, name)
	}
	super := open(t, f.SuperURL)
	for _, change := range []string{
		`UPDATE secret SET rotate_every_seconds = 3600, rotate_at = now() - interval '1 minute'`,
		`UPDATE secret SET rotate_at = now() + interval '1 minute' WHERE name = 'c'`,
	} {
		_, err := super.Exec(change)
		testkit.Must(t, err)
	}
	found := map[secret.WorkItem]int{}
	for after := (secret.WorkItem{}); ; {
		some, err := f.db.Secrets().DueFor(t.Context(), secret.RotateDue, time.Now(), after, 3)
		testkit.Must(t, err)
		if len(some) == 0 {
			break
		}
		for _, d := range some {
			found[d]++
			after = d
		}
	}
	workspaces := map[string]int{}
	for d, n := range found {
		if n != 1 || d.Region != "eu" {
			t.Errorf("%v was found %d times", d, n)
		}
		workspaces[d.Workspace.String()]++
	}
	if len(found) != 4 || workspaces[f.acme.Workspace.String()] != 2 || workspaces[f.globex.Workspace.String()] != 2 {
		t.Errorf("found %v", found)
	}
}

func TestUpkeep_AppRole_CannotChangeWhichDeploymentItIs(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	app := open(t, f.AppURL)
	for _, statement := range []string{
		`UPDATE upkeep.instance SET id = gen_random_uuid()`, `DELETE FROM upkeep.instance`,
		`INSERT INTO upkeep.instance (one) VALUES (true)`,
		`DELETE FROM river.river_migration`, `DROP TABLE river.river_job`,
	} {
		if _, err := app.Exec(statement); err == nil {
			t.Errorf("the app's role could: %s", statement)
		}
	}
}
