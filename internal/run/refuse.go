package run

import (
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// LeaseFacts are what a store finds of a lease, and keeps so until its transaction ends.
type LeaseFacts struct {
	// Found is whether there is a lease of the caller's: of the same API key, run and consumer, or with one of its own
	// tokens.
	Found bool
	// Over is whether nothing more is handed out under it, Ended whether somebody ended it.
	Over, Ended bool
}

// RefuseEnd returns fault.NotFound if there is no such lease; nil if there is.
func (f LeaseFacts) RefuseEnd() error {
	if f.Found {
		return nil
	}

	return fault.Field(fault.NotFound, "leaseId", "There is no such lease, or it is not for whoever asks: it belongs "+
		"to one API key, run and consumer, and has tokens of its own.")
}

// Refuse returns why nothing is handed out under the lease; nil if it is.
//
// Errors: fault.NotFound if there is no such lease; fault.Conflict if it is over.
func (f LeaseFacts) Refuse() error {
	switch {
	case !f.Found:
		return f.RefuseEnd()
	case f.Over:
		return fault.Field(fault.Conflict, "leaseId", "The lease has ended or expired: begin another one.")
	}

	return nil
}

// RefusePins returns fault.Invalid if the lease pins more secrets than one may, with those of the claim; nil if it does
// not.
func (c PinRequest) RefusePins(secrets int) error {
	if secrets <= MaxSecrets {
		return nil
	}

	return fault.Field(fault.Invalid, "secrets",
		"A lease holds at most %d secrets in all of its steps; with these it would hold %d. Begin another lease.",
		MaxSecrets, secrets)
}

// Refusals are those of one principal within the last hour, for one action.
type Refusals struct {
	Count int
	// Oldest is when the first of them was; nil if there are none.
	Oldest *time.Time
	Now    time.Time
}

// Refuse returns fault.RateLimited if MaxRefusals are on record; nil if another one may be.
func (r Refusals) Refuse() error {
	if r.Count < MaxRefusals {
		return nil
	}

	wait := time.Hour - r.Now.Sub(*r.Oldest)
	return fault.New(fault.RateLimited, "You were refused too often; try again later.").
		With("retryAfterSeconds", max(int(wait.Seconds()), 1))
}
