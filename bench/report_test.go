package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRewrite_KeepsWhatStandsAroundTheMarks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(path, []byte("before\n"+sectionBegins+"old\n"+sectionEnds+"after\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := rewrite(path, "new\n"); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if want := "before\n" + sectionBegins + "new\n" + sectionEnds + "after\n"; err != nil || string(text) != want {
		t.Errorf("it is %q, %v", text, err)
	}
	if err := os.WriteFile(path, []byte("no marks"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := rewrite(path, "new\n"); err == nil {
		t.Error("a file without marks was rewritten")
	}
}

func TestPercentile_OfAHundred_IsTheOneThatSoManyAreWithin(t *testing.T) {
	t.Parallel()
	var all []time.Duration
	for i := range 100 {
		all = append(all, time.Duration(100-i)*time.Millisecond)
	}
	for of, want := range map[int]time.Duration{50: 51 * time.Millisecond, 99: 100 * time.Millisecond} {
		if got := percentile(all, of); got != want {
			t.Errorf("p%d is %s, want %s", of, got, want)
		}
	}
	if percentile(nil, 99) != 0 || median(nil) != 0 || median([]float64{3, 1, 2}) != 2 {
		t.Error("nothing has a percentile, or three have another median")
	}
}

func TestReadAllocations_OfABenchmark_AreTheServers(t *testing.T) {
	t.Parallel()
	found, err := readAllocations([]byte("goos: linux\nBenchmarkServer/list-2   \t     300\t   1124190 ns/op\t  " +
		"180443 B/op\t    2882 allocs/op\nPASS\n"))
	if want := (allocated{2882, 180443}); err != nil || found["list"] != want {
		t.Errorf("read %v, %v", found, err)
	}
	if _, err := readAllocations([]byte("PASS")); err == nil {
		t.Error("nothing passes for a measurement")
	}
}

func TestMarkdown_HasARowForEachNumberOfClients(t *testing.T) {
	t.Parallel()
	o := operation{
		name:    "list",
		against: "a",
		bound:   "CPU.",
		must:    0.45,
		aim:     0.6,
	}
	r := report{
		operations:  []operation{o},
		rows:        map[string][]row{"list": {{clients: 1, ratio: 0.25}, {clients: mostClients, ratio: 0.5}}},
		counts:      map[string][2]counts{"list": {{trips: 3, commits: 1}, {trips: 2}}},
		allocations: map[string]allocated{"list": {count: 7, bytes: 2048}},
	}
	text := r.markdown()
	for _, want := range []string{"| `list` | 1 | 0 | 0 | 0.25 |  |", "| `list` | 16 | 0 | 0 | 0.50 | 0.45 (0.6) |",
		"| 3.0 (2.0) | 1.0 (0.0) | 7 (2 KiB) |", "- `list`: a. What bounds it: CPU.\n", "Not alike: "} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}
