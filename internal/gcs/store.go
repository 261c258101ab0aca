// Package gcs keeps blobs in Google Cloud Storage and signs the URLs that they travel by.
//
// Nothing of a URL, and no signature, is in any error of this package.
package gcs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"time"

	"cloud.google.com/go/storage"
	"github.com/googleapis/gax-go/v2"

	"github.com/provenanceone/data-api/internal/breaker"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

var (
	_ upload.Blobs  = (*Store)(nil)
	_ object.Blobs  = (*Store)(nil)
	_ object.Opener = (*Store)(nil)
)

const (
	defaultTimeout        = 10 * time.Second
	defaultPromoteTimeout = 60 * time.Second
)

// Options is what a Store is made with.
type Options struct {
	// Buckets are the buckets by region.
	Buckets map[string]string
	// Signer signs URLs; nil for IAM, as SignAs.
	Signer Signer
	// SignAs is the email of the service account in whose name IAM signs; without Signer only.
	SignAs string
	// Endpoint is where an emulator answers, http://127.0.0.1:PORT; empty for Google's.
	Endpoint string
	// Bearer is the emulator's token; with Endpoint only. Google's credentials are the environment's default ones.
	Bearer string
	// Project is where EnsureBucket makes buckets.
	Project string
	// Origins are the web origins that EnsureBucket lets PUT and GET from a browser; empty for any.
	Origins []string
	// Observe is told of each request to storage or IAM: to which of the two, by which method of HTTP, with which
	// status, or `error` without an answer, and how long its headers took. nil for nobody.
	Observe func(service, method, outcome string, took time.Duration)
	// Timeout bounds a call, its retries included; 0 for 10 s.
	Timeout time.Duration
	// PromoteTimeout bounds Promote, which takes long where bytes move between buckets; 0 for 60 s.
	PromoteTimeout time.Duration
	// SignTimeout bounds a signature by IAM, or the opening or end of a session, its retries included; 0 for 5 s.
	SignTimeout time.Duration
}

// Store is the storage of upload.Blobs and object.Blobs. Its methods may be called at the same time.
type Store struct {
	opts    Options
	breaker *breaker.Breaker
	client  *storage.Client
	// endpoint is what URLs are signed for; empty for Google's.
	endpoint *url.URL
	// http opens and ends sessions. It follows no redirects: none belongs there.
	http *http.Client
	idle func()
}

// New returns a Store.
//
// Errors: options that name no bucket or signer; an endpoint in clear text that is not loopback; no default
// credentials of Google.
// Effects: none; nothing is called yet.
func New(ctx context.Context, o Options) (*Store, error) {
	endpoint, err := o.check()
	if err != nil {
		return nil, err
	}

	o = o.withDefaults()
	there := breaker.New("Cloud Storage")
	to, err := wiringOf(ctx, o, endpoint, there)
	if err != nil {
		return nil, err
	}

	if o.Signer == nil {
		if o.Signer, err = newIAMSigner(ctx, o, to.iam); err != nil {
			return nil, err
		}
	}

	client, err := storage.NewClient(ctx, to.storage...)
	if err != nil {
		return nil, fmt.Errorf("making the storage client: %w", causeOf(err))
	}

	client.SetRetry(storage.WithPolicy(storage.RetryIdempotent), storage.WithBackoff(gax.Backoff{
		Initial:    100 * time.Millisecond,
		Max:        2 * time.Second,
		Multiplier: 2,
	}))
	to.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Store{opts: o, breaker: there, client: client, endpoint: endpoint, http: to.http, idle: to.idle}, nil
}

// LogOutages has the log say when storage is away and when it is back.
func (s *Store) LogOutages(log *slog.Logger) { s.breaker.LogOutages(log) }

// Close ends the Store. No method may be called after it.
func (s *Store) Close() error {
	defer s.idle()
	if err := s.client.Close(); err != nil {
		return fmt.Errorf("closing the storage client: %w", err)
	}

	return nil
}

func (o Options) withDefaults() Options {
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}

	if o.PromoteTimeout == 0 {
		o.PromoteTimeout = defaultPromoteTimeout
	}

	if o.SignTimeout == 0 {
		o.SignTimeout = defaultSignTimeout
	}

	return o
}

func (o Options) check() (*url.URL, error) {
	if len(o.Buckets) == 0 || (o.Signer == nil) == (o.SignAs == "") {
		return nil, errors.New("storage needs a bucket for each region, and either a signer or the account to sign as")
	}

	for region, bucket := range o.Buckets {
		if region == "" || bucket == "" {
			return nil, errors.New("storage has a region or a bucket without a name")
		}
	}

	if o.Endpoint == "" {
		return &url.URL{}, o.checkGoogle()
	}

	return checkEndpoint(o.Endpoint)
}

// checkGoogle refuses what would silently send blobs elsewhere, or a bearer to nobody.
func (o Options) checkGoogle() error {
	if o.Bearer != "" {
		return errors.New("a bearer for storage is for an emulator's endpoint only")
	}

	if os.Getenv("STORAGE_EMULATOR_HOST") != "" {
		return errors.New("STORAGE_EMULATOR_HOST is set: unset it, or name the endpoint in the settings")
	}

	return nil
}
