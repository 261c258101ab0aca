// Package apikey has the credentials of programs: keys with scopes, an expiry and the networks that they may be used
// from. Admins create, list and revoke them, each with an audit event. The server shows the text of a key once, to the
// admin who creates it, and stores its hash.
package apikey

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/page"
)

// ID names an API key.
type ID = ident.Of[Key]

// Key is an API key without its token.
type Key struct {
	ID   ID
	Name string
	// Prefix is the start of the token, enough to recognise it.
	Prefix string
	// Scopes are those granted; what they imply is not listed.
	Scopes []authz.Scope
	// AllowedNetworks are those that it may be used from, CIDR; none means anywhere.
	AllowedNetworks []string
	// TrustedDocumentsOnly is whether it may send no GraphQL document but those that are listed.
	TrustedDocumentsOnly bool
	ExpiresAt            *time.Time
	// LastUsedAt is exact to a minute; nil until it is used.
	LastUsedAt *time.Time
	RevokedAt  *time.Time
	CreatedAt  time.Time
	CreatedBy  authz.Who
}

// Token is the credential that a program sends. The database stores only its hash.
type Token struct {
	Text   string
	Prefix string
	Hash   []byte
}

// CreateRequest asks for a new key.
type CreateRequest struct {
	Name   string
	Scopes []authz.Scope
	// AllowedNetworks are CIDR, at most MaxNetworks.
	AllowedNetworks []string
	// TrustedDocumentsOnly is whether it may send no GraphQL document but those that are listed.
	TrustedDocumentsOnly bool `json:",omitempty"`
	ExpiresAt            *time.Time
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string `json:"-"`
}

// MaxNetworks is how many networks a key may name.
const MaxNetworks = 50

// Store keeps keys.
type Store interface {
	// Create errors: fault.Forbidden if whoever creates it is no admin any more.
	Create(ctx context.Context, k Key, hash []byte, e audit.Entry) error
	// Revoke ends a key and returns it; one that is revoked already is returned as it is, without an event. Errors:
	// fault.NotFound.
	Revoke(ctx context.Context, id ID, e audit.Entry) (Key, error)
	// Get returns those of the ids that exist in the workspace, in any order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Key, error)
	// List returns keys, newest first; their page key is their id.
	List(ctx context.Context, ws authz.WorkspaceID, r page.Request) (page.Page[Key], error)
}

// Service answers for API keys.
type Service struct {
	store Store
	mint  func() Token
	once  *idempotency.Service
	now   func() time.Time
}

// NewService returns a service that keeps keys in the store and makes their tokens by mint, with what carries out
// calls once.
func NewService(store Store, mint func() Token, once *idempotency.Service, now func() time.Time) *Service {
	return &Service{store: store, mint: mint, once: once, now: now}
}

// CreateResult is a new key with its token.
type CreateResult struct {
	Key Key
	// Token cannot be read again, so it is nil when the call is a repeated one.
	Token *string
}

// Create makes a key and returns its token, which cannot be read again.
//
// Errors: fault.Invalid naming `name`, `scopes`, `allowedNetworks` or `expiresAt`; those of idempotency.Do.
func (s *Service) Create(ctx context.Context, a authz.Actor, n CreateRequest) (CreateResult, error) {
	networks, err := networks(n.AllowedNetworks)
	if err := errors.Join(s.check(n), err); err != nil {
		return CreateResult{}, err
	}

	scopes := slices.Compact(slices.Sorted(slices.Values(n.Scopes)))
	call := idempotency.Call{Mutation: "createAPIKey", Key: n.IdempotencyKey, Input: n}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (CreateResult, error) {
		token := s.mint()
		k := Key{
			ID:              ID(c.TargetID),
			Name:            n.Name,
			Prefix:          token.Prefix,
			Scopes:          scopes,
			AllowedNetworks: networks,
			ExpiresAt:       n.ExpiresAt,
			CreatedAt:       s.now(),
			CreatedBy:       a.Who,

			TrustedDocumentsOnly: n.TrustedDocumentsOnly,
		}
		entry := audit.Record(a, audit.APIKeyCreated).Named(c.EventID).On("api_key", k.ID.String(), k.Name).
			With("scopes", scopes).
			With("prefix", k.Prefix).With("allowedNetworks", networks).
			With("trustedDocumentsOnly", k.TrustedDocumentsOnly)
		return CreateResult{Key: k, Token: &token.Text}, s.store.Create(ctx, k, token.Hash, entry)
	}, func(ctx context.Context, done idempotency.Result) (CreateResult, error) {
		return s.made(ctx, a, ID(done.TargetID))
	})
}

func (s *Service) made(ctx context.Context, a authz.Actor, id ID) (CreateResult, error) {
	found, err := s.FindAll(ctx, a, []ID{id})
	if err != nil || len(found) == 0 {
		return CreateResult{}, errors.Join(err, NotFound())
	}

	return CreateResult{Key: found[0]}, nil
}

// NotFound says that a workspace has no such key.
func NotFound() error {
	return fault.Field(fault.NotFound, "apiKeyId", "There is no such API key in this workspace.")
}

func (s *Service) check(n CreateRequest) error {
	if err := ident.CheckName("name", n.Name); err != nil {
		return err
	}

	if len(n.Scopes) == 0 {
		return fault.Field(fault.Invalid, "scopes", "A key needs at least one scope; without one it can do nothing.")
	}

	if n.ExpiresAt != nil && !n.ExpiresAt.After(s.now()) {
		return fault.Field(fault.Invalid, "expiresAt", "A key cannot expire before it is made: expiresAt is not in "+
			"the future.")
	}

	return nil
}

// networks returns networks in the form that is stored: without host bits, so that 10.1.2.3/8 is 10.0.0.0/8.
func networks(texts []string) ([]string, error) {
	if len(texts) > MaxNetworks {
		return nil, fault.Field(fault.Invalid, "allowedNetworks", "A key names at most %d networks.", MaxNetworks)
	}

	kept := make([]string, len(texts))
	for i, text := range texts {
		network, err := netip.ParsePrefix(text)
		if err != nil || network.Addr().Is4In6() {
			return nil, fault.Field(fault.Invalid, "allowedNetworks",
				"A network is CIDR, for example 192.0.2.0/24 or 2001:db8::/32.")
		}

		kept[i] = network.Masked().String()
	}

	return kept, nil
}

// Revoke ends a key at once. Errors: fault.NotFound.
func (s *Service) Revoke(ctx context.Context, a authz.Actor, id ID) (Key, error) {
	return s.store.Revoke(ctx, id, audit.Record(a, audit.APIKeyRevoked).AwaitsTarget("api_key"))
}

// List returns the workspace's keys, revoked ones included, newest first.
func (s *Service) List(ctx context.Context, a authz.Actor, r page.Request) (page.Page[Key], error) {
	return s.store.List(ctx, a.Workspace, r)
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Key, error) {
	return s.store.Get(ctx, a.Workspace, ids)
}
