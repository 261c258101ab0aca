package main

import (
	"os"
	"slices"
	"testing"
	"time"
)

// TestMain is the bare server where a run starts its own program as that, and the tests elsewhere.
func TestMain(m *testing.M) {
	if slices.Contains(os.Args, "-bare") {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestMeasureAll_OfTheShortestTurns_MeasuresBothSides runs the whole way from the build to the table for one operation:
// what it measures depends on the machine, that it measures does not.
func TestMeasureAll_OfTheShortestTurns_MeasuresBothSides(t *testing.T) {
	t.Chdir("..") // where `make bench` runs
	r, err := measureAll(t.Context(), plan{rounds: 1, window: time.Millisecond, only: "list"})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range r.rows["list"] {
		if row.rate <= 0 || row.bare <= 0 {
			t.Errorf("%d clients: %.1f and %.1f a second", row.clients, row.rate, row.bare)
		}
	}
	if len(r.rows["list"]) == 0 || len(r.allocations) == 0 {
		t.Errorf("nothing was measured: %s", r.markdown())
	}
}
