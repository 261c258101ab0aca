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
	Every     time.Duration
	Generator *Generator
}

// check returns fault.Invalid naming `every` or `length`.
func (s *Schedule) check() error {
	switch {
	case s == nil:
		return nil
	case s.Every < minEvery || s.Every > maxEvery || s.Every%time.Second != 0:
		return fault.Field(fault.Invalid, "every", "A secret is rotated every PT1H to P3650D, in whole seconds.")
	case s.Generator != nil:
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

// from returns the state of the schedule for a value that was set at that time; nil for none.
func (s *Schedule) from(set time.Time) *ScheduleState {
	if s == nil {
		return nil
	}

	return &ScheduleState{Schedule: *s, NextAt: set.Add(s.Every)}
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
