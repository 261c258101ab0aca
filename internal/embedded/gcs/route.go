package gcs

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	jsonRoot   = "/storage/v1/"
	uploadRoot = "/upload/storage/v1/"
)

// ServeHTTP answers a request of any of the APIs. Paths are taken as they were sent, never cleaned.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.handlers.Add(1)
	defer s.handlers.Done()
	began := time.Now()
	w.Header().Set("Date", s.opts.Now().UTC().Format(http.TimeFormat))
	seen := &observed{ResponseWriter: w, status: http.StatusOK}
	path := r.URL.EscapedPath()
	switch {
	case strings.HasPrefix(path, jsonRoot):
		s.answer(seen, r, s.serveJSON, path[len(jsonRoot):])
	case strings.HasPrefix(path, uploadRoot):
		s.answer(seen, r, s.serveUpload, path[len(uploadRoot):])
	case strings.HasPrefix(path, iamRoot):
		s.answer(seen, r, s.serveIAM, path[len(iamRoot):])
	default:
		s.serveXML(seen, r)
	}

	s.opts.Log.LogAttrs(r.Context(), levelOf(seen.status), "storage request",
		logLine(r, seen.status, time.Since(began))...)
}

// answer runs a JSON API handler on the path's segments, each unescaped on its own: an escaped slash divides nothing.
func (s *Server) answer(
	w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request, []string) error, path string,
) {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			refuseJSON(w, errInvalidArgument)
			return
		}

		segments[i] = plain
	}

	if err := serve(w, r, segments); err != nil {
		s.note(r, err)
		refuseJSON(w, refusalOf(err))
	}
}

// authorize checks the bearer of a request that no signature speaks for.
func (s *Server) authorize(r *http.Request) error {
	given, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found || subtle.ConstantTimeCompare([]byte(given), []byte(s.opts.Bearer)) != 1 {
		return errUnauthenticated
	}

	return nil
}
