package erasure_test

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestDelete_StoresOfAnother_TouchesNothing has the settings of another deployment.
func TestDelete_StoresOfAnother_TouchesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	elsewhere := testkit.NewStorage(t, nil)
	for name, wrong := range map[string]func(*erasure.Deleter){
		"a bucket without a mark": func(d *erasure.Deleter) { d.Blobs = elsewhere.Store },
		"a Secret Manager that never was compared": func(d *erasure.Deleter) {
			d.Vault = testkit.NewVaultOf(t, "2b7f3c5e-55a5-4c4e-a6b1-6f3d2b9d7a10")
		},
	} {
		d := r.deleter(&crash{})
		wrong(&d)
		if _, err := d.Delete(t.Context(), r.order()); !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: %v", name, err)
		}
	}
	testkit.Must(t, elsewhere.SetMark(t.Context(), "eu", reconcile.Mark{Instance: "another", Run: 3}))
	d := r.deleter(&crash{})
	d.Blobs = elsewhere.Store
	if _, err := d.Delete(t.Context(), r.order()); !fault.Is(err, fault.Conflict) {
		t.Errorf("a bucket of another deployment: %v", err)
	}
	if r.Count(t, `SELECT count(*) FROM member`) != 1 || r.Count(t, `SELECT count(*) FROM upkeep.workspace_deletion`) != 0 {
		t.Error("the deletion has begun all the same")
	}
}

func TestDelete_WhileAnotherDoes_IsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	release, err := r.owner.Lock(t.Context(), r.acme.Workspace)
	testkit.Must(t, err)
	if _, err := r.delete(t.Context(), &crash{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("meanwhile: %v", err)
	}
	testkit.Must(t, release())
	if done, err := r.delete(t.Context(), &crash{}); err != nil || done.EndedAt == nil {
		t.Errorf("afterwards: %+v, %v", done, err)
	}
}

// TestDelete_IdIsThereAgain_DeletesAgain makes the workspace anew, as an idempotency key that is used again does.
func TestDelete_IdIsThereAgain_DeletesAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first, err := r.delete(t.Context(), &crash{})
	testkit.Must(t, err)
	_, err = r.Super.ExecContext(t.Context(), `INSERT INTO workspace (id, name, region) VALUES ($1, 'acme', 'eu')`,
		r.acme.Workspace)
	testkit.Must(t, err)
	if _, err := r.delete(t.Context(), &crash{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("into the export of the first: %v", err)
	}
	r.dir = filepath.Join(t.TempDir(), "again")
	again, err := r.delete(t.Context(), &crash{})
	if err != nil || again.EndedAt == nil || !again.BegunAt.After(first.BegunAt) || again.Export != r.dir {
		t.Errorf("again: %+v, %v", again, err)
	}
	if n := r.Count(t, `SELECT count(*) FROM workspace WHERE id = $1`, r.acme.Workspace); n != 0 {
		t.Error("the workspace is there")
	}
}

func TestDelete_EveryRunThatExports_WaitsForRequestsUnderWay(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := r.delete(t.Context(), &crash{at: 3}); !errors.Is(err, errCrash) { // Begin, EndAccess, Export
		t.Fatal(err)
	}
	_, err := r.Super.ExecContext(t.Context(), `UPDATE upkeep.workspace_deletion SET access_ended_at = now() - interval '1 day'`)
	testkit.Must(t, err)
	if _, err := r.delete(t.Context(), &crash{}); err != nil {
		t.Fatal(err)
	}
	if want := []time.Duration{erasure.Drain, erasure.Drain}; !slices.Equal(r.waited, want) {
		t.Errorf("it waited %v", r.waited)
	}
}
