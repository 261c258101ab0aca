package gcs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/googleapis/gax-go/v2"
	"google.golang.org/api/googleapi"
	raw "google.golang.org/api/storage/v1"

	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// Google is where Cloud Storage is.
const Google = "https://storage.googleapis.com"

const (
	noSession = "Storage did not answer: no upload session was opened, and nothing was reserved."
	notEnded  = "Storage did not answer: the upload session was not ended."
	// sessionTries bounds how often a busy storage is asked for one session.
	sessionTries = 3
	// statusEnded is how storage says that it has forgotten a session.
	statusEnded = 499
)

// OpenSession opens a resumable upload of a blob that does not exist yet, and returns its URI, which is a credential
// for a week.
//
// Errors:  fault.Unavailable, after which a session may have been opened that nobody knows.
// Effects: none on any blob until all parts have come.
// Source:  Google Cloud Storage, "Resumable uploads", JSON API.
func (s *Store) OpenSession(ctx context.Context, p object.Place, rule upload.SessionRule) (string, error) {
	bucket, err := s.bucket(p.Region)
	if err != nil {
		return "", err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.SignTimeout)
	defer cancel()
	query := url.Values{"uploadType": {"resumable"}, "name": {p.Name}, "ifGenerationMatch": {"0"}}
	to := s.uploads() + "b/" + url.PathEscape(bucket.BucketName()) + "/o?" + query.Encode()
	draft, err := json.Marshal(raw.Object{Name: p.Name, ContentType: rule.ContentType, Md5Hash: rule.MD5})
	if err != nil {
		return "", unavailable(noSession, err)
	}

	backoff := gax.Backoff{Initial: 100 * time.Millisecond, Max: time.Second, Multiplier: 2}
	for try := 1; ; try++ {
		uri, err := s.openSession(ctx, to, draft, rule)
		if err == nil {
			return uri, nil
		}

		if !isBusy(err) || try == sessionTries || gax.Sleep(ctx, backoff.Pause()) != nil {
			return "", unavailable(noSession, err)
		}
	}
}

func (s *Store) openSession(ctx context.Context, to string, draft []byte, rule upload.SessionRule) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(draft))
	if err != nil {
		return "", err
	}

	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Upload-Content-Type", rule.ContentType)
	if rule.Origin != "" {
		r.Header.Set("Origin", rule.Origin)
	}

	status, header, err := s.call(r)
	switch uri := header.Get("Location"); {
	case err != nil:
		return "", err
	case status != http.StatusOK:
		return "", &googleapi.Error{Code: status}
	case !s.isSession(uri):
		return "", errors.New("the answer names no session of this storage")
	default:
		return uri, nil
	}
}

// EndSession cancels a session and drops the parts sent to it. A session that is over is no error.
//
// Errors: fault.Unavailable, also for a URI that is no session of this storage.
func (s *Store) EndSession(ctx context.Context, uri string) error {
	if !s.isSession(uri) {
		return unavailable(notEnded, errors.New("it is no session of this storage"))
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.SignTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodDelete, uri, http.NoBody)
	if err != nil {
		return unavailable(notEnded, err)
	}

	status, _, err := s.call(r)
	switch {
	case err != nil:
		return unavailable(notEnded, err)
	case status == statusEnded, status == http.StatusNotFound, status == http.StatusGone, status < 300:
		return nil
	}

	return unavailable(notEnded, &googleapi.Error{Code: status})
}

// call sends a request of which only the status and the headers of the answer matter.
func (s *Store) call(r *http.Request) (status int, header http.Header, err error) {
	res, err := s.http.Do(r)
	if err != nil {
		return 0, nil, err
	}

	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10)) // so that the connection can be used again
	return res.StatusCode, res.Header, errors.Join(err, res.Body.Close())
}

// uploads is where uploads by the JSON API begin.
func (s *Store) uploads() string {
	root := Google
	if s.endpoint.Host != "" {
		root = s.endpoint.String()
	}

	return root + "/upload/storage/v1/"
}

func (s *Store) isSession(uri string) bool {
	return strings.HasPrefix(uri, s.uploads()) && strings.Contains(uri, "upload_id=")
}

func isBusy(err error) bool {
	var answer *googleapi.Error
	return errors.As(err, &answer) &&
		(answer.Code == http.StatusTooManyRequests || answer.Code >= http.StatusInternalServerError)
}
