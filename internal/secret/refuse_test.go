package secret_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
)

func TestWantedRefuse_ByFacts(t *testing.T) {
	t.Parallel()
	name := "password"
	field := secret.RevealTarget{Field: &name}
	text := secret.Facts{Found: true, Format: secret.Text}
	fields := secret.Facts{Found: true, Format: secret.JSON, Fields: []string{"user"}}
	unknown := secret.Facts{Found: true, Format: secret.JSON}
	strict := secret.Facts{Found: true, Format: secret.Text, NeedsReason: true}
	for about, c := range map[string]struct {
		wanted secret.RevealTarget
		facts  secret.Facts
		reason string
		want   fault.Kind
	}{
		"a value":    {secret.RevealTarget{}, text, "", ""},
		"no version": {secret.RevealTarget{}, secret.Facts{}, "why", fault.NotFound},
		"a destroyed one": {secret.RevealTarget{}, secret.Facts{Found: true, Destroyed: true}, "why",
			fault.Conflict},
		"without a reason":           {secret.RevealTarget{}, strict, "", fault.Invalid},
		"with one":                   {secret.RevealTarget{}, strict, "why", ""},
		"a field of a text":          {field, text, "", fault.NotFound},
		"a field that is not there":  {field, fields, "", fault.NotFound},
		"a field of unknown fields":  {field, unknown, "", ""},
		"a field without the reason": {field, secret.Facts{Found: true, NeedsReason: true}, "", fault.Invalid},
	} {
		if err := c.wanted.Refuse(c.facts, c.reason); c.want == "" && err != nil || c.want != "" &&
			!fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %q", about, err, c.want)
		}
	}
}

func TestNextRefuse_ByTheCurrentVersion(t *testing.T) {
	t.Parallel()
	two, three := int32(2), int32(3)
	due, later := time.Unix(1, 0), time.Unix(2, 0)
	s := secret.Secret{CurrentVersion: 3, Rotation: &secret.ScheduleState{NextAt: due}}
	for about, c := range map[string]struct {
		next    secret.AdvanceRequest
		refused bool
	}{
		"whatever is current":     {secret.AdvanceRequest{}, false},
		"the current one":         {secret.AdvanceRequest{IfVersion: &three}, false},
		"another one":             {secret.AdvanceRequest{IfVersion: &two}, true},
		"as the schedule has it":  {secret.AdvanceRequest{Due: &due}, false},
		"a schedule that changed": {secret.AdvanceRequest{Due: &later}, true},
		"back to another one":     {secret.AdvanceRequest{From: &two}, false},
		"back to the current one": {secret.AdvanceRequest{From: &three}, true},
	} {
		if err := c.next.Refuse(s); (err != nil) != c.refused || err != nil && !fault.Is(err, fault.Conflict) {
			t.Errorf("%s: got %v", about, err)
		}
	}
	if err := (secret.AdvanceRequest{Due: &due}).Refuse(secret.Secret{}); !fault.Is(err, fault.Conflict) {
		t.Errorf("a schedule that is gone: got %v", err)
	}
}
