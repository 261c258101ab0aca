package reference_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// rig is a database with the service on it, and the workspaces acme and globex.
type rig struct {
	*reference.Service
	db           *postgres.DB
	secrets      *secret.Service
	acme, globex authz.Actor
}

func newRig(t *testing.T) *rig {
	t.Helper()
	d := testkit.NewDatabase(t)
	return &rig{
		Service: reference.NewService(d.DB.References()),
		db:      d.DB,
		secrets: secret.NewService(d.DB.Secrets(), nil, secret.Options{}),
		acme:    d.Workspace(t, "acme"),
		globex:  d.Workspace(t, "globex"),
	}
}

// keep makes the row of a secret, without a value.
func (r *rig) keep(t *testing.T, a authz.Actor, name string) secret.ID {
	t.Helper()
	s := secret.Secret{
		ID:             ident.New[secret.Secret](),
		Name:           name,
		Format:         secret.Text,
		CurrentVersion: 1,
		CreatedAt:      time.Now(),
		CreatedBy:      a.Who,
	}
	testkit.Must(t, r.db.Secrets().Reserve(t.Context(), a.Workspace, s))
	testkit.Must(t, r.db.Secrets().Activate(t.Context(), s, secret.StoredValue{
		Number:      1,
		Format:      secret.Text,
		Fingerprint: make([]byte, 32),
	}, nil, audit.Record(a, audit.SecretCreated)))
	return s.ID
}

func consumer(id string) reference.Consumer {
	return reference.Consumer{Kind: reference.Agent, ExternalID: id, Name: "Agent " + id}
}

// users are the ids of those who use a secret.
func (r *rig) users(t *testing.T, a authz.Actor, id secret.ID) (ids []string) {
	t.Helper()
	pages, err := r.List(t.Context(), a, []secret.ID{id}, page.Request{First: 100, Count: true})
	testkit.Must(t, err)
	for _, ref := range pages[0].Items {
		ids = append(ids, ref.Consumer.ExternalID)
	}
	if int(pages[0].Total) != len(ids) {
		t.Errorf("%d of %d", len(ids), pages[0].Total)
	}
	return ids
}

func TestSet_DeclaresAllThatOneConsumerUses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	one, two := r.keep(t, r.acme, "one"), r.keep(t, r.acme, "two")
	for _, step := range []struct {
		ids        []secret.ID
		ofOne, two int
	}{{[]secret.ID{one, two, one}, 1, 1}, {[]secret.ID{two}, 0, 1}, {nil, 0, 0}, {[]secret.ID{one}, 1, 0}} {
		refs, err := r.Set(t.Context(), r.acme, consumer("a"), step.ids)
		testkit.Must(t, err)
		if len(refs) != step.ofOne+step.two || len(r.users(t, r.acme, one)) != step.ofOne ||
			len(r.users(t, r.acme, two)) != step.two {
			t.Errorf("after %v: %+v", step.ids, refs)
		}
	}
	_, err := r.Set(t.Context(), r.acme, reference.Consumer{
		Kind:       reference.Skill,
		ExternalID: "a",
		Name:       "Skill",
	}, []secret.ID{one})
	testkit.Must(t, err)
	if got := r.users(t, r.acme, one); !slices.Equal(got, []string{"a", "a"}) {
		t.Errorf("an agent and a skill of one id are %v", got)
	}
}

func TestSet_OfWhatIsNotThere_NamesItAndChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	mine, theirs, deleted := r.keep(t, r.acme, "mine"), r.keep(t, r.globex, "theirs"), r.keep(t, r.acme, "deleted")
	_, err := r.secrets.Delete(t.Context(), r.acme, deleted, false)
	testkit.Must(t, err)
	_, err = r.Set(t.Context(), r.acme, consumer("a"), []secret.ID{mine})
	testkit.Must(t, err)
	for _, unknown := range []secret.ID{theirs, deleted, "x", "", "01980000-0000-7000-8000-00000000dead"} {
		_, err := r.Set(t.Context(), r.acme, consumer("a"), []secret.ID{unknown, mine})
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.NotFound || f.Details["field"] != "secretIds" ||
			fmt.Sprint(f.Details["missing"]) != fmt.Sprint([]secret.ID{unknown}) {
			t.Errorf("%q: %v", unknown, err)
		}
	}
	if got := r.users(t, r.acme, mine); !slices.Equal(got, []string{"a"}) {
		t.Errorf("the users are %v", got)
	}
}

func TestSet_WithBadInput_NamesTheField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for field, bad := range map[string]reference.Consumer{
		"externalId": {
			Kind:       reference.Agent,
			ExternalID: "ü",
			Name:       "A",
		},
		"name": {Kind: reference.Agent, ExternalID: "a", Name: ""},
	} {
		_, err := r.Set(t.Context(), r.acme, bad, nil)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || f.Details["field"] != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	_, err := r.Set(t.Context(), r.acme, consumer("a"), make([]secret.ID, reference.MaxSecrets+1))
	if !fault.Is(err, fault.Invalid) {
		t.Errorf("too many: %v", err)
	}
}

func TestDelete_OfWhatIsReferenced_IsRefusedWithWhoUsesIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.keep(t, r.acme, "stripe")
	for i := range 12 {
		_, err := r.Set(t.Context(), r.acme, consumer(fmt.Sprintf("%02d", i)), []secret.ID{id})
		testkit.Must(t, err)
	}
	_, err := r.secrets.Delete(t.Context(), r.acme, id, false)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.InUse || f.Details["count"] != 12 {
		t.Fatalf("got %v", err)
	}
	if users, _ := f.Details["references"].([]map[string]string); len(users) != 10 || users[0]["externalId"] != "00" ||
		users[0]["kind"] != "AGENT" || users[0]["name"] != "Agent 00" {
		t.Errorf("the first users are %v", users)
	}
	_, err = r.secrets.Delete(t.Context(), r.acme, id, true)
	testkit.Must(t, err)
	if len(r.users(t, r.acme, id)) != 12 {
		t.Error("a forced deletion dropped the references")
	}
	_, err = r.secrets.Restore(t.Context(), r.acme, id, nil)
	testkit.Must(t, err)
	if len(r.users(t, r.acme, id)) != 12 || len(r.users(t, r.globex, id)) != 0 {
		t.Error("a restored secret has other users")
	}
}

// TestDelete_BesideSet_NeverLeavesAUseOfADeletedSecret lets both happen at once, many times.
func TestDelete_BesideSet_NeverLeavesAUseOfADeletedSecret(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i := range 30 {
		id := r.keep(t, r.acme, fmt.Sprint("s", i))
		var set, deleted error
		var both sync.WaitGroup
		both.Go(func() { _, set = r.Set(t.Context(), r.acme, consumer("a"), []secret.ID{id}) })
		both.Go(func() { _, deleted = r.secrets.Delete(t.Context(), r.acme, id, false) })
		both.Wait()
		if (set == nil) == (deleted == nil) {
			t.Fatalf("set: %v, deleted: %v", set, deleted)
		}
	}
}
