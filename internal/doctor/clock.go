package doctor

import (
	"fmt"
	"time"
)

const (
	// A signature or token is judged by the clock of whoever reads it: seconds are common, a minute is refused.
	clockWarning = 5 * time.Second
	clockFault   = 60 * time.Second
)

// Moment is what another clock showed, and what ours showed before and after it was asked.
type Moment struct{ Theirs, Before, After time.Time }

// off is how far the other clock is from ours at least. A clock that is told in whole seconds may be ahead of what it
// says by one.
func (m Moment) off() time.Duration {
	return max(m.Before.Add(-time.Second).Sub(m.Theirs), m.Theirs.Sub(m.After), 0).Round(time.Second)
}

func clock(name, whose string, m Moment) Finding {
	says := fmt.Sprintf("The clocks of this machine and of %s are at least %s apart.", whose, m.off())
	const mend = "sudo timedatectl set-ntp true"
	switch off := m.off(); {
	case off > clockFault:
		return fault(name, says, mend)
	case off > clockWarning:
		return warning(name, says, mend)
	}

	return ok(name)
}
