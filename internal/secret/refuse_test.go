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

func TestOutlived_IsAsFarBackAsMayBeKept(t *testing.T) {
	t.Parallel()
	for about, c := range map[string]struct {
		current int32
		most    int
		want    int
	}{
		"no limit":            {100, 0, 0},
		"fewer than may be":   {2, 3, 0},
		"as many as may be":   {3, 3, 1},
		"more than may be":    {10, 3, 8},
		"one, and that alone": {1, 1, 1},
	} {
		s := secret.Secret{CurrentVersion: c.current}
		if got := s.Outlived(c.most); got != c.want {
			t.Errorf("%s: %d, want %d", about, got, c.want)
		}
	}

	s := secret.Secret{CurrentVersion: 10}
	if err := s.RefuseVersion(3, false); err != nil {
		t.Errorf("destroyed: %v", err)
	}
	want := "QUOTA_EXCEEDED: The secret's last 3 versions are kept, and no more may be: destroy version 8."
	if err := s.RefuseVersion(3, true); err == nil || err.Error() != want {
		t.Errorf("kept: %v", err)
	}
}

func TestUsersRefuse_UnlessForced(t *testing.T) {
	t.Parallel()
	for about, c := range map[string]struct {
		users   secret.Users
		force   bool
		refused bool
	}{
		"nobody":         {secret.Users{}, false, false},
		"nobody, forced": {secret.Users{}, true, false},
		"one":            {secret.Users{Count: 1}, false, true},
		"one, forced":    {secret.Users{Count: 1}, true, false},
	} {
		if err := c.users.Refuse(c.force); (err != nil) != c.refused || err != nil && !fault.Is(err, fault.InUse) {
			t.Errorf("%s: %v", about, err)
		}
	}
}
