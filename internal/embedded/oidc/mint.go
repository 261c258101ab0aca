package oidc

import (
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// Claims are what a token says.
type Claims struct {
	// Issuer is the URL of the issuer whose key signs.
	Issuer   string
	Audience string
	// Subject is the person, as the issuer names it.
	Subject string
	// Email is left out of the token if it is empty.
	Email         string
	EmailVerified bool
	// ExpiresIn counts from Now; one that is not positive makes a token that has expired.
	ExpiresIn time.Duration
	// Now is the zero time for the real one.
	Now time.Time
	// ClientID names the client of an access token; Nonce, SessionID and SignedInAt are for ID tokens. Empty ones are
	// left out of the token.
	ClientID, Nonce, SessionID string
	SignedInAt                 time.Time
}

type payload struct {
	jwt.Claims
	Email         string `json:"email,omitempty"`
	EmailVerified *bool  `json:"email_verified,omitempty"`
	ClientID      string `json:"client_id,omitempty"`
	Nonce         string `json:"nonce,omitempty"`
	SessionID     string `json:"sid,omitempty"`
	SignedInAt    int64  `json:"auth_time,omitempty"`
}

// Mint returns a signed token. It needs no running issuer.
func (k *Key) Mint(c Claims) (string, error) {
	now := c.Now
	if now.IsZero() {
		now = time.Now()
	}

	p := payload{
		Email:     c.Email,
		ClientID:  c.ClientID,
		Nonce:     c.Nonce,
		SessionID: c.SessionID,
		Claims: jwt.Claims{
			Issuer:    c.Issuer,
			Subject:   c.Subject,
			Audience:  jwt.Audience{c.Audience},
			IssuedAt:  jwt.NewNumericDate(now),
			NotBefore: jwt.NewNumericDate(now),
			Expiry:    jwt.NewNumericDate(now.Add(c.ExpiresIn)),
		},
	}
	if c.Email != "" {
		p.EmailVerified = &c.EmailVerified
	}

	if !c.SignedInAt.IsZero() {
		p.SignedInAt = c.SignedInAt.Unix()
	}

	key := jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: k.private, KeyID: k.id}}
	signer, err := jose.NewSigner(key, new(jose.SignerOptions).WithType("JWT"))
	if err != nil {
		return "", fmt.Errorf("making signer: %w", err)
	}

	text, err := jwt.Signed(signer).Claims(p).Serialize()
	if err != nil {
		return "", fmt.Errorf("signing token: %w", err)
	}

	return text, nil
}
