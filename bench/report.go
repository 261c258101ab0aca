package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"time"
)

// report is what a run found.
type report struct {
	operations  []operation
	rows        map[string][]row
	allocations map[string]allocated
	// redaction is in bytes a second; zero is unknown.
	redaction float64
}

func (r *report) add(o operation, rows []row) {
	if r.rows == nil {
		r.rows = map[string][]row{}
	}

	r.operations = append(r.operations, o)
	r.rows[o.name] = rows
}

const header = `| Operation | Clients | ops/s | Bare ops/s | Ratio | Aim | p50 | p99 | Bare p50 | CPU an op: server + Postgres + emulators + clients, ms | Allocations an op | RSS |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
`

// markdown is the report as a table, and a sentence on each operation.
func (r report) markdown() string {
	var text strings.Builder
	text.WriteString(header)
	for _, o := range r.operations {
		for _, row := range r.rows[o.name] {
			text.WriteString(row.markdown(o, r.allocations[o.name]))
		}
	}

	text.WriteString("\n")
	for _, o := range r.operations {
		fmt.Fprintf(&text, "- `%s`: %s. What bounds it: %s\n", o.name, o.against, o.bound)
	}

	if r.redaction > 0 {
		fmt.Fprintf(&text, "- Redaction of log lines, with 100 secrets in all their forms, on one core: %.0f MB/s.\n",
			r.redaction/1e6)
	}

	return text.String()
}

func (r row) markdown(o operation, a allocated) string {
	aim := ""
	if o.aim > 0 && r.clients == mostClients {
		aim = fmt.Sprintf("%.1f", o.aim)
	}

	return fmt.Sprintf("| `%s` | %d | %.0f | %.0f | %.2f | %s | %s | %s | %s | %s | %s | %d MiB |\n",
		o.name, r.clients, r.rate, r.bare, r.ratio, aim, short(r.p50), short(r.p99), short(r.bareP50), r.cpu,
		a, r.rss>>20)
}

func short(d time.Duration) string { return fmt.Sprintf("%.2f ms", d.Seconds()*1000) }

const (
	sectionBegins = "<!-- make bench writes from here -->\n"
	sectionEnds   = "<!-- to here -->\n"
)

// rewrite replaces what stands between the two marks of a file.
func rewrite(path, section string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}

	before, rest, begins := bytes.Cut(text, []byte(sectionBegins))
	_, after, ends := bytes.Cut(rest, []byte(sectionEnds))
	if !begins || !ends {
		return fmt.Errorf("%s lacks the marks %q and %q", path, sectionBegins, sectionEnds)
	}

	next := bytes.Join([][]byte{before, []byte(sectionBegins), []byte(section), []byte(sectionEnds), after}, nil)
	return os.WriteFile(path, next, 0o644) //nolint:gosec // it is the project's documentation
}
