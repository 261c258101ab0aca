package httpserver

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// The media types of answers. In the first one the status tells a refused request from one that ran; the last one is a
// stream of answers.
const (
	graphQLResponse = "application/graphql-response+json"
	plainJSON       = "application/json"
	eventStream     = "text/event-stream"
)

// ranges are the media ranges that fit an answer, and the media type each stands for. A caller that accepts anything
// gets plain JSON, which clients older than the other type expect; a stream goes to callers that ask for it by name.
var ranges = map[string]string{
	graphQLResponse: graphQLResponse,
	plainJSON:       plainJSON,
	"application/*": plainJSON,
	"*/*":           plainJSON,
	eventStream:     eventStream,
}

// chooseMediaType returns the media type that a caller prefers, the first of equals; ok is false if it accepts none.
//
// Source: RFC 9110, section 12.5.1; GraphQL over HTTP, working draft, section 6.
func chooseMediaType(accept []string) (mediaType string, ok bool) {
	all := strings.Join(accept, ",")
	if strings.TrimSpace(all) == "" {
		return plainJSON, true
	}

	best := 0.0
	for part := range strings.SplitSeq(all, ",") {
		name, params, err := mime.ParseMediaType(part)
		if err != nil || ranges[name] == "" {
			continue
		}

		if charset := params["charset"]; charset != "" && !strings.EqualFold(charset, "utf-8") {
			continue
		}

		if q := quality(params); q > best {
			best, mediaType = q, ranges[name]
		}
	}

	return mediaType, best > 0
}

func quality(params map[string]string) float64 {
	text, given := params["q"]
	if !given {
		return 1
	}

	q, err := strconv.ParseFloat(text, 64)
	if err != nil || q < 0 || q > 1 {
		return 0
	}

	return q
}

// negotiate refuses callers that accept none of our media types, and reduces Accept to the chosen one.
func negotiate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mediaType, ok := chooseMediaType(r.Header.Values("Accept"))
		if !ok {
			refuse(w, r, http.StatusNotAcceptable, fault.New(fault.BadRequest, "The answer is %s, %s or %s; the "+
				"Accept header allows none of them.", graphQLResponse, plainJSON, eventStream))
			return
		}

		r.Header.Set("Accept", mediaType)
		next.ServeHTTP(w, r)
	})
}

// byAccept passes requests for a stream to one handler, and all others to another. Accept must have been negotiated.
func byAccept(stream, other http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept") == eventStream {
			stream.ServeHTTP(w, r)
			return
		}

		other.ServeHTTP(w, r)
	})
}
