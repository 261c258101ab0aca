package gcs

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	bolt "go.etcd.io/bbolt"
	raw "google.golang.org/api/storage/v1"
)

const maxPage = 1000

// listing is a page of objects that a caller asks for.
type listing struct {
	prefix, delimiter string
	// offset is what names are not below of.
	offset string
	// after is the last name or common prefix of the page before.
	after string
	most  int
}

func listingOf(q url.Values) (listing, error) {
	l := listing{prefix: q.Get("prefix"), delimiter: q.Get("delimiter"), offset: q.Get("startOffset"), most: maxPage}
	token, err := base64.StdEncoding.DecodeString(q.Get("pageToken"))
	if err != nil {
		return l, errInvalidArgument.about("pageToken", "That is no page token.")
	}

	l.after = string(token)
	if text := q.Get("maxResults"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return l, errInvalidArgument.about("maxResults", "A page has at least one object.")
		}

		l.most = min(n, maxPage)
	}

	return l, nil
}

// list reads one page, in the order of the names' bytes.
func (s *store) list(bucket string, l listing) (page *raw.Objects, err error) {
	page = &raw.Objects{Kind: "storage#objects"}
	err = s.db.View(func(tx *bolt.Tx) error {
		table, err := objectsIn(tx, bucket)
		if err != nil {
			return err
		}

		return l.walk(table.Cursor(), page)
	})
	return page, err
}

func (l listing) walk(c *bolt.Cursor, page *raw.Objects) error {
	last, taken := "", 0
	key, row := c.Seek(l.start())
	for key != nil && bytes.HasPrefix(key, []byte(l.prefix)) {
		if taken == l.most {
			page.NextPageToken = base64.StdEncoding.EncodeToString([]byte(last))
			return nil
		}

		taken++
		if common, folded := l.fold(string(key)); folded {
			page.Prefixes, last = append(page.Prefixes, common), common
			key, row = c.Seek(beyond(common))
			continue
		}

		var r record
		if err := json.Unmarshal(row, &r); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}

		page.Items, last = append(page.Items, shown(r.Object)), string(key)
		key, row = c.Next()
	}

	return nil
}

// start is where the page begins: after a name its successor, after a common prefix what does not have it.
func (l listing) start() []byte {
	switch {
	case l.after == "":
		return []byte(max(l.prefix, l.offset))
	case l.delimiter != "" && strings.HasSuffix(l.after, l.delimiter) && len(l.after) > len(l.prefix):
		return beyond(l.after)
	default:
		return append([]byte(l.after), 0)
	}
}

// fold returns the common prefix that a name is listed under, if it is.
func (l listing) fold(name string) (string, bool) {
	if l.delimiter == "" {
		return "", false
	}

	head, _, found := strings.Cut(name[len(l.prefix):], l.delimiter)
	return l.prefix + head + l.delimiter, found
}

// beyond sorts after everything that begins with the prefix: no UTF-8 has a byte 0xff.
func beyond(prefix string) []byte { return append([]byte(prefix), 0xff) }
