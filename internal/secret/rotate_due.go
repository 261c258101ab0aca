package secret

import (
	"context"
	"errors"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
)

// Overdue is the schedule of a secret whose rotation is overdue.
type Overdue struct {
	CurrentVersion int32
	RotateAt       time.Time
	// Generator makes the next value; nil where people do.
	Generator *Generator
}

// rotateDue rotates an overdue secret by its generator; without one, it records that people should rotate it.
//
// However often it is called, at once or again, it replaces the current version once.
func (u *Upkeep) rotateDue(ctx context.Context, d WorkItem) error {
	o, overdue, err := u.store.OverdueAt(ctx, d, u.now())
	if err != nil || !overdue {
		return err
	}

	if o.Generator == nil {
		return u.store.NoteRotationDue(ctx, d, o, u.now(), audit.Record(d.by(), audit.SecretRotationDue).
			AwaitsTarget("secret").With("dueAt", o.RotateAt.UTC()).With("version", o.CurrentVersion))
	}

	failed := u.rotate(ctx, d, o)
	if failed == nil || fault.Is(failed, fault.Conflict) || fault.Is(failed, fault.NotFound) {
		return nil // rotated, by this call or somebody else, deleted or rescheduled meanwhile
	}

	return errors.Join(failed, u.store.RotationFailed(context.WithoutCancel(ctx), d, o, reason(failed)))
}

func (u *Upkeep) rotate(ctx context.Context, d WorkItem, o Overdue) error {
	_, err := u.service.Rotate(ctx, d.by(), RotateRequest{
		SecretID:  d.ID,
		Value:     ValueInput{Generate: o.Generator},
		IfVersion: &o.CurrentVersion,
		Due:       &o.RotateAt,
	})
	return err
}

// reason returns the sentence of an error that callers may read.
func reason(err error) string {
	var known *fault.Error
	if errors.As(err, &known) && known.Kind != fault.Internal {
		return known.Say
	}

	return "The server could not rotate it."
}
