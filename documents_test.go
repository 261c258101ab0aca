package main_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	inlineCode = regexp.MustCompile("`[^`]*`")
	link       = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading    = regexp.MustCompile(`^#{1,6} +(.+?) *$`)
	outside    = regexp.MustCompile(`^[a-z]+:`)
	replaced   = regexp.MustCompile(`(?m)^Date: .* Status: replaced by `)
	unsluggish = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestDocuments_Links_LeadSomewhere follows every link of README.md, CONTRIBUTING.md and docs/ within the repository:
// to a path that is there, and to a heading where it names one.
func TestDocuments_Links_LeadSomewhere(t *testing.T) {
	t.Parallel()
	for _, page := range documents(t) {
		for i, line := range prose(t, page) {
			for _, found := range link.FindAllStringSubmatch(inlineCode.ReplaceAllString(line, ""), -1) {
				if why := broken(t, page, found[1]); why != "" {
					t.Errorf("%s:%d: %s: %s", page, i+1, found[1], why)
				}
			}
		}
	}
}

func TestReadme_IsShort(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if n := strings.Count(string(text), "\n"); err != nil || n > 150 {
		t.Errorf("README.md has %d lines; 150 is the most (%v)", n, err)
	}
}

// TestDecisions_EachSays_WhenAndInsteadOfWhat holds the form of docs/adr, and that its index has each with its status.
func TestDecisions_EachSays_WhenAndInsteadOfWhat(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^# (\d{4})\. .+\n\nDate: (\d{4}-\d\d-\d\d)\. Status: (.+)\.\n`)
	index, err := os.ReadFile("docs/adr/README.md")
	if err != nil {
		t.Fatal(err)
	}

	pages, err := filepath.Glob("docs/adr/[0-9]*.md")
	if err != nil || len(pages) == 0 {
		t.Fatalf("got %d decisions (%v)", len(pages), err)
	}

	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}

		said := form.FindStringSubmatch(string(text))
		if said == nil || !strings.HasPrefix(filepath.Base(page), said[1]) {
			t.Errorf("%s: wanted its number, a date and a status: %s", page, form)
			continue
		}

		if row := " | " + said[2] + " | " + said[3] + " |\n"; !strings.Contains(string(index), row) ||
			!strings.Contains(string(index), "("+filepath.Base(page)+")") {
			t.Errorf("%s: docs/adr/README.md lacks it, or has another date or status", page)
		}

		for _, part := range []string{"Context", "Decision", "Alternatives", "Cost"} {
			if !strings.Contains(string(text), "\n## "+part+"\n\n") {
				t.Errorf("%s: there is no part %s", page, part)
			}
		}
	}
}

func documents(t *testing.T) []string {
	t.Helper()
	pages := []string{"README.md", "CONTRIBUTING.md"}
	err := filepath.WalkDir("docs", func(path string, _ fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// prose returns the lines of a page, those of fenced blocks empty.
func prose(t *testing.T, page string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	lines, fenced := strings.Split(string(text), "\n"), false
	for i, line := range lines {
		mark := strings.HasPrefix(strings.TrimSpace(line), "```")
		if mark {
			fenced = !fenced
		}
		if mark || fenced {
			lines[i] = ""
		}
	}
	return lines
}

// broken says why a link of a page leads nowhere; empty where it leads somewhere, or out of the repository.
func broken(t *testing.T, page, target string) string {
	t.Helper()
	if outside.MatchString(target) {
		return ""
	}
	path, anchor, _ := strings.Cut(target, "#")
	to := page
	if path != "" {
		to = filepath.Join(filepath.Dir(page), path)
	}
	if _, err := os.Stat(to); err != nil || strings.HasPrefix(to, "..") {
		return "there is no such path"
	}
	if anchor != "" && (!strings.HasSuffix(to, ".md") || !slices.Contains(anchors(t, to), anchor)) {
		return "there is no such heading"
	}
	return ""
}

// anchors are the names that GitHub gives the headings of a page.
func anchors(t *testing.T, page string) (all []string) {
	t.Helper()
	for _, line := range prose(t, page) {
		if found := heading.FindStringSubmatch(line); found != nil {
			text := link.ReplaceAllString(found[1], "")
			all = append(all, strings.ReplaceAll(unsluggish.ReplaceAllString(strings.ToLower(text), ""), " ", "-"))
		}
	}
	return all
}
