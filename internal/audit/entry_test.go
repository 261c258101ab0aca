package audit_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestEntry_PartOfAnother_GoesOnRecordWithIt(t *testing.T) {
	t.Parallel()
	whole := ident.New[audit.Event]()
	part := audit.Record(viewer("runtime@acme"), audit.ObjectDeleted).PartOf(audit.StepExecuted, whole).
		On("object", "id", "a").With("version", 2).Ended(audit.Failed)
	all, err := part.All()
	if err != nil || len(all) != 2 || all[0].ID != part.ID || all[0].Action != audit.ObjectDeleted || all[0].Risk != audit.Medium ||
		len(all[0].Details) != 1 {
		t.Fatalf("they are %+v", all)
	}
	step := all[1]
	if step.ID != whole || step.Action != audit.StepExecuted || step.Risk != audit.Low ||
		step.Outcome != audit.Failed || step.Target != part.Target || step.By.Who != part.By.Who {
		t.Errorf("the whole is %+v", step)
	}
	if step.Details["version"] != 2 || step.Details["partId"] != part.ID || len(step.Details) != 2 {
		t.Errorf("its details are %v", step.Details)
	}
	if alone, err := audit.Record(part.By, audit.ObjectRead).All(); err != nil || len(alone) != 1 {
		t.Errorf("one that is part of nothing is %d", len(alone))
	}
}

func TestEntry_WhatTheStoreFillsIn_IsOnRecord(t *testing.T) {
	t.Parallel()
	left := audit.Record(viewer("a"), audit.SecretRotated).AwaitsTarget("secret").With("format", "TEXT").
		Awaits("version").MayHave("sameValue", "leasesEnded")
	all, err := left.FillTarget("id", "stripe").Fill("version", 2).Fill("sameValue", true).All()
	testkit.Must(t, err)
	want := map[string]any{"format": "TEXT", "version": 2, "sameValue": true}
	if e := all[0]; e.Target != (audit.Target{Kind: "secret", ID: "id", Label: "stripe"}) ||
		!maps.Equal(e.Details, want) {
		t.Errorf("on record: %+v", e)
	}
	if _, err := left.All(); err == nil {
		t.Error("what was filled in is filled in for the next attempt too")
	}
}

func TestEntry_NotFilledInAsDeclared_IsAnError(t *testing.T) {
	t.Parallel()
	e := audit.Record(viewer("a"), audit.SecretRotated)
	for name, row := range map[string]struct {
		e    audit.Entry
		want string
	}{
		"a detail that is awaited":       {e.Awaits("version"), `secret.rotated still awaits its detail "version"`},
		"a target that is awaited":       {e.AwaitsTarget("secret"), "secret.rotated still awaits its target"},
		"a detail that was not declared": {e.Fill("version", 2), `secret.rotated leaves no detail "version"`},
		"a detail of the noun's own":     {e.With("version", 1).Fill("version", 2), `leaves no detail "version"`},
		"a detail, twice":                {e.Awaits("version").Fill("version", 1).Fill("version", 2), `leaves no detail`},
		"a target that was not declared": {e.On("secret", "id", "a").FillTarget("id", "b"), "leaves no target"},
		"a part of another": {
			e.Awaits("version").PartOf(audit.StepExecuted, e.ID), `secret.rotated still awaits its detail "version"`,
		},
	} {
		if _, err := row.e.All(); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want %s", name, err, row.want)
		}
	}
}
