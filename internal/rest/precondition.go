package rest

import (
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// tagForm is an entity tag at the beginning of a text.
var tagForm = regexp.MustCompile(`^(?:W/)?"[^\x00-\x20"\x7f]*"`)

// entityTags reads a list of entity tags, as far as it is one; ok is whether it is.
//
// Source: RFC 9110, sections 5.6.1 and 8.8.3.
func entityTags(lines []string) (tags []string, ok bool) {
	rest := strings.Trim(strings.Join(lines, ","), " \t,")
	for rest != "" {
		tag := tagForm.FindString(rest)
		after := strings.TrimLeft(rest[len(tag):], " \t")
		if tag == "" || after != "" && after[0] != ',' {
			return tags, false
		}

		tags, rest = append(tags, tag), strings.TrimLeft(after, " \t,")
	}

	return tags, len(tags) > 0
}

// isAny reports whether a header is `*`, which is anything that is there.
func isAny(lines []string) bool { return len(lines) == 1 && strings.Trim(lines[0], " \t") == "*" }

// dateOf returns the date of a header. It ignores a text that is no date, and several dates.
func dateOf(h http.Header, name string) (at time.Time, ok bool) {
	at, err := http.ParseTime(strings.Join(h.Values(name), ", "))
	return at, err == nil
}

// precondition names the header that decides whether a request to change something is carried out; empty for none.
func precondition(h http.Header) string {
	if len(h.Values("If-Match")) > 0 {
		return "If-Match"
	}

	if _, ok := dateOf(h, "If-Unmodified-Since"); ok {
		return "If-Unmodified-Since"
	}

	if len(h.Values("If-None-Match")) > 0 {
		return "If-None-Match"
	}

	return ""
}

// mayDelete reports whether the preconditions of a DELETE hold for the version that is current. A list that is none is
// taken for one that does not hold.
func mayDelete(h http.Header, v version) bool {
	without := h.Values("If-None-Match")
	_, wellFormed := entityTags(without)
	return matches(h, v) && (len(without) == 0 || wellFormed && !listed(without, v.etag(), true))
}

// anyWillDo reports whether the preconditions demand only that something exists.
func anyWillDo(h http.Header) bool {
	return isAny(h.Values("If-Match")) && len(h.Values("If-None-Match")) == 0
}

// withoutState says how the preconditions of a request come out that is for what has neither an ETag nor a date: 0,
// 304 or 412. What would be changed stays as it is where nobody can know whether they hold.
//
// Source: RFC 9110, section 13.2.2.
func withoutState(method string, h http.Header) (status int) {
	match := h.Values("If-Match")
	switch {
	case !isSafe(method):
		if precondition(h) != "" && (method != http.MethodDelete || !anyWillDo(h)) {
			return http.StatusPreconditionFailed
		}
	case len(match) > 0 && !isAny(match):
		return http.StatusPreconditionFailed
	case isAny(h.Values("If-None-Match")):
		return http.StatusNotModified
	}

	return 0
}

func isSafe(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// stops answers a request to what has neither an ETag nor a date, if its preconditions do not let it go on.
func (b bound) stops(w http.ResponseWriter, r *http.Request) bool {
	status := withoutState(r.Method, r.Header)
	switch status {
	case 0:
		return false
	case http.StatusNotModified:
		w.WriteHeader(status)
		return true
	}

	name := precondition(r.Header)
	say := "There is no ETag and no date here that %s could be held against: nothing was done. Leave it out."
	if b.knows(inBody, "ifVersion") {
		say = "%s is not for this route: nothing was done. Leave it out, and send `ifVersion`."
	}

	b.api.Refuse(w, r, status, fault.Field(fault.Conflict, name, say, name))
	return true
}
