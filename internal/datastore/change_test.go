package datastore_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestUpdate_FieldsLeftOut_StayAndNullClears(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	text := "of each day"
	d, err := r.Create(t.Context(), r.acme, datastore.CreateRequest{Name: "reports", Description: &text})
	testkit.Must(t, err)
	name, none := "daily", (*string)(nil)
	d, err = r.Update(t.Context(), r.acme, d.ID, datastore.UpdateRequest{Name: &name})
	testkit.Must(t, err)
	if d.Name != "daily" || d.Description == nil || *d.Description != text {
		t.Fatalf("a new name made it %+v", d)
	}
	d, err = r.Update(t.Context(), r.acme, d.ID, datastore.UpdateRequest{Description: &none})
	testkit.Must(t, err)
	if d.Name != "daily" || d.Description != nil {
		t.Fatalf("no description made it %+v", d)
	}
}

func TestUpdate_WithBadInput_NamesTheFieldAndChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.make(t, "reports")
	r.make(t, "other")
	long, empty, taken, fine := strings.Repeat("a", 2001), "", "other", "fine"
	longer := &long
	for field, c := range map[string]datastore.UpdateRequest{
		"name":        {Name: &empty},
		"description": {Name: &fine, Description: &longer},
	} {
		if _, err := r.Update(t.Context(), r.acme, d.ID, c); fieldOf(err, fault.Invalid) != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := r.Update(t.Context(), r.acme, d.ID, datastore.UpdateRequest{Name: &taken}); fieldOf(err,
		fault.Conflict) != "name" {
		t.Errorf("a taken name: %v", err)
	}
	for _, id := range []datastore.ID{"x", "01980000-0000-7000-8000-000000000000"} {
		if _, err := r.Update(t.Context(), r.acme, id, datastore.UpdateRequest{Name: &fine}); !fault.Is(err,
			fault.NotFound) {
			t.Errorf("%s: %v", id, err)
		}
	}
	if _, err := r.Update(t.Context(), r.globex, d.ID, datastore.UpdateRequest{Name: &fine}); !fault.Is(err,
		fault.NotFound) {
		t.Errorf("globex: %v", err)
	}
	if got, err := r.Find(t.Context(), r.acme, d.ID); err != nil || got.Name != "reports" {
		t.Errorf("it is %+v, %v", got, err)
	}
}

// settler is asked before a datastore counts as empty.
type settler func() error

func (s settler) SettleAll(context.Context, authz.Actor, datastore.ID) error { return s() }

func TestDelete_StorageDown_ChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.make(t, "reports")
	down := errors.New("down")
	db, err := postgres.Open(r.AppURL)
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, db.Close()) })
	broken := datastore.NewService(db.Datastores(), settler(func() error { return down }), nil, nil)
	if _, err := broken.Delete(t.Context(), r.acme, d.ID, false); !errors.Is(err, down) {
		t.Fatalf("got %v", err)
	}
	if _, err := r.Find(t.Context(), r.acme, d.ID); err != nil {
		t.Fatalf("it is gone: %v", err)
	}
}
