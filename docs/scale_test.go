package docs_test

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// measured is a row of the bench's table at 16 clients: the operation, and how many milliseconds of CPU one takes of
// the server and of Postgres.
var measured = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| 16 \\|(?:[^|]*\\|){7} ([\\d.]+) \\+ ([\\d.]+) \\+")

// TestScale_Capacity_IsWhatTheBenchMeasured reckons the rows of docs/scale.md from docs/performance.md.
func TestScale_Capacity_IsWhatTheBenchMeasured(t *testing.T) {
	t.Parallel()
	bench, err := os.ReadFile("performance.md")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("scale.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := measured.FindAllStringSubmatch(string(bench), -1)
	if len(rows) < 8 {
		t.Fatalf("the bench has %d rows at 16 clients", len(rows))
	}
	for _, row := range rows {
		calls := 1.0
		if row[1] == "injectSecrets" {
			calls = 50 // a call injects fifty secrets, which are counted
		}
		want := fmt.Sprintf("| `%s` | %s | %s |", row[1], perSecond(t, row[2], calls), perSecond(t, row[3], calls))
		if !strings.Contains(string(page), "\n"+want) {
			t.Errorf("docs/scale.md has no row %s", want)
		}
	}
}

// perSecond is how many a core does in a second that take so many milliseconds, to two digits.
func perSecond(t *testing.T, milliseconds string, each float64) string {
	t.Helper()
	took, err := strconv.ParseFloat(milliseconds, 64)
	if err != nil {
		t.Fatal(err)
	}
	digits, err := strconv.ParseFloat(fmt.Sprintf("%.1e", each*1000/took), 64)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatFloat(digits, 'f', 0, 64)
}
