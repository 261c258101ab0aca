package authn

import (
	"context"
	"net/http"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// SenderOptions say which machine's notifications count.
type SenderOptions struct {
	// Issuer signs its tokens: https, or http on loopback.
	Issuer string
	// Audience is what a token must be meant for, and for nothing else.
	Audience string
	// Account is the email of the service account that a token must be of.
	Account string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Transport reaches the issuer; nil is one like the standard library's.
	Transport http.RoundTripper
}

// Sender knows the one service account that sends notifications. It is no actor: it may only say that something has
// happened.
type Sender struct {
	tokens  *Authenticator
	account string
}

// NewSender returns a check of a sender. It calls nothing.
//
// Errors: fault.Invalid if the issuer is not to be trusted, or audience or account is missing.
func NewSender(o SenderOptions) (*Sender, error) {
	if o.Account == "" {
		return nil, fault.New(fault.Invalid, "The service account of notifications is missing.")
	}

	tokens, err := New(Options{Issuer: o.Issuer, Audience: o.Audience, Now: o.Now, Transport: o.Transport})
	if err != nil {
		return nil, err
	}

	return &Sender{tokens: tokens, account: o.Account}, nil
}

// Close ends idle connections to the issuer.
func (s *Sender) Close() { s.tokens.Close() }

// Check returns nil if these headers bear a token of the account, whose email the issuer has verified.
//
// Errors: fault.Unauthenticated; fault.Unavailable if the issuer's keys are not to be had.
// Source: Google Cloud Pub/Sub, "Authentication for push subscriptions".
func (s *Sender) Check(ctx context.Context, h http.Header) error {
	c, err := credentialOf(h)
	if err != nil {
		return err
	}

	if c.isKey {
		return unauthenticated("Notifications come with a token of their service account.")
	}

	p, err := s.tokens.verify(ctx, c.text)
	if err != nil {
		return err
	}

	if p.email != s.account {
		return unauthenticated("The token is not of the service account that sends notifications.")
	}

	return nil
}
