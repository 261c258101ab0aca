package e2e

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
)

// noteURL adds what makes a URL a credential: its signature, or the id of its session.
func (s *stack) noteURL(text string) {
	u, err := url.Parse(text)
	if err != nil {
		return
	}
	for _, name := range []string{"X-Goog-Signature", "upload_id"} {
		if value := u.Query().Get(name); value != "" {
			s.urls.note(value)
		}
	}
}

// searchForURLs looks for every signature and session in the logs of all processes, in the traces, and in a dump of the
// database.
func (s *stack) searchForURLs() error {
	dump, err := s.dump()
	if err != nil {
		return err
	}
	sought := s.urls.in(written)
	errs := []error{sought.search("the database dump", dump)}
	logs := 0
	err = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || filepath.Ext(path) != ".log" && path != s.tracesFile() {
			return ignoreGone(err)
		}
		text, err := os.ReadFile(path)
		logs++
		errs = append(errs, sought.search(path, text))
		return ignoreGone(err)
	})
	if logs < 3 {
		errs = append(errs, fmt.Errorf("the search shows nothing: %d logs", logs))
	}
	fmt.Printf("searched %d logs and %d bytes of database dump for %d signatures and sessions\n", logs, len(dump),
		len(s.urls.values()))
	return errors.Join(append(errs, err)...)
}

// written are the forms that a signature or a session may have in a text.
func written(value string) []string { return []string{value, url.QueryEscape(value)} }
