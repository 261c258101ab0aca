package gcs

import (
	"net/http"
	"net/url"
	"strings"

	raw "google.golang.org/api/storage/v1"
)

// serveXML answers /BUCKET/OBJECT, for whoever has the bearer or a signature.
func (s *Server) serveXML(w http.ResponseWriter, r *http.Request) {
	at, err := refIn(r.URL.EscapedPath())
	if err == nil {
		s.allowOrigin(w.Header(), r, at.bucket)
		err = s.routeXML(w, r, at)
	}

	if err != nil {
		s.note(r, err)
		refuseXML(w, r, refusalOf(err))
	}
}

func (s *Server) routeXML(w http.ResponseWriter, r *http.Request, at ref) error {
	if r.Method == http.MethodOptions {
		s.preflight(w, r, at.bucket)
		return nil
	}

	if err := s.admit(r); err != nil {
		return err
	}

	if at.name == "" {
		return errNotImplemented
	}

	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return s.getXML(w, r, at)
	case http.MethodPut:
		return s.putXML(w, r, at)
	}

	return errMethodNotAllowed
}

// admit checks the signature where there is one, else the bearer.
func (s *Server) admit(r *http.Request) error {
	if isSigned(r.URL.RawQuery) {
		return s.verifier.verify(r)
	}

	return s.authorize(r)
}

// refIn splits an escaped path. What stands behind the bucket is the name, with all its slashes and dots.
func refIn(path string) (ref, error) {
	bucket, name, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	plainBucket, bucketErr := url.PathUnescape(bucket)
	plainName, nameErr := url.PathUnescape(name)
	if bucketErr != nil || nameErr != nil {
		return ref{}, errInvalidArgument
	}

	return ref{plainBucket, plainName}, nil
}

func (s *Server) getXML(w http.ResponseWriter, r *http.Request, at ref) error {
	when, err := conditionsIn(r)
	if err != nil {
		return err
	}

	return s.download(w, r, at, when)
}

func (s *Server) putXML(w http.ResponseWriter, r *http.Request, at ref) error {
	bounds, when, want, err := s.putRules(r, at)
	if err != nil {
		return err
	}

	made, err := s.take(at, when, draftIn(r.Header), steadyBody(w, r.Body), bounds, want)
	if err != nil {
		return err
	}

	describeStored(w.Header(), made)
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
	return nil
}

// putRules reads what a PUT is bound to, and refuses before the body is read what is refused in any case.
func (s *Server) putRules(r *http.Request, at ref) (bounds lengths, when conditions, want sums, err error) {
	if r.Header.Get("X-Goog-Copy-Source") != "" {
		return bounds, when, want, errNotImplemented
	}

	if err = checkName(at.name); err != nil {
		return bounds, when, want, err
	}

	if bounds, err = lengthsFrom(r.Header); err != nil {
		return bounds, when, want, err
	}

	if want, err = wantedSums(r.Header); err != nil {
		return bounds, when, want, err
	}

	if when, err = conditionsIn(r); err != nil {
		return bounds, when, want, err
	}

	if err = bounds.announced(r.ContentLength); err == nil {
		err = s.store.mayPut(at, when)
	}

	return bounds, when, want, err
}

func draftIn(h http.Header) *raw.Object {
	draft := &raw.Object{
		ContentType:        h.Get("Content-Type"),
		ContentEncoding:    h.Get("Content-Encoding"),
		ContentLanguage:    h.Get("Content-Language"),
		ContentDisposition: h.Get("Content-Disposition"),
		CacheControl:       h.Get("Cache-Control"),
	}
	for name, values := range h {
		if key, found := strings.CutPrefix(name, "X-Goog-Meta-"); found {
			if draft.Metadata == nil {
				draft.Metadata = map[string]string{}
			}

			draft.Metadata[strings.ToLower(key)] = strings.Join(values, ",")
		}
	}

	return draft
}
