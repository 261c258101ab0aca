package datastore_test

import (
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (r *rig) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := r.Super.ExecContext(t.Context(), statement, args...)
	testkit.Must(t, err)
}

func (r *rig) labels(t *testing.T, id datastore.ID) []label.Label {
	t.Helper()
	all, err := r.Labels(t.Context(), r.acme, []datastore.ID{id})
	testkit.Must(t, err)
	return all[0]
}

// relabel puts labels on a datastore in place of all that it has.
func (r *rig) relabel(t *testing.T, id datastore.ID, all ...label.Label) datastore.Datastore {
	t.Helper()
	d, err := r.Update(t.Context(), r.acme, id, datastore.UpdateRequest{Labels: &all})
	testkit.Must(t, err)
	return d
}

func TestCreate_WithLabels_HasThemInOrderAndOnRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, err := r.Create(t.Context(), r.acme, datastore.CreateRequest{Name: "reports", Labels: []label.Label{
		{Key: "team", Value: "data"}, {Key: "env", Value: "prod"},
	}})
	testkit.Must(t, err)
	bare := r.make(t, "bare")
	all, err := r.Labels(t.Context(), r.acme, []datastore.ID{bare.ID, "x", d.ID, d.ID})
	testkit.Must(t, err)
	want := []label.Label{{Key: "env", Value: "prod"}, {Key: "team", Value: "data"}}
	if len(all) != 4 || all[0] != nil || all[1] != nil || !slices.Equal(all[2], want) || !slices.Equal(all[3], want) {
		t.Errorf("they are %v", all)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.created'
		AND details->'labels' = '{"env": "prod", "team": "data"}' AND target_id = $1`, d.ID.String()); n != 1 {
		t.Errorf("%d events have them", n)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE target_id = $1 AND details ? 'labels'`,
		bare.ID.String()); n != 0 {
		t.Error("an event has labels that the datastore has not")
	}
}

func TestUpdate_OfLabels_ReplacesAllAndIsOneEvent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.make(t, "reports")
	env, team := label.Label{Key: "env", Value: "prod"}, label.Label{Key: "team", Value: "data"}
	dev := label.Label{Key: "env", Value: "dev"}
	for i, c := range []struct {
		change []label.Label
		events int
	}{
		{[]label.Label{team, env}, 1},
		{[]label.Label{env, team}, 1}, // the same again, written otherwise
		{[]label.Label{dev}, 2},
		{[]label.Label{dev}, 2},
		{[]label.Label{}, 3},
		{nil, 3},
		{[]label.Label{env}, 4},
	} {
		r.relabel(t, d.ID, c.change...)
		want := slices.SortedFunc(slices.Values(c.change), func(a, b label.Label) int {
			if a.Key < b.Key {
				return -1
			}
			return 1
		})
		if got := r.labels(t, d.ID); !slices.Equal(got, want) {
			t.Errorf("step %d: %v, want %v", i, got, want)
		}
		if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.updated'`); n != c.events {
			t.Errorf("step %d: %d events, want %d", i, n, c.events)
		}
	}

	// What leaves them out leaves them, and says nothing of them.
	name := "other"
	_, err := r.Update(t.Context(), r.acme, d.ID, datastore.UpdateRequest{Name: &name})
	testkit.Must(t, err)
	same := []label.Label{env}
	name = "third"
	after, err := r.Update(t.Context(), r.acme, d.ID, datastore.UpdateRequest{Name: &name, Labels: &same})
	testkit.Must(t, err)
	if got := r.labels(t, d.ID); !slices.Equal(got, same) || !after.UpdatedAt.After(d.UpdatedAt) {
		t.Errorf("they are %v", got)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'datastore.updated'
		AND NOT details ? 'labels'`); n != 2 {
		t.Errorf("%d events say nothing of labels, want two", n)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE details->'labels' = '{}'`); n != 1 {
		t.Errorf("%d events say that there is none any more", n)
	}
}

func TestLabels_OfAnotherWorkspace_AreNeitherSeenNorFoundNorChanged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d := r.make(t, "reports")
	r.relabel(t, d.ID, label.Label{Key: "env", Value: "prod"})
	all, err := r.Labels(t.Context(), r.globex, []datastore.ID{d.ID})
	testkit.Must(t, err)
	if all[0] != nil {
		t.Errorf("globex sees %v", all[0])
	}
	p, err := r.List(t.Context(), r.globex, datastore.Filter{Labels: []label.Filter{{Key: "env"}}}, page.Request{First: 1})
	testkit.Must(t, err)
	if len(p.Items) != 0 {
		t.Errorf("globex finds %v", p.Items)
	}
	_, err = r.Update(t.Context(), r.globex, d.ID, datastore.UpdateRequest{Labels: new([]label.Label)})
	testkit.Refused(t, err, fault.NotFound, "datastoreId")
	if len(r.labels(t, d.ID)) != 1 {
		t.Error("globex has taken it off")
	}
}

func TestDelete_OfADatastore_DropsItsLabelsAndNoOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	d, other := r.make(t, "reports"), r.make(t, "other")
	r.relabel(t, d.ID, label.Label{Key: "env"}, label.Label{Key: "team"})
	r.relabel(t, other.ID, label.Label{Key: "env"})
	_, err := r.Delete(t.Context(), r.acme, d.ID, true)
	testkit.Must(t, err)
	if n := r.Count(t, `SELECT count(*) FROM datastore_label`); n != 1 || len(r.labels(t, other.ID)) != 1 {
		t.Errorf("%d are left", n)
	}
}

func TestLabels_ThatAreRefused_ChangeNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bad := []label.Label{{Key: "env"}, {Key: "Env"}}
	_, err := r.Create(t.Context(), r.acme, datastore.CreateRequest{Name: "bad", Labels: bad})
	testkit.Refused(t, err, fault.Invalid, "labels[1].key")
	d, name := r.make(t, "reports"), "renamed"
	_, err = r.Update(t.Context(), r.acme, d.ID, datastore.UpdateRequest{Name: &name, Labels: &bad})
	testkit.Refused(t, err, fault.Invalid, "labels[1].key")
	_, err = r.List(t.Context(), r.acme, datastore.Filter{Labels: []label.Filter{{Key: ""}}}, page.Request{First: 1})
	testkit.Refused(t, err, fault.Invalid, "labels[0].key")
	if names := r.names(t, ""); !slices.Equal(names, []string{"reports"}) || r.labels(t, d.ID) != nil {
		t.Errorf("there are %v", names)
	}
}

func TestCreate_SentAgainWithItsLabelsInAnotherOrder_IsDoneOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	once := idempotency.NewService(r.DB.Idempotency(), [][]byte{[]byte("a server key of thirty-two bytes.")})
	r.Service = datastore.NewService(r.DB.Datastores(), nil, once, time.Now)
	env, team := label.Label{Key: "env", Value: "prod"}, label.Label{Key: "team"}
	key := "k"
	create := func(all ...label.Label) (datastore.Datastore, error) {
		return r.Create(t.Context(), r.acme, datastore.CreateRequest{Name: "reports", Labels: all, IdempotencyKey: &key})
	}
	made, err := create(env, team)
	testkit.Must(t, err)
	again, err := create(team, env)
	testkit.Must(t, err)
	if again.ID != made.ID || len(r.labels(t, made.ID)) != 2 {
		t.Errorf("again it is %+v", again)
	}
	_, err = create(env)
	testkit.Refused(t, err, fault.IdempotencyMismatch, "")
}
