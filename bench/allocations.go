package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"

	"github.com/provenanceone/data-api/internal/config"
)

// allocated is what the server allocates for one operation; the zero one was not measured.
type allocated struct{ count, bytes int64 }

func (a allocated) String() string {
	if a.count == 0 {
		return ""
	}

	return fmt.Sprintf("%d (%d KiB)", a.count, (a.bytes+512)>>10)
}

// benchmarkLine is for example: BenchmarkServer/list-2   300   512345 ns/op   61234 B/op   812 allocs/op.
var benchmarkLine = regexp.MustCompile(`BenchmarkServer/(\w+)\S*\s.*?(\d+) B/op\s+(\d+) allocs/op`)

// allocations runs the server's own handler in a process with nothing else in it, on the backends of this run, and
// counts what it allocates.
func allocations(ctx context.Context, w *world, of []operation) (map[string]allocated, error) {
	say("counting allocations: 300 of each…")
	plan := struct {
		Settings   config.Serve
		Token      string
		Operations map[string]string
	}{w.instance.settings(), w.places[0].token, map[string]string{}}
	for _, o := range of {
		if o.body != "" {
			plan.Operations[o.name] = w.places[0].known(0, "FRESH").Replace(o.body)
		}
	}

	raw, err := json.Marshal(plan)
	if err != nil {
		return nil, err
	}

	path := filepath.Join(w.dir, "plan.json")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return nil, err
	}

	command := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkServer$", "-benchmem",
		"-benchtime", "300x", "./internal/app")
	command.Env = append(os.Environ(), "DATA_API_BENCH_PLAN="+path)
	out, err := command.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("counting allocations: %w\n%s", err, out)
	}

	return readAllocations(out)
}

func readAllocations(out []byte) (map[string]allocated, error) {
	found := map[string]allocated{}
	for _, m := range benchmarkLine.FindAllSubmatch(out, -1) {
		bytes, err := strconv.ParseInt(string(m[2]), 10, 64)
		if err != nil {
			return nil, err
		}

		count, err := strconv.ParseInt(string(m[3]), 10, 64)
		if err != nil {
			return nil, err
		}

		found[string(m[1])] = allocated{count, bytes}
	}

	if len(found) == 0 {
		return nil, fmt.Errorf("go test printed no allocations:\n%s", out)
	}

	return found, nil
}
