package postgres_test

import (
	"database/sql"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/postgres"
)

// few and many are how many rows each table has at first and in the end: with PROVE=full, a million keys and a tenth as
// many of all else.
const few = 1_000

func many() int {
	if os.Getenv("PROVE") == "full" {
		return 1_000_000
	}
	return 10_000
}

// situations are what Postgres may believe of the tables, and how it may be configured, while it plans.
var situations = []struct{ name, sql string }{
	// The statistics were gathered when the tables were small: these come first.
	{"stale statistics", ``},
	{"statistics of today", `ANALYZE`},
	{"each value alone", `UPDATE pg_statistic SET stadistinct = -1` + forget + ofTables(`starelid`)},
	{"one row a table", `UPDATE pg_class SET reltuples = 1` + ofTables(`oid`)},
	{"one value, endless rows", `UPDATE pg_class SET reltuples = 1e12` + ofTables(`oid`) + `;
		UPDATE pg_statistic SET stadistinct = 1` + forget + ofTables(`starelid`)},
	{"no statistics", `UPDATE pg_class SET reltuples = -1, relpages = 0` + ofTables(`oid`) + `;
		DELETE FROM pg_statistic` + ofTables(`starelid`)},
	{"settings against it", against(`enable_indexscan = off`, `enable_indexonlyscan = off`, `enable_nestloop = off`,
		`random_page_cost = 1000`, `jit_above_cost = 0`, `plan_cache_mode = force_custom_plan`)},
}

const forget = `, stakind1 = 0, stakind2 = 0, stakind3 = 0, stakind4 = 0, stakind5 = 0`

func ofTables(column string) string {
	return ` WHERE ` + column + ` IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
		AND relkind IN ('r', 'p', 'i', 'I'))`
}

// against sets what every session of the application in this database begins with.
func against(settings ...string) (sql string) {
	for _, s := range settings {
		sql += `DO $$ BEGIN EXECUTE format('ALTER ROLE data_api_app IN DATABASE %I SET ` + s +
			`', current_database()); END $$;`
	}
	return sql
}

// TestLists_OfAMillionKeys_ReadNoMoreThanOfAThousand asks for a page of each list while tables are small, and again
// when they have grown, in each situation. The counters of Postgres itself say how many rows and blocks were read for
// it, which does not depend on how fast the machine is.
func TestLists_OfAMillionKeys_ReadNoMoreThanOfAThousand(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	testkit.Must(t, f.db.FlushCounters(t.Context()))
	super := f.superuser(t)
	f.grow(t, 0, few)
	_, err := super.Exec(`ANALYZE`)
	testkit.Must(t, err)
	flush(t, super)
	before := f.readEach(t, super)
	f.grow(t, few, many())
	for _, s := range situations {
		_, err := super.Exec(s.sql)
		testkit.Must(t, err)
		flush(t, super)
		after := f.readEach(t, super)
		for _, name := range slices.Sorted(maps.Keys(after)) {
			compare(t, name+", "+s.name, before[name], after[name])
		}

		// what was decided is on record: the next time there are as many other events as the first time
		_, err = super.Exec(`DELETE FROM audit_event WHERE action <> 'secret.revealed'`)
		testkit.Must(t, err)
		_, err = super.Exec(`VACUUM audit_event`)
		testkit.Must(t, err)
	}
}

func compare(t *testing.T, name string, was, is work) {
	t.Helper()
	t.Logf("%s: %d rows, %d blocks, %s; of few %d rows, %d blocks, %s",
		name, is.rows, is.blocks, is.took, was.rows, was.blocks, was.took)
	if is.items != was.items {
		t.Errorf("%s: %d items, of few there were %d", name, is.items, was.items)
	}
	if is.rows > 2*was.rows+20 || is.blocks > 2*was.blocks+20 {
		t.Errorf("%s: %d rows and %d blocks are read, of few %d and %d: %v",
			name, is.rows, is.blocks, was.rows, was.blocks, is.by)
	}
}

// work is what Postgres does for a list.
type work struct {
	items, rows, blocks int
	took                time.Duration
	// by are the rows that each index gave, or that were read of a table without one.
	by map[string]int
}

// readEach asks for each list on a new connection: the second time, when statements are prepared.
func (f fixture) readEach(t *testing.T, super *sql.DB) map[string]work {
	t.Helper()
	db, err := postgres.Open(f.AppURL)
	testkit.Must(t, err)
	defer func() { testkit.Must(t, db.Close()) }()
	db.Limits.SecretVersions = 1_000_000
	asked, all := lists(), map[string]work{}
	for name, ask := range asked {
		_, err := ask(t.Context(), db, f.acme.Workspace)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}

	was := f.counters(t, super, db)
	for name, ask := range asked {
		began := time.Now()
		items, err := ask(t.Context(), db, f.acme.Workspace)
		w := work{items: items, took: time.Since(began)}
		if err != nil || items == 0 {
			t.Fatalf("%s: %d items, %v", name, items, err)
		}
		is := f.counters(t, super, db)
		w.add(was, is)
		all[name], was = w, is
	}
	anew, err := db.PlannedAnew(t.Context())
	testkit.Must(t, err)
	if len(anew) > 0 {
		t.Errorf("%d statements are planned for each call anew, such as: %s", len(anew), anew[0])
	}
	return all
}

const blocks = "blocks"

func (w *work) add(before, after map[string]int) {
	w.by = map[string]int{}
	for name, n := range after {
		switch n -= before[name]; {
		case name == blocks:
			w.blocks = n
		case n > 0:
			w.by[name] = n
			w.rows += n
		}
	}
}

// counters are the rows that were read by each index, and of each table without one, and the blocks of all.
func (f fixture) counters(t *testing.T, super *sql.DB, db *postgres.DB) map[string]int {
	t.Helper()
	testkit.Must(t, db.FlushCounters(t.Context()))
	rows, err := super.Query(`
		SELECT relname, seq_tup_read FROM pg_stat_user_tables UNION ALL SELECT indexrelname, idx_tup_read
			FROM pg_stat_user_indexes
		UNION ALL SELECT '` + blocks + `', sum(heap_blks_read + heap_blks_hit + coalesce(idx_blks_read + idx_blks_hit,
			0)) FROM pg_statio_user_tables`)
	testkit.Must(t, err)
	defer rows.Close()
	all := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		testkit.Must(t, rows.Scan(&name, &n))
		all[name] += n
	}
	testkit.Must(t, rows.Err())
	return all
}
