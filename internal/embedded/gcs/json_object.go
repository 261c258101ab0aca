package gcs

import (
	"net/http"

	raw "google.golang.org/api/storage/v1"
)

func (s *Server) serveObject(w http.ResponseWriter, r *http.Request, at ref) error {
	when, err := conditionsOf(r.URL.Query(), "")
	if err != nil {
		return err
	}

	switch r.Method {
	case http.MethodGet:
		if r.URL.Query().Get("alt") == "media" {
			return s.download(w, r, at, when)
		}

		return s.serveMetadata(w, at, when)
	case http.MethodDelete:
		if err := s.store.delete(at, when); err != nil {
			return err
		}

		w.WriteHeader(http.StatusNoContent)
		return nil
	}

	return errMethodNotAllowed
}

func (s *Server) serveMetadata(w http.ResponseWriter, at ref, when conditions) error {
	found, err := s.store.stat(at, when)
	if err != nil {
		return err
	}

	return answerJSON(w, http.StatusOK, shown(found.Object))
}

// copying is a copy that a caller asks for.
type copying struct {
	from, to         ref
	whenFrom, whenTo conditions
	draft            raw.Object
}

func (c *copying) read(r *http.Request) (err error) {
	if c.whenFrom, err = conditionsOf(r.URL.Query(), "Source"); err != nil {
		return err
	}

	if c.whenTo, err = conditionsOf(r.URL.Query(), ""); err != nil {
		return err
	}

	if err := decode(r.Body, &c.draft); err != nil {
		return err
	}

	return checkName(c.to.name)
}

// serveCopy copies in one go, however large the object: nothing is ever left to a second call.
func (s *Server) serveCopy(w http.ResponseWriter, r *http.Request, from, to ref, rewrite bool) error {
	if r.Method != http.MethodPost {
		return errMethodNotAllowed
	}

	c := copying{from: from, to: to}
	if err := c.read(r); err != nil {
		return err
	}

	made, err := s.store.copyObject(c)
	if err != nil {
		return err
	}

	s.pusher.announce(made)
	if !rewrite {
		return answerJSON(w, http.StatusOK, shown(made))
	}

	return answerJSON(w, http.StatusOK, &raw.RewriteResponse{
		Kind:                "storage#rewriteResponse",
		Done:                true,
		Resource:            shown(made),
		ObjectSize:          sizeOf(made),
		TotalBytesRewritten: sizeOf(made),
		ForceSendFields:     []string{"ObjectSize", "TotalBytesRewritten"},
	})
}
