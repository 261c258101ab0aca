package gcs

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	raw "google.golang.org/api/storage/v1"
)

// beginSession answers with the URI of a new resumable upload. The URI is a credential of its own, as Google's is.
func (s *Server) beginSession(w http.ResponseWriter, r *http.Request, bucket string) error {
	var draft raw.Object
	if err := decode(r.Body, &draft); err != nil {
		return err
	}

	draft.ContentType = orDefault(draft.ContentType, r.Header.Get("X-Upload-Content-Type"))
	at, when, err := s.target(r.URL.Query(), bucket, &draft)
	if err != nil {
		return err
	}

	if err := (sums{md5: draft.Md5Hash, crc32c: draft.Crc32c}).valid(); err != nil {
		return err
	}

	id, err := s.store.newSession(session{
		Bucket: bucket,
		Name:   at.name,
		Draft:  &draft,
		When:   when,
		Origin: r.Header.Get("Origin"),
	})
	if err != nil {
		return err
	}

	query := url.Values{"uploadType": {"resumable"}, "name": {at.name}, "upload_id": {id}}
	w.Header().Set("Location", s.URL()+uploadRoot+"b/"+url.PathEscape(bucket)+"/o?"+query.Encode())
	w.Header().Set("X-GUploader-UploadID", id)
	w.WriteHeader(http.StatusOK)
	return nil
}

// serveSession takes a chunk, tells how far an upload has come, or cancels it.
func (s *Server) serveSession(w http.ResponseWriter, r *http.Request, bucket, id string) error {
	if r.Method == http.MethodOptions {
		return s.preflightSession(w, r, bucket, id)
	}

	leave, ok := s.sessions.enter(id)
	if !ok {
		return errBackendBusy
	}

	defer leave()
	row, err := s.store.session(id, bucket)
	if err != nil {
		return err
	}

	allowSession(w.Header(), r, row)
	switch r.Method {
	case http.MethodPut, http.MethodPost:
		return s.serveChunk(w, r, id, row)
	case http.MethodDelete:
		if err := s.store.endSession(id, row); err != nil {
			return err
		}

		return errUploadCancelled
	}

	return errMethodNotAllowed
}

func (s *Server) serveChunk(w http.ResponseWriter, r *http.Request, id string, row *session) error {
	if row.Done != nil {
		return answerJSON(w, http.StatusOK, shown(row.Done))
	}

	c, err := chunkOf(r)
	if err != nil {
		return err
	}

	if c.first >= 0 {
		if err := s.keepChunk(id, row, c, steadyBody(w, r.Body)); err != nil {
			return err
		}
	}

	if c.total < 0 || c.total > row.Offset {
		return s.incomplete(w, r, id, row)
	}

	return s.finish(w, r, id, row, c.total)
}

// keepChunk skips what is kept already: a client that missed an answer sends it again.
func (s *Server) keepChunk(id string, row *session, c chunk, body io.Reader) error {
	if c.first > row.Offset {
		return errInvalidArgument.about("Content-Range", fmt.Sprintf("The upload has %d bytes so far.", row.Offset))
	}

	if _, err := io.CopyN(io.Discard, body, row.Offset-c.first); err != nil {
		return errIncompleteBody
	}

	sum, err := s.store.extend(row, body)
	if errors.Is(err, errIncompleteBody) && sum.size > row.Offset { // what came before it broke off is kept
		return errors.Join(err, row.advance(sum), s.store.saveSession(id, row))
	}

	if err != nil {
		return err
	}

	if c.next >= 0 && sum.size != c.next {
		return errIncompleteBody
	}

	return row.advance(sum)
}

// incomplete tells the client where to go on. Google answers 308, or says so in a header to clients that would follow
// a 308.
func (s *Server) incomplete(w http.ResponseWriter, r *http.Request, id string, row *session) error {
	if err := s.store.saveSession(id, row); err != nil {
		return err
	}

	if row.Offset > 0 {
		w.Header().Set("Range", fmt.Sprintf("bytes=0-%d", row.Offset-1))
	}

	status := http.StatusPermanentRedirect
	if r.Header.Get("X-GUploader-No-308") == "yes" {
		w.Header().Set("X-HTTP-Status-Code-Override", "308")
		status = http.StatusOK
	}

	w.WriteHeader(status)
	return nil
}

// finish makes the upload an object. An upload whose checks fail is over: the client must begin again.
func (s *Server) finish(w http.ResponseWriter, r *http.Request, id string, row *session, total int64) error {
	want, err := wantedSums(r.Header)
	if err != nil {
		return err
	}

	want = want.or(sums{md5: row.Draft.Md5Hash, crc32c: row.Draft.Crc32c})
	sum, err := resumeDigest(row.MD5, row.CRC, row.Offset)
	if err != nil {
		return err
	}

	if total != row.Offset {
		return errInvalidArgument.about("Content-Range", "The upload has more bytes than its total.")
	}

	b := blob{id: row.Blob, size: row.Offset, sums: sum.sums()}
	if err = want.met(b.sums); err == nil {
		err = s.store.finish(id, row, b)
	}

	if err != nil {
		_ = s.store.endSession(id, row) // the refusal is what the client must learn
		return err
	}

	s.pusher.announce(row.Done)
	return answerJSON(w, http.StatusOK, shown(row.Done))
}
