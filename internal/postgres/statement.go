package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
)

// Some writes are one statement, which commits by itself: a transaction of several takes as many messages more. Such a
// statement locks the rows that decide, writes only if they are as it expects, and puts the entry on record if and only
// if it writes. It returns a row if it has, and none if it has not. Then the noun is asked, with the rows as they are
// by now, why it refuses.
//
// A statement that waited for a lock sees the locked row as it is then, but no row that was added meanwhile. It joins
// what it needs of those to the locked row, so that it does nothing where one is missing, and is run again.

// attempts are how often a statement is run again because others changed what it expects, each time between it and the
// question why.
const attempts = 100

// decide runs a write until it is done or refused.
func decide(write func() (done bool, err error), refuse func() error) error {
	for range attempts {
		done, err := write()
		if done || err != nil {
			return err
		}

		if err := refuse(); err != nil {
			return err
		}
	}

	return fault.New(fault.Unavailable, "Others kept changing what this call is about: nothing was done. Try again.")
}

// write runs a statement that commits by itself, and that has a part made by recording; args are those of what is
// before that part. done is false if it returned no row: then nothing was done.
//
// If the connection is lost it may run a second time: the event's id is on record once, so it has one effect. What the
// second run finds says nothing of the first.
//
// Errors: fault.ErrUnconfirmed if the connection was lost; after every other one nothing was done.
func (d *DB) write(ctx context.Context, e audit.Entry, row any, query string, args ...any) (done bool, err error) {
	more, err := eventArguments(e)
	if err != nil {
		return false, err
	}

	err = d.turn(ctx, e.By.Workspace, 1, func(ctx context.Context) error {
		ctx, its := followed(ctx)
		err := d.pool.GetContext(ctx, row, query, slices.Concat(args, more)...)
		switch {
		case err == nil:
			done = true
			return nil
		case its.lost.Load() || its.sent.Load() && !errors.Is(err, sql.ErrNoRows) && !isRefusal(err):
			return unconfirmed(err)
		case errors.Is(err, sql.ErrNoRows):
			return nil
		}

		return err
	})
	return done, err
}

// write is DB.write as a part of the transaction.
func (t *Tx) write(e audit.Entry, row any, query string, args ...any) (done bool, err error) {
	more, err := eventArguments(e)
	if err != nil {
		return false, err
	}

	done, err = t.get(row, query, slices.Concat(args, more)...)
	t.recorded = t.recorded || done
	return done, err
}

// eventArguments are those of the part of a statement that recording makes. Errors: fault.Internal if the entry is not
// complete.
func eventArguments(e audit.Entry) ([]any, error) {
	rows, err := turnEntries([]audit.Entry{e})
	if err != nil {
		return nil, fault.New(fault.Internal, "").Because(err)
	}

	event, err := rows[0].columns()
	if err != nil {
		return nil, err
	}

	_, _, arguments := event.list()
	return arguments, nil
}

// isRefusal reports that the database answered that it has not run a statement, and that the connection goes on.
func isRefusal(err error) bool {
	var said *pq.Error
	return errors.As(err, &said) && said.Code.Class() != "08" && !codeIs(err, "57P01", "57P02", "57P03", "57P05")
}

func unconfirmed(err error) error {
	return fault.New(fault.Unavailable, "The database did not confirm: what you asked for may or may not have been "+
		"done. Look before you try again.").
		Because(fmt.Errorf("%w: %w", fault.ErrUnconfirmed, err))
}

// recording is the part of a statement, called event, that puts an entry on record for each row of `from`. It comes
// after as many arguments of the statement's own, of which the first is the workspace. label and details are
// expressions, which end the label and add to the details of the entry.
func recording(after int, label, details, from string) string {
	event, _ := entryJSON{}.columns()
	names, parameters, _ := event.numbered(after)
	values := strings.Split(parameters, ", ")
	last := len(values) - 1 // the details, before which the label comes
	values[last-1] += `::text || ` + label
	values[last] += `::jsonb || ` + details
	return `event AS (INSERT INTO audit_event (workspace_id, ` + names + `)
		SELECT $1, ` + strings.Join(values, ", ") + ` FROM ` + from + `)`
}
