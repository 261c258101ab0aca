package run_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/run"
)

func TestLeaseFacts_RefuseByWhatWasFound(t *testing.T) {
	t.Parallel()
	for about, c := range map[string]struct {
		facts           run.LeaseFacts
		handOut, ending fault.Kind
	}{
		"an open one": {run.LeaseFacts{Found: true}, "", ""},
		"none":        {run.LeaseFacts{}, fault.NotFound, fault.NotFound},
		"an expired":  {run.LeaseFacts{Found: true, Over: true}, fault.Conflict, ""},
		"an ended":    {run.LeaseFacts{Found: true, Over: true, Ended: true}, fault.Conflict, ""},
	} {
		if err := c.facts.Refuse(); c.handOut == "" && err != nil || c.handOut != "" && !fault.Is(err, c.handOut) {
			t.Errorf("%s to hand out under: got %v, want %q", about, err, c.handOut)
		}
		if err := c.facts.RefuseEnd(); c.ending == "" && err != nil || c.ending != "" && !fault.Is(err, c.ending) {
			t.Errorf("%s to end: got %v, want %q", about, err, c.ending)
		}
	}
}

func TestRefusePins_BeyondMaxSecrets(t *testing.T) {
	t.Parallel()
	testkit.Must(t, run.PinRequest{}.RefusePins(run.MaxSecrets))
	wantKind(t, run.PinRequest{}.RefusePins(run.MaxSecrets+1), fault.Invalid, "field")
}

func TestRefusals_RefuseAtMost_UntilTheOldestIsAnHourAgo(t *testing.T) {
	t.Parallel()
	now := time.Unix(10_000, 0)
	oldest := now.Add(-50 * time.Minute)
	testkit.Must(t, run.Refusals{Now: now}.Refuse())
	testkit.Must(t, run.Refusals{Count: run.MaxRefusals - 1, Oldest: &oldest, Now: now}.Refuse())

	err := run.Refusals{Count: run.MaxRefusals, Oldest: &oldest, Now: now}.Refuse()
	if wait := wantKind(t, err, fault.RateLimited, "retryAfterSeconds"); wait != 600 {
		t.Errorf("the wait is %v", wait)
	}
}
