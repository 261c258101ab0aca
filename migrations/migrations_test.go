package migrations_test

import (
	"bytes"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/migrations"
)

const golden = "schema.sql"

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { pgtest.Main(m) }

func TestFiles_AreNumberedNamedAndSayWhy(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile(`^(\d{4})_[a-z]+_[a-z0-9]+(_[a-z0-9]+)*\.sql$`)
	says := regexp.MustCompile(`^-- Why: \S.{20,}\n`)
	for i, file := range files(t) {
		match := named.FindStringSubmatch(file)
		if match == nil {
			t.Errorf("%s: a migration is named NNNN_verb_noun.sql", file)
			continue
		}
		if want := fmt.Sprintf("%04d", i+1); match[1] != want {
			t.Errorf("%s: the next number is %s", file, want)
		}
		content, err := os.ReadFile(file)
		testkit.Must(t, err)
		if !says.Match(content) {
			t.Errorf("%s: a migration begins with a comment that says why: -- Why: …", file)
		}
	}
}

func TestUp_Again_ChangesNothing(t *testing.T) {
	t.Parallel()
	db := connect(t, pgtest.New(t).OwnerURL)
	before := applied(t, db)
	testkit.Must(t, migrations.Up(t.Context(), db))
	if diff := cmp.Diff(before, applied(t, db)); diff != "" {
		t.Error(diff)
	}
}

func TestUp_FiveAtOnce_ApplyOnce(t *testing.T) {
	t.Parallel()
	url := pgtest.NewEmpty(t).OwnerURL
	starters, ctx := errgroup.WithContext(t.Context())
	for range 5 {
		db := connect(t, url)
		starters.Go(func() error { return migrations.Up(ctx, db) })
	}
	testkit.Must(t, starters.Wait())
	var want []string
	for i := range files(t) {
		want = append(want, fmt.Sprint(i+1))
	}
	if diff := cmp.Diff(want, applied(t, connect(t, url))); diff != "" {
		t.Error(diff)
	}
}

func TestVersion_BeforeAndAfterUp(t *testing.T) {
	t.Parallel()
	db, last := connect(t, pgtest.NewEmpty(t).OwnerURL), int64(len(files(t)))
	version := func() [2]int64 {
		current, latest, err := migrations.Version(t.Context(), db)
		testkit.Must(t, err)
		return [2]int64{current, latest}
	}
	if got := version(); got != [2]int64{0, last} {
		t.Errorf("an empty database is at %d of %d", got[0], got[1])
	}
	if _, err := db.ExecContext(t.Context(), `SELECT 1 FROM goose_db_version`); err == nil {
		t.Error("asking for the version created the table of versions")
	}
	testkit.Must(t, migrations.Up(t.Context(), db))
	if got := version(); got != [2]int64{last, last} {
		t.Errorf("a migrated database is at %d of %d", got[0], got[1])
	}
}

func TestUp_MakesTheYearsAuditPartitions(t *testing.T) {
	t.Parallel()
	db := connect(t, pgtest.New(t).OwnerURL)
	var partitions int
	row := db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_event'::regclass`)
	if err := row.Scan(&partitions); err != nil || partitions < 13 {
		t.Fatalf("%d partitions, error %v", partitions, err)
	}
}

// goldenMajor is the version of Postgres that the golden dump is of, Debian 12's.
const goldenMajor = 15

func TestSchema_IsTheGoldenDump(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	pgDump, err := database.Cluster.Bin("pg_dump")
	if err != nil && os.Getenv("CI") != "true" {
		t.Skipf("skipped for want of pg_dump: %v", err)
	}
	testkit.Must(t, err)
	var major int
	row := connect(t, database.OwnerURL).
		QueryRowContext(t.Context(), `SELECT current_setting('server_version_num')::int / 10000`)
	testkit.Must(t, row.Scan(&major))
	if major != goldenMajor {
		t.Skipf("skipped: the golden dump is of Postgres %d, this is %d, which prints the same schema otherwise",
			goldenMajor, major)
	}
	got := dump(t, pgDump, database.OwnerURL)
	if *update {
		testkit.Must(t, os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	testkit.Must(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("the schema is not that of %s; if it should be, run go test ./migrations -update\n%s", golden, diff)
	}
}

// dump leaves out what differs by machine, version or month: versions, settings, session keys, audit partitions.
func dump(t *testing.T, pgDump, url string, flags ...string) []byte {
	t.Helper()
	var complaints bytes.Buffer
	cmd := exec.CommandContext(t.Context(), pgDump,
		append(flags, "--schema-only", "--exclude-table=audit_event_[0-9]*", "--dbname="+url)...)
	cmd.Stderr = &complaints
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("pg_dump: %v\n%s", err, complaints.String())
	}
	drop := regexp.MustCompile(`(?m)^(-- Dumped .*|--|\\(un)?restrict .*|SET .*|SELECT pg_catalog\.set_config.*)\n`)
	blank := regexp.MustCompile(`\n{3,}`)
	return append(bytes.TrimSpace(blank.ReplaceAll(drop.ReplaceAll(output, nil), []byte("\n\n"))), '\n')
}

func files(t *testing.T) []string {
	t.Helper()
	all, err := filepath.Glob("*.sql")
	testkit.Must(t, err)
	return slices.DeleteFunc(all, func(name string) bool { return name == golden })
}

// applied are the numbers of the migrations that were applied, in that order, one entry for each time.
func applied(t *testing.T, db *sql.DB) (versions []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(),
		`SELECT version_id FROM goose_db_version WHERE version_id > 0 ORDER BY id`)
	testkit.Must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var version string
		testkit.Must(t, rows.Scan(&version))
		versions = append(versions, version)
	}
	testkit.Must(t, rows.Err())
	return versions
}

func connect(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	testkit.Must(t, err)
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
