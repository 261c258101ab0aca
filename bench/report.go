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
	operations []operation
	rows       map[string][]row
	// counts are those of the server and of the bare side.
	counts      map[string][2]counts
	allocations map[string]allocated
	// redaction is in bytes a second; zero is unknown.
	redaction float64
}

// Units of the columns stand in the text below the table.
const header = `| Operation | Clients | ops/s | Bare ops/s | Ratio | Must (aim) | p50 | p99 | Bare p50 | CPU an op: server + Postgres + emulators + clients, ms | Round trips an op (bare) | Commits an op (bare) | Allocations an op | RSS |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
`

const legend = `
Round trips are what is written to Postgres after the answer to the write before, and commits the transactions that wrote, each of which waits for
the disk: both counted over %d operations of one client, by a connection that counts and by Postgres' transaction ids. Ratio is the median of the
rounds'. CPU, allocations and RSS are the server's side.

Not alike: the bare side is net/http, lib/pq and encoding/json on tables of its own in the same Postgres, with a pool of the same size; it looks up the
key on each request, too. It has no row-level security, no audit of uploads, no Secret Manager, no limits of documents and bodies, and no access log.

`

// markdown is the report as a table, and a sentence on each operation.
func (r report) markdown() string {
	var text strings.Builder
	text.WriteString(header)
	for _, o := range r.operations {
		for _, row := range r.rows[o.name] {
			text.WriteString(row.markdown(o, r.allocations[o.name], r.counts[o.name]))
		}
	}

	fmt.Fprintf(&text, legend, counted)
	for _, o := range r.operations {
		fmt.Fprintf(&text, "- `%s`: %s. What bounds it: %s\n", o.name, o.against, o.bound)
	}

	if r.redaction > 0 {
		fmt.Fprintf(&text, "- Redaction of log lines, with 100 secrets in all their forms, on one core: %.0f MB/s.\n",
			r.redaction/1e6)
	}

	return text.String()
}

func (r row) markdown(o operation, a allocated, n [2]counts) string {
	aim := ""
	if o.must > 0 && r.clients == mostClients {
		aim = fmt.Sprint(o.must)
		if o.aim > 0 {
			aim += fmt.Sprintf(" (%g)", o.aim)
		}
	}

	return fmt.Sprintf("| `%s` | %d | %.0f | %.0f | %.2f | %s | %s | %s | %s | %s | %.1f (%.1f) | %.1f (%.1f) | %s | %d MiB |\n",
		o.name, r.clients, r.rate, r.bare, r.ratio, aim, short(r.p50), short(r.p99), short(r.bareP50), r.cpu,
		n[0].trips, n[1].trips, n[0].commits, n[1].commits, a, r.rss>>20)
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
