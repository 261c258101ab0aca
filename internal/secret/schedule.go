package secret

import (
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// The shortest and the longest time between two rotations.
const (
	minEvery = time.Hour
	maxEvery = 3650 * 24 * time.Hour
)

// Schedule says how often a secret is rotated: by itself where there is a generator, else by people, who are told when
// it is due.
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

// from is the schedule as it stands for a value that was set at that time; nil for none.
func (s *Schedule) from(set time.Time) *Scheduled {
	if s == nil {
		return nil
	}

	return &Scheduled{Schedule: *s, NextAt: set.Add(s.Every)}
}

// Scheduled is a secret's schedule as it stands.
type Scheduled struct {
	Schedule
	NextAt time.Time
	// Overdue is whether NextAt has passed.
	Overdue bool
	// LastError is why the last rotation by itself failed; nil while all goes well.
	LastError *string
}
