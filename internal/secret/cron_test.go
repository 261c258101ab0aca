package secret_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestCron_Next_FollowsTheClocksOfTheZone has the days on which clocks change, and what is no change.
func TestCron_Next_FollowsTheClocksOfTheZone(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		expression, zone, after string
		want                    []string
	}{
		"every Monday": {"0 3 * * MON", "UTC", "2026-10-03T12:00:00Z", []string{"2026-10-05T03:00:00Z",
			"2026-10-12T03:00:00Z"}},
		"the first of a quarter": {"30 4 1 */3 *", "UTC", "2026-10-03T12:00:00Z", []string{"2027-01-01T04:30:00Z",
			"2027-04-01T04:30:00Z"}},
		"where the sun rises earlier": {"0 9 * * *", "Asia/Tokyo", "2026-10-03T12:00:00Z", []string{
			"2026-10-04T00:00:00Z"}},
		"an hour that is left out": {"30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", []string{
			"2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"}},
		"an hour that comes twice": {"30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", []string{
			"2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"}},
		"half an hour that is left out": {"15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", []string{
			"2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z"}},
		"half an hour that comes twice": {"45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", []string{
			"2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"}},
		"a midnight that is left out": {"0 0 4 11 *", "America/Sao_Paulo", "2018-11-03T12:00:00Z", []string{
			"2018-11-04T03:00:00Z", "2019-11-04T03:00:00Z"}},
		"the second time that an hour is shown": {"30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", []string{
			"2026-10-26T01:30:00Z"}},
		"every hour of a day with 25": {"0 * * * *", "Europe/Berlin", "2026-10-24T23:30:00Z", []string{
			"2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z"}},
		"every hour of a day with 23": {"0 * * * *", "Europe/Berlin", "2026-03-29T00:30:00Z", []string{
			"2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"}},
		"a day of the month or one of the week, as crontab has it": {"0 3 1,15 * MON", "UTC", "2026-10-13T12:00:00Z",
			[]string{"2026-10-15T03:00:00Z", "2026-10-19T03:00:00Z"}},
		"a leap day after a year without one": {"0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", []string{
			"2104-02-29T00:00:00Z"}},
		"a leap day": {"0 0 29 2 *", "UTC", "2026-01-01T00:00:00Z", []string{"2028-02-29T00:00:00Z",
			"2032-02-29T00:00:00Z"}},
	} {
		s := &secret.Schedule{Cron: &secret.Cron{Expression: row.expression, TimeZone: row.zone}}
		testkit.Must(t, secret.CheckSchedule(s))
		at, err := time.Parse(time.RFC3339, row.after)
		testkit.Must(t, err)
		for _, want := range row.want {
			at = s.After(at)
			if got := at.Format(time.RFC3339); got != want {
				t.Errorf("%s: %s, want %s", name, got, want)
			}
		}
	}
}

func TestCron_ThatCannotBe_SaysWhy(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ expression, zone, field string }{
		{"", "UTC", "cron"}, {"0 3 * *", "UTC", "cron"}, {"0 3 * * * *", "UTC", "cron"}, {"@daily", "UTC", "cron"},
		{"@every 1h", "UTC", "cron"}, {"TZ=UTC 0 3 * *", "UTC", "cron"}, {"CRON_TZ=UTC 0 3 * * *", "UTC", "cron"},
		{" 0 3 * * *", "UTC", "cron"}, {"0  3 * * *", "UTC", "cron"}, {"0 3 * * *\n", "UTC", "cron"},
		{"* 3 * * *", "UTC", "cron"}, {"0,30 3 * * *", "UTC", "cron"}, {"*/15 * * * *", "UTC", "cron"},
		{"60 3 * * *", "UTC", "cron"}, {"0 24 * * *", "UTC", "cron"}, {"0 3 L * *", "UTC", "cron"},
		{"0 3 30 2 *", "UTC", "cron"}, {"0 3 * * no", "UTC", "cron"}, {"0 3 */0 * *", "UTC", "cron"},
		{"0 3 * * *", "", "timeZone"}, {"0 3 * * *", "Local", "timeZone"}, {"0 3 * * *", "Mars/Base", "timeZone"},
		{"0 3 * * *", "../etc/passwd", "timeZone"},
	} {
		s := &secret.Schedule{Cron: &secret.Cron{Expression: row.expression, TimeZone: row.zone}}
		testkit.Refused(t, secret.CheckSchedule(s), fault.Invalid, row.field)
	}
	both := &secret.Schedule{Every: 24 * time.Hour, Cron: &secret.Cron{Expression: "0 3 * * *", TimeZone: "UTC"}}
	testkit.Refused(t, secret.CheckSchedule(both), fault.Invalid, "cron")
	testkit.Refused(t, secret.CheckSchedule(&secret.Schedule{}), fault.Invalid, "every")
}
