package rest

import (
	"net/url"
	"strings"
)

// places are the decoded values of a pattern's placeholders, by name.
type places map[string]string

// match returns the values of the placeholders in the route's path, if an escaped path fits it.
//
// `{name}` is one part of a path, `{name+}` all that is left, slashes included; neither is empty. Each %XX is decoded
// once, and nothing else is changed: `a//b`, `../x` and `%252F` stay what they are.
func (r *route) match(escaped string) (places, bool) {
	var found places
	pattern, rest := r.path, escaped
	for pattern != "" {
		var want, have string
		want, pattern = next(pattern)
		if name, greedy := strings.CutSuffix(want, "+}"); greedy {
			return found, found.put(name[1:], strings.TrimPrefix(rest, "/")) && strings.HasPrefix(rest, "/")
		}

		if !strings.HasPrefix(rest, "/") {
			return nil, false
		}

		have, rest = next(rest)
		if name, isPlace := strings.CutPrefix(want, "{"); isPlace {
			if !found.put(strings.TrimSuffix(name, "}"), have) {
				return nil, false
			}
		} else if text, err := url.PathUnescape(have); err != nil || text != want {
			return nil, false
		}
	}

	return found, rest == ""
}

// next parts the first part from a path that begins with a slash.
func next(path string) (part, rest string) {
	path = path[1:]
	if slash := strings.IndexByte(path, '/'); slash >= 0 {
		return path[:slash], path[slash:]
	}

	return path, ""
}

func (p *places) put(name, escaped string) bool {
	text, err := url.PathUnescape(escaped)
	if *p == nil {
		*p = places{} // most paths are compared with most routes in vain
	}

	(*p)[name] = text
	return err == nil && text != ""
}
