package gcs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"cloud.google.com/go/storage"

	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

const (
	// leastLife is the shortest life of a URL: storage counts it in whole seconds.
	leastLife = time.Second
	noURL     = "The URL could not be signed: no upload URL was made, and nothing was reserved."
	noGetURL  = "The URL could not be signed: no download URL was made."
)

// SignPut returns a URL that accepts one HTTP PUT of a blob that does not exist yet, and every header that must be
// sent with it. Bound to the content type only, it accepts any body of that type, however often.
//
// Units:   rule.MaxBytes in bytes; rule.ExpiresAt within seven days.
// Errors:  fault.Unavailable for an unknown region, an expiry out of bounds, or if the signer is down.
// Effects: none; nothing is stored or logged.
// Source:  Google Cloud Storage, "V4 signing process".
func (s *Store) SignPut(ctx context.Context, p object.Place, rule upload.PutRule) (upload.SignedPut, error) {
	o := storage.SignedURLOptions{Method: http.MethodPut, Expires: rule.ExpiresAt, ContentType: rule.ContentType}
	if !rule.ContentTypeOnly {
		o.MD5, o.Headers = rule.MD5, extension(rule)
	}

	signed, err := s.sign(ctx, p, noURL, o)
	if err != nil {
		return upload.SignedPut{}, err
	}

	return upload.SignedPut{URL: signed, Headers: putHeaders(rule)}, nil
}

// SignGet returns a URL for reading a blob; browsers save it as an attachment.
//
// Units:   rule.ExpiresAt within seven days.
// Errors:  fault.Unavailable for an unknown region, an expiry out of bounds, or if the signer is down.
// Effects: none; nothing is stored or logged.
// Source:  Google Cloud Storage, "V4 signing process"; RFC 6266 for the file's name.
func (s *Store) SignGet(ctx context.Context, p object.Place, rule object.GetRule) (string, error) {
	query := url.Values{"response-content-disposition": {disposition(rule.Filename)}}
	if rule.ContentType != "" {
		query.Set("response-content-type", rule.ContentType)
	}

	return s.sign(ctx, p, noGetURL, storage.SignedURLOptions{
		Method:          http.MethodGet,
		Expires:         rule.ExpiresAt,
		QueryParameters: query,
	})
}

// putHeaders are the headers that a PUT must send, in the order of their names.
func putHeaders(rule upload.PutRule) []upload.Header {
	if rule.ContentTypeOnly {
		return []upload.Header{{Name: "Content-Type", Value: rule.ContentType}}
	}

	var headers []upload.Header
	if rule.MD5 != "" {
		headers = append(headers, upload.Header{Name: "Content-MD5", Value: rule.MD5})
	}

	if rule.ContentType != "" {
		headers = append(headers, upload.Header{Name: "Content-Type", Value: rule.ContentType})
	}

	return append(headers,
		upload.Header{Name: "x-goog-content-length-range", Value: lengthRange(rule)},
		upload.Header{Name: "x-goog-if-generation-match", Value: "0"})
}

// extension are the headers of Google's own, as the signer takes them.
func extension(rule upload.PutRule) []string {
	return []string{"x-goog-content-length-range:" + lengthRange(rule), "x-goog-if-generation-match:0"}
}

func lengthRange(rule upload.PutRule) string { return fmt.Sprintf("0,%d", rule.MaxBytes) }

func (s *Store) sign(ctx context.Context, p object.Place, sentence string, o storage.SignedURLOptions) (string, error) {
	bucket, err := s.bucket(p.Region)
	if err != nil {
		return "", err
	}

	if err := ctx.Err(); err != nil {
		return "", unavailable(sentence, err)
	}

	if time.Until(o.Expires) < leastLife {
		return "", unavailable(sentence, errors.New("the URL would have expired already"))
	}

	// the client drops the fraction of a life that it counts from the last whole second
	o.Expires = o.Expires.Add(time.Second - time.Nanosecond)
	o.Scheme, o.Style = storage.SigningSchemeV4, storage.PathStyle()
	o.GoogleAccessID = s.opts.Signer.Email()
	o.SignBytes = func(payload []byte) ([]byte, error) { return s.opts.Signer.SignBytes(ctx, payload) }
	o.Hostname, o.Insecure = s.endpoint.Host, s.endpoint.Scheme == "http"
	signed, err := storage.SignedURL(bucket.BucketName(), p.Name, &o)
	if err != nil {
		return "", unavailable(sentence, err)
	}

	return signed, nil
}
