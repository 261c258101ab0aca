package main

import (
	"math"
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

// TestMeasureAll_OfTheShortestTurns_MeasuresBothSides runs the whole way from the build to the table for a read, a
// write and an operation of several requests: what it measures depends on the machine, that it measures does not.
func TestMeasureAll_OfTheShortestTurns_MeasuresBothSides(t *testing.T) {
	t.Chdir("..") // where `make bench` runs
	r, err := measureAll(t.Context(), plan{
		rounds: 1,
		window: time.Millisecond,
		only:   "list,revealSecret,settle",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"list", "revealSecret", "settle"} {
		if len(r.rows[name]) != 2 {
			t.Errorf("%s was not measured: %s", name, r.markdown())
		}
		for _, row := range r.rows[name] {
			if row.rate <= 0 || row.bare <= 0 {
				t.Errorf("%s, %d clients: %.1f and %.1f a second", name, row.clients, row.rate, row.bare)
			}
		}
		if ours := r.counts[name][0]; ours.trips < 1 {
			t.Errorf("%s takes %v", name, ours)
		}
	}
	if bare := r.counts["revealSecret"][1]; math.Round(bare.trips) != 2 || math.Round(bare.commits) != 1 {
		t.Errorf("a lookup of the key and a statement that writes are %v", bare)
	}
	if bare := r.counts["list"][1]; math.Round(bare.trips) != 2 || math.Round(bare.commits) != 0 {
		t.Errorf("a lookup of the key and a statement that reads are %v", bare)
	}
	if len(r.allocations) != 2 {
		t.Errorf("allocations are those of %v", r.allocations)
	}
}
