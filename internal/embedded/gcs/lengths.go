package gcs

import (
	"net/http"
	"strconv"
	"strings"
)

// maxObjectBytes is the longest object: 5 TiB.
const maxObjectBytes = 5 << 40

// lengths bounds a body, both ends included, in bytes.
type lengths struct{ least, most int64 }

var anyLength = lengths{0, maxObjectBytes}

// lengthsFrom reads x-goog-content-length-range.
func lengthsFrom(h http.Header) (lengths, error) {
	const name = "X-Goog-Content-Length-Range"
	if len(h.Values(name)) == 0 {
		return anyLength, nil
	}

	low, high, found := strings.Cut(h.Get(name), ",")
	least, lowErr := strconv.ParseInt(low, 10, 64)
	most, highErr := strconv.ParseInt(high, 10, 64)
	if !found || lowErr != nil || highErr != nil || least < 0 || most < least {
		return lengths{}, errInvalidArgument.about(strings.ToLower(name), "A range is two numbers of bytes.")
	}

	return lengths{least, min(most, maxObjectBytes)}, nil
}

func (l lengths) check(n int64) error {
	switch {
	case n > l.most:
		return errTooLarge
	case n < l.least:
		return errTooSmall
	}

	return nil
}

// announced checks a Content-Length, -1 where the body is chunked, before a byte of the body is read.
func (l lengths) announced(n int64) error {
	if n < 0 {
		return nil
	}

	return l.check(n)
}
