package secret

import (
	"reflect"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// The shortest and the longest time between two rotations.
const (
	minEvery = time.Hour
	maxEvery = 3650 * 24 * time.Hour
)

// Schedule says how often a secret is rotated: with a generator the server does it, else an event says when people
// should.
type Schedule struct {
	// Every is how long a value is used; 0 where Cron says so.
	Every     time.Duration
	Generator *Generator
	// Cron is nil where Every says so.
	Cron *Cron `json:",omitzero"`
}

// check returns fault.Invalid naming `every`, `cron`, `timeZone` or `length`.
func (s *Schedule) check() error {
	switch {
	case s == nil:
		return nil
	case s.Cron != nil && s.Every != 0:
		return fault.Field(fault.Invalid, "cron", "A schedule has `every` or `cron`, not both.")
	case s.Cron != nil:
		if err := s.Cron.check(); err != nil {
			return err
		}
	case s.Every == 0:
		return fault.Field(fault.Invalid, "every", "A schedule needs `every`, or `cron`.")
	case s.Every < minEvery || s.Every > maxEvery || s.Every%time.Second != 0:
		return fault.Field(fault.Invalid, "every", "A secret is rotated every PT1H to P3650D, in whole seconds.")
	}

	if s.Generator != nil {
		return s.Generator.check()
	}

	return nil
}

// is reports whether that is the schedule already.
func (s *Schedule) is(now *ScheduleState) bool {
	if s == nil || now == nil {
		return s == nil && now == nil
	}

	return reflect.DeepEqual(*s, now.Schedule)
}

// From returns the state of the schedule, which was checked, for a value that was set at that time; nil for none. A
// period counts from then; by the calendar, no time before now is due.
func (s *Schedule) From(set, now time.Time) *ScheduleState {
	switch {
	case s == nil:
		return nil
	case s.Cron != nil && set.Before(now):
		set = now
	}

	return &ScheduleState{Schedule: *s, NextAt: s.After(set)}
}

// After is when a value that was set at that time is due.
func (s *Schedule) After(set time.Time) time.Time {
	if s.Cron == nil {
		return set.Add(s.Every)
	}

	at, err := s.Cron.next(set)
	if err != nil || at.IsZero() { // it was checked: the time zone is gone from the database since
		return set.Add(maxEvery)
	}

	return at
}

// ScheduleState is a secret's schedule with the time of the next rotation and the last failure.
type ScheduleState struct {
	Schedule
	NextAt time.Time
	// Overdue is whether NextAt has passed.
	Overdue bool
	// LastError is why the last rotation by itself failed; nil while all goes well.
	LastError *string
}
