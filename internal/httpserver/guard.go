package httpserver

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// checkedBody checks the body of a GraphQL request before anything else reads it, and hands the very same bytes on.
// Its refusals say what is wrong and repeat nothing: a body that was cut off may hold a secret.
func checkedBody(limits Limits, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := checkContentType(r.Header); f != nil {
			refuse(w, r, http.StatusUnsupportedMediaType, f)
			return
		}

		body, ok := readBody(w, r, limits, "Large values belong into an upload: createUploadURL gives a URL to send "+
			"them to.")
		if !ok {
			return
		}

		if f := checkBody(body, limits.JSONDepth); f != nil {
			refuse(w, r, http.StatusBadRequest, f)
			return
		}

		next.ServeHTTP(w, withBody(r, body))
	})
}

// readBody returns the whole body. It refuses one that was cut off, or that is too large, saying where to send it.
func readBody(w http.ResponseWriter, r *http.Request, limits Limits, instead string) ([]byte, bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limits.BodyBytes))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		refuse(w, r, http.StatusRequestEntityTooLarge,
			fault.New(fault.BadRequest, "The body may have at most %d bytes. %s", limits.BodyBytes, instead))
		return nil, false
	}

	if err != nil {
		refuse(w, r, http.StatusBadRequest, fault.New(fault.BadRequest, "The body ended before it was complete."))
		return nil, false
	}

	return body, true
}

// withBody returns the request with a body that was read.
func withBody(r *http.Request, body []byte) *http.Request {
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}

// checkContentType asks for JSON, which no browser sends to another site without asking first.
func checkContentType(h http.Header) *fault.Error {
	mediaType, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset, named := params["charset"]
	switch {
	case err != nil, mediaType != plainJSON, len(h.Values("Content-Type")) != 1:
		return fault.New(fault.BadRequest, "The Content-Type must be application/json.")
	case named && !strings.EqualFold(charset, "utf-8"):
		return fault.New(fault.BadRequest, "The charset of the body must be utf-8.")
	}

	return checkEncoding(h)
}

func checkEncoding(h http.Header) *fault.Error {
	if encoding := h.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return fault.New(fault.BadRequest, "The body must not be compressed.")
	}

	return nil
}
