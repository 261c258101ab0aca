package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// canaries are values that must be nowhere but in the vault and in the answer of a reveal.
type canaries struct {
	mu  sync.Mutex
	all []string
}

// add makes a value that no other text contains by chance; it needs escaping in JSON and in URLs.
func (c *canaries) add(label string) string {
	random := make([]byte, 12)
	_, _ = rand.Read(random) // it never fails
	value := fmt.Sprintf("cänary/%s+%s?", label, hex.EncodeToString(random))
	c.note(value)
	return value
}

// note adds a value that somebody else has made: an API key.
func (c *canaries) note(value string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, value)
}

// values are those so far: a stack of one test's own is searched while other tests go on.
func (c *canaries) values() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.all)
}

// forms are a value as it is and in every encoding that could have carried it away.
func forms(value string) []string {
	escaped, _ := json.Marshal(value) // strings always marshal
	return []string{
		value, url.QueryEscape(value), url.PathEscape(value), hex.EncodeToString([]byte(value)),
		strings.Trim(string(escaped), `"`),
		// Base64 at its three alignments, without the ends that neighbours change.
		middle(base64.StdEncoding.EncodeToString([]byte(value))), middle(base64.StdEncoding.EncodeToString([]byte("_" + value))),
		middle(base64.StdEncoding.EncodeToString([]byte("__" + value))),
		middle(base64.URLEncoding.EncodeToString([]byte(value))),
	}
}

func middle(encoded string) string { return encoded[4 : len(encoded)-4] }

// searchForCanaries looks for every value in all logs, in a dump of the database, and in all that the backends keep on
// disk.
func (s *stack) searchForCanaries() error {
	dump, err := s.dump()
	if err != nil {
		return err
	}
	sought := s.canaries.in(forms)
	errs := []error{sought.search("the database dump", dump)}
	files, total, began := 0, 0, time.Now()
	err = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(path, s.binary) {
			return ignoreGone(err)
		}
		text, err := os.ReadFile(path)
		files++
		total += len(text)
		errs = append(errs, sought.search(path, text))
		return ignoreGone(err)
	})
	if len(s.canaries.values()) > 0 && (files < 10 || !strings.Contains(string(dump), "audit_event")) {
		errs = append(errs, fmt.Errorf("the search shows nothing: %d files, %d bytes of dump", files, len(dump)))
	}
	fmt.Printf("searched %d files of %d MB and %d MB of database dump for %d secret values, each in 9 forms, in %s\n",
		files, total/1e6, len(dump)/1e6, len(s.canaries.values()), time.Since(began).Round(time.Second))
	return errors.Join(append(errs, err)...)
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// needles find many texts in one pass, by their first eight bytes.
type needles struct {
	byHead map[uint64][]needle
	// maybe has a bit for each head's hash: most places of a text are passed over by it.
	maybe [1 << 16]bool
}

type needle struct {
	text        string
	value, form int
}

const headBytes = 8

func headOf(text []byte) (head uint64) {
	for i, b := range text[:headBytes] {
		head |= uint64(b) << (8 * i)
	}
	return head
}

// hashed takes the upper bits of a multiplication, in which all bits of a head are mixed.
func hashed(head uint64) uint16 { return uint16(head * 0x9e3779b97f4a7c15 >> 48) }

// in returns what finds all values, each in these forms.
func (c *canaries) in(forms func(string) []string) *needles {
	n := &needles{byHead: map[uint64][]needle{}}
	for i, value := range c.values() {
		for j, form := range forms(value) {
			head := headOf([]byte(form))
			n.byHead[head] = append(n.byHead[head], needle{form, i, j})
			n.maybe[hashed(head)] = true
		}
	}
	return n
}

// search looks for all of them in a text.
func (n *needles) search(where string, text []byte) error {
	for i := 0; i+headBytes <= len(text); i++ {
		head := headOf(text[i:])
		if !n.maybe[hashed(head)] {
			continue
		}
		for _, sought := range n.byHead[head] {
			if rest := text[i:]; len(rest) >= len(sought.text) && string(rest[:len(sought.text)]) == sought.text {
				return fmt.Errorf("%s holds secret value %d in form %d", where, sought.value, sought.form)
			}
		}
	}
	return nil
}

// postgresProgram is a program of Postgres: the newest of Debian's, or else that of the path.
func postgresProgram(name string) string {
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name); err == nil && len(found) > 0 {
		return found[len(found)-1]
	}
	return name
}

// dump is all that the database holds.
func (s *stack) dump() ([]byte, error) {
	tool := postgresProgram("pg_dump")
	if _, err := exec.LookPath(tool); err != nil {
		if os.Getenv("CI") == "true" {
			return nil, err
		}
		fmt.Println("SKIPPED: the search of a database dump, for there is no pg_dump here")
		return []byte("audit_event"), nil
	}
	super := strings.Replace(s.setting("databaseUrl"), "data_api_app", "data_api_super", 1)
	out, err := exec.Command(tool, "--data-only", super).Output()
	var failed *exec.ExitError
	if errors.As(err, &failed) {
		return nil, fmt.Errorf("dumping the database: %w: %s", err, failed.Stderr)
	}
	return out, err
}

func TestNeedles_AnyFormAnywhere_IsFound(t *testing.T) {
	t.Parallel()
	c := &canaries{}
	values := []string{c.add("one"), c.add("two")}
	sought := c.in(forms)
	for i, value := range values {
		for j, form := range forms(value) {
			for _, text := range []string{form, "x" + form, form + "x", strings.Repeat("c", 999) + form} {
				err := sought.search("here", []byte(text))
				if err == nil || !strings.HasPrefix(err.Error(), fmt.Sprintf("here holds secret value %d in", i)) {
					t.Fatalf("form %d, %q: got %v", j, text, err)
				}
			}
			if err := sought.search("here", []byte(form[:len(form)-1])); err != nil {
				t.Fatalf("found a part: %v", err)
			}
		}
	}
}
