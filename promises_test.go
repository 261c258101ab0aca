package main_test

import (
	"os"
	"strings"
	"testing"
)

// TestPromises_Each_NamesItsTest holds that no promise stands in docs/promises.md without the test that holds it; that
// the test is there is looked up with all that the pages name.
func TestPromises_Each_NamesItsTest(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("docs/promises.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 || strings.HasPrefix(line, "|---") || cells[1] == " Promise " {
			continue
		}
		if rows++; !strings.Contains(cells[2], "`Test") && !strings.Contains(cells[2], "every test of") {
			t.Errorf("%s is held by no test", cells[1])
		}
	}
	if rows < 20 {
		t.Errorf("there are %d promises", rows)
	}
}
