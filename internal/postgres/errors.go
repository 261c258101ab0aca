package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/fault"
)

// wrap turns what the database says into a fault; what already is one stays.
func wrap(err error) error {
	if err == nil {
		return nil // the targets below are allocated
	}

	var known *fault.Error
	var said *pq.Error
	var closed *misconfigured
	switch {
	case errors.As(err, &known), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &said) && !transient(said) && !errors.As(err, &closed):
		return fmt.Errorf("postgres: %w", err)
	}

	return unavailable(err)
}

// transient reports that the same statement may go through later: connections, resources, shutdown, read-only, locks,
// time-outs; and a table that has no partition for a row, which Postgres calls the violation of a check without a name.
func transient(err *pq.Error) bool {
	classes := []string{"08", "25", "40", "53", "55", "57", "58"}
	return slices.Contains(classes, string(err.Code.Class())) || err.Code == "23514" && err.Constraint == ""
}

func unavailable(err error) error {
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
		return err
	}

	var closed *misconfigured
	if errors.As(err, &closed) {
		return fault.New(fault.Unavailable, "The database lets nobody in: nothing was done. "+
			"The server's log says why.").
			Because(err)
	}

	return fault.New(fault.Unavailable, "The database did not answer as it should: nothing was done. Try again.").
		Because(err)
}

func codeIs(err error, codes ...string) bool {
	if err == nil {
		return false // the target below is allocated
	}

	var said *pq.Error
	return errors.As(err, &said) && slices.Contains(codes, string(said.Code))
}

// violates reports that a write was refused by a named constraint or unique index.
func violates(err error, constraint string) bool {
	var said *pq.Error
	return errors.As(err, &said) && said.Constraint == constraint
}
