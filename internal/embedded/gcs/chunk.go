package gcs

import (
	"net/http"
	"strconv"
	"strings"
)

// chunk is what a request to a resumable upload carries, in bytes of the whole.
type chunk struct {
	// first is where its body begins; -1 for a request without one.
	first int64
	// next is where its body ends; -1 if only the body knows.
	next int64
	// total is how long the whole is; -1 if more may come, or if only the body knows.
	total int64
}

// chunkOf reads Content-Range: "bytes 0-9/100", "bytes 0-9/*", "bytes */100" or "bytes */*"; without one the body is
// the whole.
func chunkOf(r *http.Request) (chunk, error) {
	header := r.Header.Get("Content-Range")
	if header == "" {
		if r.ContentLength < 0 {
			return chunk{}, errInvalidArgument.about("Content-Length", "An upload in one piece says how long it is.")
		}

		return chunk{first: 0, next: r.ContentLength, total: r.ContentLength}, nil
	}

	c, ok := parseChunk(header)
	if !ok {
		return chunk{}, errInvalidArgument.about("Content-Range", "That is no range of an upload.")
	}

	if c.total < 0 && c.first >= 0 && (c.next-c.first)%chunkQuantum != 0 {
		return chunk{}, errInvalidArgument.about("Content-Range", "Every chunk but the last is a multiple of 256 KiB.")
	}

	return c, nil
}

func parseChunk(header string) (chunk, bool) {
	spec, found := strings.CutPrefix(header, "bytes ")
	part, whole, slash := strings.Cut(spec, "/")
	c := chunk{first: -1, next: -1, total: -1}
	if !found || !slash {
		return c, false
	}

	var ok bool
	if c.total, ok = numberOrStar(whole); !ok || part == "*" {
		return c, ok
	}

	first, last, dash := strings.Cut(part, "-")
	start, startErr := strconv.ParseInt(first, 10, 64)
	end, endErr := strconv.ParseInt(last, 10, 64)
	if !dash || startErr != nil || endErr != nil || start < 0 || end < start || end >= maxObjectBytes {
		return c, false
	}

	c.first, c.next = start, end+1
	return c, c.total < 0 || c.total >= c.next
}

func numberOrStar(text string) (int64, bool) {
	if text == "*" {
		return -1, true
	}

	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil && n >= 0 && n <= maxObjectBytes
}
