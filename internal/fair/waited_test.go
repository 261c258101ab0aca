package fair_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/provenanceone/data-api/internal/fair"
)

func TestGate_Waited_IsToldOfThoseWhoWaitAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(ten)
		var waits []time.Duration
		g.Waited = func(took time.Duration) { waits = append(waits, took) }
		held := take(t, g, who("acme", "one"), 4)
		if len(waits) != 0 {
			t.Fatalf("who did not wait waited %v", waits)
		}
		time.AfterFunc(time.Second, held.Release)
		take(t, g, who("acme", "one"), 4)
		refused(t, g, who("acme", "one"), 4)
		if !slices.Equal(waits, []time.Duration{time.Second, ten.Wait}) {
			t.Errorf("waited %v", waits)
		}
	})
}
