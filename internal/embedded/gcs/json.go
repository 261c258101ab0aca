package gcs

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"

	raw "google.golang.org/api/storage/v1"
)

const maxMetadataBytes = 1 << 20

// serveJSON routes /storage/v1/: b, b/B, b/B/iam/testPermissions, b/B/o, b/B/o/O and b/B/o/O/rewriteTo/b/B/o/O.
func (s *Server) serveJSON(w http.ResponseWriter, r *http.Request, path []string) error {
	if err := s.authorize(r); err != nil {
		return err
	}

	if needed := permissionOf(r.Method, path); needed != "" {
		if err := s.permit(needed); err != nil {
			return err
		}
	}

	switch {
	case matches(path, "b"):
		return s.serveBuckets(w, r)
	case matches(path, "b", ""):
		return s.serveBucket(w, r, path[1])
	case matches(path, "b", "", "iam", "testPermissions"):
		return s.servePermissions(w, r, path[1])
	case matches(path, "b", "", "o"):
		return s.serveListing(w, r, path[1])
	case matches(path, "b", "", "o", ""):
		return s.serveObject(w, r, ref{path[1], path[3]})
	case matches(path, "b", "", "o", "", "rewriteTo", "b", "", "o", ""),
		matches(path, "b", "", "o", "", "copyTo", "b", "", "o", ""):
		return s.serveCopy(w, r, ref{path[1], path[3]}, ref{path[6], path[8]}, path[4] == "rewriteTo")
	}

	return errNotImplemented
}

// matches compares a path with a pattern, in which "" stands for any segment that is not empty.
func matches(path []string, pattern ...string) bool {
	return slices.EqualFunc(path, pattern, func(segment, want string) bool {
		return segment == want && want != "" || want == "" && segment != ""
	})
}

func (s *Server) serveBuckets(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return errMethodNotAllowed
	}

	var b raw.Bucket
	if err := decode(r.Body, &b); err != nil {
		return err
	}

	made, err := s.store.createBucket(&b)
	if err != nil {
		return err
	}

	return answerJSON(w, http.StatusOK, made)
}

func (s *Server) serveBucket(w http.ResponseWriter, r *http.Request, name string) (err error) {
	var b *raw.Bucket
	switch r.Method {
	case http.MethodGet:
		b, err = s.store.bucket(name)
	case http.MethodPatch:
		var patch map[string]json.RawMessage
		if err := decode(r.Body, &patch); err != nil {
			return err
		}

		b, err = s.store.patchBucket(name, patch)
	default:
		return errMethodNotAllowed
	}

	if err != nil {
		return err
	}

	return answerJSON(w, http.StatusOK, b)
}

func (s *Server) serveListing(w http.ResponseWriter, r *http.Request, bucket string) error {
	if r.Method != http.MethodGet {
		return errMethodNotAllowed
	}

	l, err := listingOf(r.URL.Query())
	if err != nil {
		return err
	}

	page, err := s.store.list(bucket, l)
	if err != nil {
		return err
	}

	return answerJSON(w, http.StatusOK, page)
}

// decode reads a JSON body; an empty one says nothing.
func decode(body io.Reader, into any) error {
	err := json.NewDecoder(io.LimitReader(body, maxMetadataBytes)).Decode(into)
	if err != nil && !errors.Is(err, io.EOF) {
		return errInvalidArgument.because("The body is not the JSON of that resource.")
	}

	return nil
}

// shown is an object as the JSON API shows it: a size of 0 is a size.
func shown(o *raw.Object) *raw.Object {
	next := *o
	next.ForceSendFields = []string{"Size"}
	return &next
}
