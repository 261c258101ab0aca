package rest

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// verdict is how a request for an object is answered: with its content from a byte on, or without any.
type verdict struct {
	// status is 200, 206, 304, 412 or 416.
	status int
	// from and length are the bytes to send.
	from, length int64
}

// judge evaluates the conditions and the range of a GET or HEAD, in the order of RFC 9110.
//
// It ignores several ranges, each of which would cost a read of storage, and one that is not well-formed.
//
// Source: RFC 9110, sections 13.2.2 and 14.2.
func judge(method string, h http.Header, v version) verdict {
	size := int64(v.SizeBytes)
	switch {
	case !matches(h, v):
		return verdict{status: http.StatusPreconditionFailed}
	case !modified(h, v):
		return verdict{status: http.StatusNotModified}
	}

	whole := verdict{http.StatusOK, 0, size}
	if method != http.MethodGet || !inRange(h, v) {
		return whole
	}

	from, length, ok := parseRange(h.Get("Range"), size)
	switch {
	case !ok:
		return whole
	case length == 0 && size > 0:
		return verdict{status: http.StatusRequestedRangeNotSatisfiable}
	case length == 0:
		return whole // some programs send a range with everything, and of nothing there is none
	}

	return verdict{http.StatusPartialContent, from, length}
}

// matches evaluates If-Match, or else If-Unmodified-Since: whether the object is still the one that the caller knows.
func matches(h http.Header, v version) bool {
	if tags := h.Values("If-Match"); len(tags) > 0 {
		return listed(tags, v.etag(), false)
	}

	since, ok := dateOf(h, "If-Unmodified-Since")
	return !ok || !lastModified(v).After(since)
}

// modified evaluates If-None-Match, or else If-Modified-Since: whether the object is another one than the caller has.
func modified(h http.Header, v version) bool {
	if tags := h.Values("If-None-Match"); len(tags) > 0 {
		return !listed(tags, v.etag(), true)
	}

	since, ok := dateOf(h, "If-Modified-Since")
	return !ok || lastModified(v).After(since)
}

// inRange evaluates If-Range: whether the range is of the object as it is now.
func inRange(h http.Header, v version) bool {
	condition := h.Get("If-Range")
	if condition == "" || condition == v.etag() {
		return true
	}

	at, err := http.ParseTime(condition)
	return err == nil && at.Equal(lastModified(v))
}

// listed reports whether a list of entity tags has one, or is `*`; a weak one counts only if it may. Where it has to
// be a tag itself, a text that is no list has none.
func listed(lines []string, etag string, weak bool) bool {
	tags, ok := entityTags(lines)
	if isAny(lines) || !ok && !weak {
		return isAny(lines)
	}

	return slices.ContainsFunc(tags, func(tag string) bool {
		return tag == etag || weak && strings.TrimPrefix(tag, "W/") == etag
	})
}

// lastModified is in whole seconds, as its header says it.
func lastModified(v version) time.Time { return v.CreatedAt.UTC().Truncate(time.Second) }

// parseRange returns the bytes that one range asks for; ok is false where it is none or not well-formed, length 0
// where there are no such bytes.
func parseRange(header string, size int64) (from, length int64, ok bool) {
	first, last, ok := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	if first, last = strings.TrimSpace(first), strings.TrimSpace(last); !ok || !strings.HasPrefix(header, "bytes=") {
		return 0, 0, false
	}

	if first == "" {
		suffix, ok := position(last)
		suffix = min(suffix, size)
		return size - suffix, suffix, ok
	}

	from, ok = position(first)
	end := size - 1
	if last != "" && ok {
		end, ok = position(last)
	}

	if !ok || last != "" && end < from {
		return 0, 0, false
	}

	return from, max(0, min(end, size-1)-from+1), true
}

// position reads digits and nothing else.
func position(digits string) (int64, bool) {
	if strings.Trim(digits, "0123456789") != "" || digits == "" {
		return 0, false
	}

	n, err := strconv.ParseUint(digits, 10, 63)
	// what is larger than 63 bits is read as the largest, which is beyond every file
	return int64(n), err == nil || n > 0
}

// conditional reports whether a request may be answered without content.
func conditional(h http.Header) bool {
	for _, name := range []string{"Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"} {
		if len(h.Values(name)) > 0 {
			return true
		}
	}

	return false
}
