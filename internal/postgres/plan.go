package postgres

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// noJIT saves compiling what runs for a millisecond. It is set on each new connection, not at its start-up, for poolers
// refuse settings there that they do not know; and it overrides what the database or the role has set.
const noJIT = `SET jit = off`

// ourPlans have each list read by the index that has its order, and nothing else: no table is read whole, nothing is
// sorted to find a page, no bitmap is made of all that fits. What statistics say of the tables decides none of this,
// so that one plan is right for all arguments. It is made once a connection: planning costs more than most statements.
const ourPlans = noJIT + `; SET max_parallel_workers_per_gather = 0;
	SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET enable_incremental_sort = off;
	SET enable_indexscan = on; SET enable_indexonlyscan = on; SET enable_nestloop = on; SET enable_tidscan = on;
	SET enable_partition_pruning = on; SET plan_cache_mode = force_generic_plan`

func set(ctx context.Context, raw driver.Conn, settings string) error {
	session, ok := raw.(driver.ExecerContext)
	if !ok {
		return fmt.Errorf("lib/pq: %T executes nothing", raw)
	}

	if _, err := session.ExecContext(ctx, settings, nil); err != nil {
		return fmt.Errorf("setting up a session: %w", err)
	}

	return nil
}
