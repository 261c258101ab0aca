package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Credential says who asks: an APIKey, a Token or a TokenSource.
type Credential interface {
	empty() bool
	authorize(r *http.Request) error
}

// APIKey is the token of an API key.
type APIKey string

// Token is the access token of a user who has signed in.
type Token string

// TokenSource returns the access token to use by now. The client calls it before each request, so that it should keep
// a token until that is about to expire.
type TokenSource func(ctx context.Context) (string, error)

func (k APIKey) empty() bool { return k == "" }

func (k APIKey) authorize(r *http.Request) error { //nolint:unparam // others may fail
	r.Header.Set("X-API-Key", string(k))
	return nil
}

// Format writes what it is, whatever the verb, and nothing of it.
func (APIKey) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "an API key") }

func (t Token) empty() bool { return t == "" }

func (t Token) authorize(r *http.Request) error {
	r.Header.Set("Authorization", "Bearer "+string(t))
	return nil
}

// Format writes what it is, whatever the verb, and nothing of it.
func (Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "a token") }

func (s TokenSource) empty() bool { return s == nil }

func (s TokenSource) authorize(r *http.Request) error {
	token, err := s(r.Context())
	if err == nil && token == "" {
		err = errors.New("the source returned none")
	}

	if err != nil {
		return err
	}

	return Token(token).authorize(r)
}
