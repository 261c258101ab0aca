package doctor

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// monthsAhead is how far partitions of the audit log are made ahead; one month of them is what must be there.
const monthsAhead = 12

// ErrPooled is in the chain of what Database.Check returns where a pooler shares sessions among clients.
var ErrPooled = errors.New("a pooler shares sessions among clients")

// Rights are what a role of the database may do beyond its needs.
type Rights struct {
	// Migrated is whether the tables are there; without them nothing else is known.
	Migrated bool
	// Rises reports that the role bypasses row-level security or owns the tables, or can gain that.
	Rises bool
	// Revoke is the statement that takes from it what it may do too much; empty where that is nothing.
	Revoke string
}

// Database is asked about itself as the role of the server. The errors of its methods are for whoever runs the server.
type Database interface {
	// Check returns an error if the database does not answer, takes no writes, or does not keep sessions apart.
	Check(ctx context.Context) error
	Rights(ctx context.Context) (Rights, error)
	// Unbound returns the tables of workspaces that row-level security does not hold.
	Unbound(ctx context.Context) ([]string, error)
	// MissingPartitions returns the partitions of the audit log that are not there, of this month and some after it.
	MissingPartitions(ctx context.Context, months int) ([]string, error)
	Now(ctx context.Context) (time.Time, error)
}

const (
	asApp   = `psql "$DATA_API_DATABASE_URL" -c `
	asOwner = `psql "$DATA_API_MIGRATE_DATABASE_URL" -c `

	noAnswer = "The database did not answer."
	askIt    = asApp + "'SHOW transaction_read_only'"
	migrate  = "data-api migrate"
)

// Sessions checks that the database answers, takes writes and keeps sessions apart.
func Sessions(db Database) Check {
	const name = "database"
	return func(ctx context.Context) []Finding {
		switch err := db.Check(ctx); {
		case errors.Is(err, ErrPooled):
			return []Finding{fault(name, "A pooler hands sessions from one client to another: workspaces would see "+
				"each other's rows.", `sudo sed -i 's/^pool_mode.*/pool_mode = session/' /etc/pgbouncer/pgbouncer.ini `+
				`&& sudo systemctl reload pgbouncer`).because(err)}
		case err != nil:
			return []Finding{fault(name, "The database does not answer, or takes no writes.", askIt).because(err)}
		}

		return []Finding{ok(name)}
	}
}

// Role checks that the database is migrated, and that the role of the server can do no more than it must.
func Role(db Database) Check {
	const name = "database role"
	return func(ctx context.Context) []Finding {
		has, err := db.Rights(ctx)
		switch {
		case err != nil:
			return []Finding{fault(name, noAnswer, askIt).because(err)}
		case !has.Migrated:
			return []Finding{fault(name, "The database is not migrated.", migrate)}
		case has.Rises:
			return []Finding{fault(name, "The database role owns the tables or may bypass row-level security, or can "+
				"gain that: use the app role.", asApp+`'SELECT session_user'`)}
		case has.Revoke != "":
			return []Finding{fault(name, "The database role could change the audit log, or create objects.",
				asOwner+quote(has.Revoke))}
		}

		return []Finding{ok(name)}
	}
}

// RowSecurity checks that row-level security holds all tables of workspaces.
func RowSecurity(db Database) Check {
	const name = "row-level security"
	return func(ctx context.Context) []Finding {
		open, err := db.Unbound(ctx)
		switch {
		case err != nil:
			return []Finding{fault(name, noAnswer, askIt).because(err)}
		case len(open) > 0:
			var mend strings.Builder
			for _, table := range open {
				fmt.Fprintf(&mend, "ALTER TABLE %s ENABLE ROW LEVEL SECURITY; ALTER TABLE %[1]s FORCE ROW LEVEL "+
					"SECURITY; ", table)
			}

			return []Finding{fault(name, "Row-level security is off for: "+strings.Join(open, ", ")+".",
				asOwner+quote(strings.TrimSpace(mend.String())))}
		}

		return []Finding{ok(name)}
	}
}

// Partitions checks that the audit log has partitions for the coming year.
func Partitions(db Database) Check {
	const name = "audit partitions"
	return func(ctx context.Context) []Finding {
		mend := fmt.Sprintf("%s'SELECT ensure_audit_partitions(%d)'", asApp, monthsAhead)
		missing, err := db.MissingPartitions(ctx, monthsAhead)
		switch {
		case err != nil:
			return []Finding{fault(name, noAnswer, askIt).because(err)}
		case len(missing) > 0:
			return []Finding{fault(name, "The audit log lacks partitions, and nothing can be written without: "+
				strings.Join(missing, ", ")+".", mend)}
		}

		return []Finding{ok(name)}
	}
}

// DatabaseClock compares the database's clock with ours.
func DatabaseClock(db Database, now func() time.Time) Check {
	const name = "database clock"
	return func(ctx context.Context) []Finding {
		before := now()
		theirs, err := db.Now(ctx)
		if err != nil {
			return []Finding{fault(name, noAnswer, askIt).because(err)}
		}

		return []Finding{clock(name, "the database", Moment{Theirs: theirs, Before: before, After: now()})}
	}
}

// Migrations checks that every migration of this program has run. version returns the last one that has, and the last
// one that there is.
func Migrations(version func(context.Context) (current, latest int64, err error)) Check {
	const name = "migrations"
	return func(ctx context.Context) []Finding {
		current, latest, err := version(ctx)
		switch {
		case err != nil:
			return []Finding{fault(name, noAnswer, asOwner+"'SELECT session_user'").because(err)}
		case current < latest:
			return []Finding{fault(name, fmt.Sprintf("The database is at version %d, and this program needs %d.",
				current, latest), migrate)}
		case current > latest:
			return []Finding{warning(name, fmt.Sprintf("The database is at version %d, and this program knows %d: it "+
				"is older than others that run.", current, latest), "data-api version")}
		}

		return []Finding{ok(name)}
	}
}
