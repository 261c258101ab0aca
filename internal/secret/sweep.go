package secret

import (
	"context"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
)

// Reservation is a name that waits for its value.
type Reservation struct {
	// Name is followed by a space and the id where it was let go.
	Name string
	// CreatedAt is when the last attempt to bring the value began.
	CreatedAt time.Time
	// SweptAt is when it was given up; nil before.
	SweptAt *time.Time
}

// sweep ends a reservation: in the database, so that it cannot become a secret; in the vault; and then its row.
//
// What is there in the vault is looked at before the reservation is given up. So whoever comes late deletes that, and
// nothing that a later attempt has made under the same id.
func (u *Upkeep) sweep(ctx context.Context, d WorkItem) error {
	r, found, err := u.store.Reservation(ctx, d)
	if err != nil || !found || r.SweptAt == nil && !r.CreatedAt.Before(u.now().Add(-ReservedFor)) {
		return err
	}

	left, found, err := u.vault.Find(ctx, d.place())
	if err != nil {
		return err
	}

	if given, err := u.store.GiveUp(ctx, d, r, u.now()); err != nil || !given {
		return err
	}

	if found {
		if err := u.vault.DeleteHeld(ctx, left); err != nil {
			return err
		}
	}

	name, _, _ := strings.Cut(r.Name, " ")
	return u.store.DropReservation(ctx, d, r, d.entry(audit.SecretCreateFailed, name).Ended(audit.Failed))
}
