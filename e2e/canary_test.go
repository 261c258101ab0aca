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

	"golang.org/x/sync/errgroup"
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
	errs := []error{s.search("the database dump", dump)}
	files := 0
	err = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasPrefix(path, s.binary) {
			return ignoreGone(err)
		}
		text, err := os.ReadFile(path)
		files++
		errs = append(errs, s.search(path, text))
		return ignoreGone(err)
	})
	if len(s.canaries.values()) > 0 && (files < 10 || !strings.Contains(string(dump), "audit_event")) {
		errs = append(errs, fmt.Errorf("the search shows nothing: %d files, %d bytes of dump", files, len(dump)))
	}
	fmt.Printf("searched %d files and %d bytes of database dump for %d secret values, each in 9 forms\n", files,
		len(dump), len(s.canaries.values()))
	return errors.Join(append(errs, err)...)
}

func ignoreGone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

const searchers = 4

// search looks for every value in a text, on several processors: it comes last, and nothing else is to do.
func (s *stack) search(where string, raw []byte) error {
	text, values := string(raw), s.canaries.values()
	var all errgroup.Group
	for part := range searchers {
		all.Go(func() error {
			for i := part; i < len(values); i += searchers {
				for j, form := range forms(values[i]) {
					if strings.Contains(text, form) {
						return fmt.Errorf("%s holds secret value %d in form %d", where, i, j)
					}
				}
			}
			return nil
		})
	}
	return all.Wait()
}

// dump is all that the database holds.
func (s *stack) dump() ([]byte, error) {
	tool := "pg_dump"
	if found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump"); err == nil && len(found) > 0 {
		tool = found[len(found)-1]
	}
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
