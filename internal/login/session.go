package login

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/provenanceone/data-api/internal/fault"
)

// renewBefore is how long before its end a token is renewed.
const renewBefore = time.Minute

// Keep stores a new session, and returns where it is.
func (s Store) Keep(ctx context.Context, session Session) (place string, err error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return "", err
	}
	defer unlock()

	return s.save(session)
}

// Current returns the session with an access token that is good for a while, and renews it if it has to. Of commands
// that do at once, one does, and the others take what it got.
//
// Errors: fault.Unauthenticated if nobody is signed in, or the issuer has ended the session; fault.Unavailable if the
// issuer does not answer.
func (s Store) Current(ctx context.Context) (Session, error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return Session{}, err
	}
	defer unlock()

	session, known, err := s.load()
	if err != nil {
		return Session{}, err
	}

	if !known {
		return Session{}, fault.New(fault.Unauthenticated, "You are not signed in at %s: data-api login", s.API)
	}

	if session.Expires.IsZero() || time.Until(session.Expires) > renewBefore {
		return session, nil
	}

	next, err := session.renew(withHTTP(ctx))
	if fault.Is(err, fault.Unauthenticated) {
		_ = s.forget() // it is worth nothing
	}

	if err != nil {
		return Session{}, err
	}

	_, err = s.save(next)
	return next, err
}

// renew trades the refresh token.
func (s Session) renew(ctx context.Context) (Session, error) {
	if s.RefreshToken == "" {
		return Session{}, fault.New(fault.Unauthenticated, "Your sign-in has ended. Sign in again: data-api login")
	}

	p, err := s.discover(ctx)
	if err != nil {
		return Session{}, err
	}

	given, err := p.config.TokenSource(ctx, &oauth2.Token{RefreshToken: s.RefreshToken}).Token()
	if err != nil {
		return Session{}, refused(s.Issuer, err)
	}

	s.AccessToken, s.RefreshToken, s.Expires = given.AccessToken, given.RefreshToken, given.Expiry
	if id, ok := given.Extra("id_token").(string); ok && id != "" {
		s.IDToken = id
	}

	return s, nil
}

// Out forgets the session, and has the issuer end it where it says how. It returns false if it does not say how.
//
// Errors: fault.Unauthenticated if nobody is signed in; fault.Unavailable if the issuer did not end the session, which
// is forgotten all the same.
func (s Store) Out(ctx context.Context) (ended bool, err error) {
	unlock, err := s.lock(ctx)
	if err != nil {
		return false, err
	}
	defer unlock()

	session, known, err := s.load()
	if err == nil && !known {
		err = fault.New(fault.Unauthenticated, "You are not signed in at %s.", s.API)
	}

	if forgot := s.forget(); err != nil || forgot != nil {
		return false, firstOf(err, forgot)
	}

	return session.end(withHTTP(ctx))
}

func firstOf(a, b error) error {
	if a != nil {
		return a
	}

	return b
}

// end revokes the refresh token, or ends the session by the ID token. Source: RFC 7009, section 2.1; OpenID Connect
// RP-Initiated Logout 1.0, section 2.
func (s Session) end(ctx context.Context) (ended bool, err error) {
	p, err := s.discover(ctx)
	if err != nil {
		return false, err
	}

	switch {
	case p.ends.Revocation != "" && s.RefreshToken != "":
		err = s.send(ctx, p.ends.Revocation, url.Values{"token": {s.RefreshToken},
			"token_type_hint": {"refresh_token"}, "client_id": {s.ID}})
	case p.ends.EndSession != "":
		err = s.send(ctx, p.ends.EndSession, url.Values{"id_token_hint": {s.IDToken}, "client_id": {s.ID}})
	default:
		return false, nil
	}

	return err == nil, err
}

func (s Session) send(ctx context.Context, address string, form url.Values) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}

	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := HTTP().Do(r)
	if err != nil {
		return fault.New(fault.Unavailable, "The issuer %s does not answer.", s.Issuer).Because(err)
	}

	_ = response.Body.Close() // nobody reads it
	if response.StatusCode >= http.StatusBadRequest {
		return fault.New(fault.Unavailable, "The issuer %s did not end the session: it answers %s.", s.Issuer,
			response.Status)
	}

	return nil
}
