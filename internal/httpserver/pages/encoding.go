package pages

import (
	"strconv"
	"strings"
)

// takesGzip reports whether a request accepts gzip: by name, or else by `*`, with a weight above 0.
//
// Source: RFC 9110, section 12.5.3.
func takesGzip(accept []string) bool {
	anything := false
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		coding, parameters, _ := strings.Cut(part, ";")
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			return wanted(parameters)
		case "*":
			anything = wanted(parameters)
		}
	}

	return anything
}

func wanted(parameters string) bool {
	weight, given := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(parameters, " ", "")), "q=")
	if !given {
		return true
	}

	q, err := strconv.ParseFloat(weight, 64)
	return err == nil && q > 0
}
