package secret_test

import (
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

var env, team = label.Label{Key: "env", Value: "prod"}, label.Label{Key: "team", Value: "data"}

func (r *rig) labels(t *testing.T, id secret.ID) []label.Label {
	t.Helper()
	all, err := r.Labels(t.Context(), r.acme, []secret.ID{id})
	testkit.Must(t, err)
	return all[0]
}

// labelled makes a secret with labels.
func (r *rig) labelled(t *testing.T, name string, all ...label.Label) secret.Secret {
	t.Helper()
	s, err := r.Create(t.Context(), r.acme, secret.CreateRequest{Name: name, Value: text("v"), Labels: all})
	testkit.Must(t, err)
	return s
}

func TestCreate_WithLabels_HasThemInOrderAndOnRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s, bare := r.labelled(t, "stripe", team, env), r.labelled(t, "bare")
	all, err := r.Labels(t.Context(), r.acme, []secret.ID{bare.ID, "x", s.ID})
	testkit.Must(t, err)
	if len(all) != 3 || all[0] != nil || all[1] != nil || !slices.Equal(all[2], []label.Label{env, team}) {
		t.Errorf("they are %v", all)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.created'
		AND details->'labels' = '{"env": "prod", "team": "data"}' AND target_id = $1`, s.ID.String()); n != 1 {
		t.Errorf("%d events have them", n)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE target_id = $1 AND details ? 'labels'`,
		bare.ID.String()); n != 0 {
		t.Error("an event has labels that the secret has not")
	}
}

func TestUpdate_OfLabels_ReplacesAllAndIsOneEvent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.labelled(t, "stripe", env)
	for i, c := range []struct {
		change, want []label.Label
		events       int
	}{
		{[]label.Label{env}, []label.Label{env}, 0},
		{[]label.Label{team, env}, []label.Label{env, team}, 1},
		{[]label.Label{env, team}, []label.Label{env, team}, 1},
		{[]label.Label{team}, []label.Label{team}, 2},
		{[]label.Label{}, nil, 3},
		{[]label.Label{}, nil, 3},
	} {
		after, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Labels: &c.change})
		testkit.Must(t, err)
		if got := r.labels(t, s.ID); !slices.Equal(got, c.want) || !after.RotatedAt.Equal(s.RotatedAt.Truncate(time.Microsecond)) {
			t.Errorf("step %d: %v, want %v", i, got, c.want)
		}
		if n := r.events(t, "secret.updated"); n != c.events {
			t.Errorf("step %d: %d events, want %d", i, n, c.events)
		}
	}

	// What leaves them out leaves them, and says nothing of them.
	s = r.labelled(t, "paypal", env)
	_, err := r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Name: new("paypal2")})
	testkit.Must(t, err)
	if got := r.labels(t, s.ID); !slices.Equal(got, []label.Label{env}) {
		t.Errorf("they are %v", got)
	}
	if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.updated' AND target_id = $1
		AND NOT details ? 'labels'`, s.ID.String()); n != 1 {
		t.Errorf("%d events say nothing of labels", n)
	}
}

func TestLabels_OfADeletedSecret_AreThereAgainOnceItIsRestored(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.labelled(t, "stripe", env, team)
	_, err := r.Delete(t.Context(), r.acme, s.ID, false)
	testkit.Must(t, err)
	if got := r.seen(t, secret.Filter{Deleted: true, Labels: []label.Filter{{Key: "env"}}}, 10); len(got) != 1 {
		t.Errorf("among deleted ones it is found as %v", got)
	}
	_, err = r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Labels: new([]label.Label)})
	testkit.Refused(t, err, fault.NotFound, "secretId")
	_, err = r.Restore(t.Context(), r.acme, s.ID, nil)
	testkit.Must(t, err)
	if got := r.labels(t, s.ID); !slices.Equal(got, []label.Label{env, team}) {
		t.Errorf("it has %v", got)
	}
}

func TestLabels_OfAPurgedSecret_AreGone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.labelled(t, "stripe", env)
	r.labelled(t, "other", env)
	r.delete(t, s.ID)
	_, err := tend(t, r.keeper(time.Now().Add(31*24*time.Hour), &tripwire{}), secret.Purge)
	testkit.Must(t, err)
	if secrets, labels := r.Count(t, `SELECT count(*) FROM secret`), r.Count(t, `SELECT count(*) FROM secret_label`); secrets != 1 || labels != 1 {
		t.Errorf("%d secrets and %d labels are left", secrets, labels)
	}
}

func TestCreate_ThatFails_LeavesNoLabel(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.on(faulty{Vault: r.vault, add: fails}).Create(t.Context(), r.acme,
		secret.CreateRequest{Name: "stripe", Value: text("v"), Labels: []label.Label{env}})
	testkit.Refused(t, err, fault.Unavailable, "")
	if n := r.Count(t, `SELECT count(*) FROM secret_label`); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestCreate_SentAgainWithItsLabelsInAnotherOrder_IsDoneOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	create := func(all ...label.Label) (secret.Secret, error) {
		return r.Create(t.Context(), r.acme, secret.CreateRequest{Name: "stripe", Value: text("v"), Labels: all,
			IdempotencyKey: new("k")})
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

func TestLabels_OfAnotherWorkspace_AreNeitherSeenNorFound(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.labelled(t, "stripe", env)
	all, err := r.Labels(t.Context(), r.globex, []secret.ID{s.ID})
	testkit.Must(t, err)
	p, err := r.List(t.Context(), r.globex, secret.Filter{Labels: []label.Filter{{Key: "env"}}}, page.Request{First: 1})
	testkit.Must(t, err)
	if all[0] != nil || len(p.Items) != 0 {
		t.Errorf("globex sees %v and finds %v", all[0], p.Items)
	}
}

func TestLabels_ThatAreRefused_ChangeNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	bad := []label.Label{env, {Key: "env"}}
	_, err := r.Create(t.Context(), r.acme, secret.CreateRequest{Name: "bad", Value: text("v"), Labels: bad})
	testkit.Refused(t, err, fault.Invalid, "labels[1].key")
	s := r.labelled(t, "stripe", team)
	_, err = r.Update(t.Context(), r.acme, s.ID, secret.UpdateRequest{Labels: &bad})
	testkit.Refused(t, err, fault.Invalid, "labels[1].key")
	if got := r.labels(t, s.ID); !slices.Equal(got, []label.Label{team}) || r.events(t, "secret.updated") != 0 {
		t.Errorf("it has %v", got)
	}
	_, err = r.List(t.Context(), r.acme, secret.Filter{Labels: make([]label.Filter, 11)}, page.Request{First: 1})
	testkit.Refused(t, err, fault.Invalid, "labels")
}
