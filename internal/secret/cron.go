package secret

import (
	"fmt"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // a container may have none

	cron "github.com/netresearch/go-cron"

	"github.com/provenanceone/data-api/internal/fault"
)

// maxCron is the length of the longest expression, in bytes.
const maxCron = 120

// Cron is a schedule by the calendar: five fields, for minute, hour, day of the month, month and day of the week.
//
// Source: crontab(5), without its names for schedules as @daily, and without time zones within the expression.
type Cron struct {
	Expression string
	// TimeZone is a name of the IANA time zone database.
	TimeZone string
}

// mostYears is longer than any leap day waits for the next one.
const mostYears = 10

// cronParser takes a day of the month or one of the week where both are given, as crontab does.
var cronParser = cron.MustNewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow | cron.DowOrDom).
	WithMaxSearchYears(mostYears)

// aMinute is one of an hour's: with several, a secret would be rotated more often than once an hour.
var aMinute = regexp.MustCompile(`^[0-5]?[0-9]$`)

// check returns fault.Invalid naming `cron` or `timeZone`.
func (c *Cron) check() error {
	fields := strings.Fields(c.Expression)
	switch {
	case len(c.Expression) > maxCron || len(fields) != 5 || c.Expression != strings.Join(fields, " "):
		return fault.Field(fault.Invalid, "cron", "A cron expression is five fields with a space between them, of %d "+
			"characters at most: minute, hour, day of the month, month, day of the week. For example `0 3 * * MON`.", maxCron)
	case !aMinute.MatchString(fields[0]):
		return fault.Field(fault.Invalid, "cron", "The first field is one minute, 0 to 59: a secret is rotated "+
			"once an hour at most.")
	}

	if _, err := time.LoadLocation(c.TimeZone); err != nil || c.TimeZone == "" || c.TimeZone == "Local" {
		return fault.Field(fault.Invalid, "timeZone", "A time zone is a name of the IANA database, for example "+
			"`Europe/Berlin`, or `UTC`.")
	}

	next, err := c.next(time.Now())
	if err != nil {
		return fault.Field(fault.Invalid, "cron", "The cron expression cannot be read: it has numbers, names of "+
			"months and days, `*`, `,`, `-` and `/`.").Because(err)
	}

	if next.IsZero() {
		return fault.Field(fault.Invalid, "cron", "The cron expression names no day that there is.")
	}

	return nil
}

// next is the first time after one that the schedule names; the zero time if there is none. What the clocks of the zone
// leave out is as much later, and what they show twice counts the first time.
func (c *Cron) next(after time.Time) (time.Time, error) {
	zone, err := time.LoadLocation(c.TimeZone)
	if err != nil {
		return time.Time{}, fmt.Errorf("secret: reading time zone: %w", err)
	}

	schedule, err := cronParser.Parse(c.Expression)
	if err != nil {
		return time.Time{}, fmt.Errorf("secret: reading cron expression: %w", err)
	}

	// What clocks show is reckoned with as if it was UTC, in which none is ever put forward or back.
	_, offset := after.In(zone).Zone()
	for shown := after.UTC().Add(time.Duration(offset) * time.Second); ; {
		if shown = schedule.Next(shown); shown.IsZero() {
			return shown, nil
		}

		if at := whenShown(shown, zone); at.After(after) {
			return at, nil
		}
	}
}

// whenShown is when the clocks of a zone first show what a clock of UTC shows at a time. If they are put forward over
// that, it is when they would have shown it.
func whenShown(shown time.Time, zone *time.Location) time.Time {
	by := func(at time.Time) time.Time {
		_, offset := at.In(zone).Zone()
		return shown.Add(-time.Duration(offset) * time.Second)
	}
	before := by(shown.Add(-24 * time.Hour)) // by the offset of before, if it changes on the day
	after := by(before)
	if by(after).Equal(after) && !before.Equal(after) {
		return after
	}

	return before
}
