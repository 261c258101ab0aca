package secretmanager_test

import (
	"slices"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	emulator "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

func TestVault_AnotherOfTheSameName_IsNotDeletedForTheOneFound(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: token})
	p := somewhere()
	if _, found, err := v.Find(t.Context(), p); found || err != nil {
		t.Fatal(found, err)
	}
	testkit.Must(t, v.Create(t.Context(), p))
	first, found, err := v.Find(t.Context(), p)
	if !found || err != nil {
		t.Fatal(found, err)
	}
	add(t, v, p, "a version does not make it another one")
	testkit.Must(t, v.DeleteHeld(t.Context(), first))
	testkit.Must(t, v.DeleteHeld(t.Context(), first))
	testkit.Must(t, v.Create(t.Context(), p))
	n := add(t, v, p, "kept")
	testkit.Refused(t, v.DeleteHeld(t.Context(), first), fault.Conflict, "")
	wantValue(t, v, p, n, "kept")
}

func TestVault_Secrets_AreOursAlone_WithWhoMadeThem(t *testing.T) {
	t.Parallel()
	s := emulate(t, emulator.Options{})
	o := secretmanager.Options{
		Endpoint:  s.Addr(),
		Bearer:    token,
		Locations: map[string]string{"eu": "europe-west1", "eu-2": "europe-west1", "us": "us-east1"},
		Instance:  "one",
	}
	v := open(t, o)
	o.Instance = ""
	unnamed := open(t, o)
	if got := v.Regions(); !slices.Equal(got, []string{"eu", "us"}) {
		t.Fatalf("regions %v: two of them are one place", got)
	}
	ours, theirs := somewhere(), somewhere()
	testkit.Must(t, v.Create(t.Context(), ours))
	testkit.Must(t, unnamed.Create(t.Context(), theirs))
	testkit.Must(t, v.SetMark(t.Context(), "eu", reconcile.Mark{Run: 7})) // the marker is no secret of ours
	all, err := v.Secrets(t.Context(), "eu")
	testkit.Must(t, err)
	instances := map[secret.ID]string{}
	for _, h := range all {
		instances[h.ID] = h.Instance
		if h.Region != "eu" || h.Etag == "" {
			t.Errorf("%+v", h)
		}
	}
	if len(instances) != 2 || instances[ours.ID] != "one" || instances[theirs.ID] != "" {
		t.Errorf("listed %v", instances)
	}
	if all, err := v.Secrets(t.Context(), "us"); len(all) != 0 || err != nil {
		t.Errorf("in another place %v, %v", all, err)
	}
}

func TestVault_Numbers_AreThoseNotDestroyed(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: token})
	p := somewhere()
	if got, err := v.Numbers(t.Context(), p); len(got) != 0 || err != nil {
		t.Fatalf("of none: %v, %v", got, err)
	}
	testkit.Must(t, v.Create(t.Context(), p))
	for range 3 {
		add(t, v, p, "x")
	}
	testkit.Must(t, v.Destroy(t.Context(), p, 2))
	got, err := v.Numbers(t.Context(), p)
	testkit.Must(t, err)
	slices.Sort(got)
	if !slices.Equal(got, []secret.Number{1, 3}) {
		t.Errorf("listed %v", got)
	}
}

func TestVault_Lists_ComeInPages(t *testing.T) {
	t.Parallel()
	v := open(t, secretmanager.Options{Endpoint: emulate(t, emulator.Options{}).Addr(), Bearer: token})
	for range 1001 {
		testkit.Must(t, v.Create(t.Context(), somewhere()))
	}
	if all, err := v.Secrets(t.Context(), "eu"); len(all) != 1001 || err != nil {
		t.Errorf("%d are listed, %v", len(all), err)
	}
}

func TestVault_Run_IsKeptForEachDeployment(t *testing.T) {
	t.Parallel()
	s := emulate(t, emulator.Options{})
	one := open(t, secretmanager.Options{Endpoint: s.Addr(), Bearer: token, Instance: "one"})
	two := open(t, secretmanager.Options{Endpoint: s.Addr(), Bearer: token, Instance: "two"})
	for _, n := range []int64{1, 2, 9} {
		testkit.Must(t, one.SetMark(t.Context(), "eu", reconcile.Mark{Run: n}))
	}
	testkit.Must(t, two.SetMark(t.Context(), "eu", reconcile.Mark{Run: 4}))
	for _, want := range []struct {
		v      *secretmanager.Vault
		region string
		n      int64
	}{{one, "eu", 9}, {one, "us", 0}, {two, "eu", 4}} {
		if got, err := want.v.Mark(t.Context(), want.region); got.Run != want.n || err != nil {
			t.Errorf("%d, %v; want %d", got.Run, err, want.n)
		}
	}
}
