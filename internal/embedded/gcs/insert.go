package gcs

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"

	raw "google.golang.org/api/storage/v1"
)

// serveUpload routes /upload/storage/v1/b/B/o by its upload type.
func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request, path []string) error {
	if !matches(path, "b", "", "o") {
		return errNotImplemented
	}

	query := r.URL.Query()
	if id := query.Get("upload_id"); id != "" {
		return s.serveSession(w, r, path[1], id)
	}

	s.allowOrigin(w.Header(), r, path[1])
	if r.Method == http.MethodOptions {
		s.preflight(w, r, path[1])
		return nil
	}

	if err := errors.Join(s.authorize(r), s.permit("storage.objects.create")); err != nil {
		return err
	}

	if r.Method != http.MethodPost {
		return errMethodNotAllowed
	}

	return s.begin(w, r, path[1], query.Get("uploadType"))
}

func (s *Server) begin(w http.ResponseWriter, r *http.Request, bucket, kind string) error {
	switch kind {
	case "media":
		return s.insert(w, r, bucket, raw.Object{ContentType: r.Header.Get("Content-Type")}, steadyBody(w, r.Body))
	case "multipart":
		return s.insertMultipart(w, r, bucket)
	case "resumable":
		return s.beginSession(w, r, bucket)
	}

	return errInvalidArgument.about("uploadType", "An upload is media, multipart or resumable.")
}

// insertMultipart reads a part of metadata, then streams the part of content.
func (s *Server) insertMultipart(w http.ResponseWriter, r *http.Request, bucket string) error {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		return errInvalidArgument.about("Content-Type", "A multipart upload names its boundary.")
	}

	parts := multipart.NewReader(steadyBody(w, r.Body), params["boundary"])
	metadata, err := parts.NextRawPart()
	if err != nil {
		return errIncompleteBody
	}

	var draft raw.Object
	if err := decode(metadata, &draft); err != nil {
		return err
	}

	content, err := parts.NextRawPart()
	if err != nil {
		return errIncompleteBody
	}

	draft.ContentType = orDefault(draft.ContentType, content.Header.Get("Content-Type"))
	return s.insert(w, r, bucket, draft, &closedPart{part: content, parts: parts})
}

// closedPart ends well only where the closing boundary has been read: a body cut off before it is torn.
type closedPart struct {
	part  io.Reader
	parts *multipart.Reader
	ended error
}

// Read reads the part and, at its end, looks once for the end of the whole.
func (c *closedPart) Read(p []byte) (int, error) {
	if c.ended != nil {
		return 0, c.ended
	}

	n, err := c.part.Read(p)
	if err != io.EOF {
		return n, err
	}

	c.ended = io.EOF
	if _, next := c.parts.NextRawPart(); next != io.EOF {
		c.ended = io.ErrUnexpectedEOF
	}

	return n, c.ended
}

func (s *Server) insert(w http.ResponseWriter, r *http.Request, bucket string, draft raw.Object, body io.Reader) error {
	at, when, err := s.target(r.URL.Query(), bucket, &draft)
	if err != nil {
		return err
	}

	want, err := wantedSums(r.Header)
	if err != nil {
		return err
	}

	want = want.or(sums{md5: draft.Md5Hash, crc32c: draft.Crc32c})
	if err := want.valid(); err != nil {
		return err
	}

	made, err := s.take(at, when, &draft, body, anyLength, want)
	if err != nil {
		return err
	}

	return answerJSON(w, http.StatusOK, shown(made))
}

// target reads where an insert goes, and refuses early what could not be put there.
func (s *Server) target(query url.Values, bucket string, draft *raw.Object) (ref, conditions, error) {
	at := ref{bucket, orDefault(query.Get("name"), draft.Name)}
	when, err := conditionsOf(query, "")
	if err == nil {
		err = checkName(at.name)
	}

	if err == nil {
		err = s.store.mayPut(at, when)
	}

	return at, when, err
}

// take streams a body to disk and makes it an object, or leaves nothing behind.
func (s *Server) take(
	at ref, when conditions, draft *raw.Object, body io.Reader, bounds lengths, want sums,
) (*raw.Object, error) {
	b, err := s.store.files.receive(body, bounds)
	if err != nil {
		return nil, err
	}

	made, err := s.commit(at, when, draft, b, want)
	if err != nil {
		s.store.drop(b.id)
	}

	return made, err
}

func (s *Server) commit(at ref, when conditions, draft *raw.Object, b blob, want sums) (*raw.Object, error) {
	if err := want.met(b.sums); err != nil {
		return nil, err
	}

	made, err := s.store.put(at, when, draft, b, nil)
	if err == nil {
		s.pusher.announce(made)
	}

	return made, err
}
