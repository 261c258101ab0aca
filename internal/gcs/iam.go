package gcs

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/googleapis/gax-go/v2"
	"google.golang.org/api/iamcredentials/v1"
	"google.golang.org/api/option"
)

const (
	// defaultSignTimeout leaves a request of ten seconds room for a transaction after it.
	defaultSignTimeout = 5 * time.Second
	// signTries bounds how often a busy IAM is asked for one signature.
	signTries = 3
	// signsAtOnce bounds how many signatures are under way: more would only meet the quota sooner.
	signsAtOnce = 32
)

// iamSigner signs with a key that Google keeps for a service account: no file holds it, and each signature is a call
// over the network.
type iamSigner struct {
	email    string
	accounts *iamcredentials.ProjectsServiceAccountsService
	timeout  time.Duration
	free     chan struct{}
}

func newIAMSigner(ctx context.Context, o Options, how []option.ClientOption) (Signer, error) {
	service, err := iamcredentials.NewService(ctx, how...)
	if err != nil {
		return nil, fmt.Errorf("making the IAM client: %w", causeOf(err))
	}

	return &iamSigner{
		email:    o.SignAs,
		accounts: service.Projects.ServiceAccounts,
		timeout:  o.SignTimeout,
		free:     make(chan struct{}, signsAtOnce),
	}, nil
}

// Email is the account's.
func (s *iamSigner) Email() string { return s.email }

// SignBytes asks IAM for the signature, again while it is busy, and no longer than ctx and the time limit allow.
//
// Source: IAM Service Account Credentials API, "Method: serviceAccounts.signBlob".
func (s *iamSigner) SignBytes(ctx context.Context, payload []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	select {
	case s.free <- struct{}{}:
		defer func() { <-s.free }()
	case <-ctx.Done():
		return nil, signingError{s.email, ctx.Err()}
	}

	signature, err := s.ask(ctx, &iamcredentials.SignBlobRequest{Payload: base64.StdEncoding.EncodeToString(payload)})
	if err != nil {
		return nil, signingError{s.email, err}
	}

	return signature, nil
}

// ask tries again after 100 ms and after 200 ms, less a random part of it, so that servers which were refused together
// do not come back together.
func (s *iamSigner) ask(ctx context.Context, request *iamcredentials.SignBlobRequest) ([]byte, error) {
	backoff := gax.Backoff{Initial: 100 * time.Millisecond, Max: time.Second, Multiplier: 2}
	for try := 1; ; try++ {
		answer, err := s.accounts.SignBlob("projects/-/serviceAccounts/"+s.email, request).Context(ctx).Do()
		if err == nil {
			return signatureIn(answer)
		}

		busy := answered(err, http.StatusTooManyRequests) || answered(err, http.StatusServiceUnavailable)
		if !busy || try == signTries || gax.Sleep(ctx, backoff.Pause()) != nil {
			return nil, err
		}
	}
}

func signatureIn(answer *iamcredentials.SignBlobResponse) ([]byte, error) {
	signature, err := base64.StdEncoding.DecodeString(answer.SignedBlob)
	if err != nil || len(signature) == 0 {
		return nil, errors.New("the answer holds no signature")
	}

	return signature, nil
}

// signingError says that IAM made no signature.
type signingError struct {
	email string
	err   error
}

func (e signingError) Error() string { return "signing as " + e.email + " by IAM: " + inWords(e.err) }

// Unwrap returns the client's error, for errors.Is.
func (e signingError) Unwrap() error { return e.err }
