// Package authn turns the credential of a request into an actor: an API key, or a token of the OpenID Connect issuer.
// It looks at the database for each request, so a credential that has ended is refused at once. What an actor may do is
// decided in authz.
package authn

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

// Membership is a person's place in one workspace.
type Membership struct {
	MemberID  string
	Workspace authz.WorkspaceID
	Region    string
	Role      authz.Role
	Email     string
	// Invited is whether nobody has joined by it yet: the first sign-in with this verified address does.
	Invited bool
	// DocumentsRevision is that of the workspace's list of trusted documents; 0 if it never had one.
	DocumentsRevision int64
}

// Members knows who belongs where.
type Members interface {
	// MembershipsOf returns the memberships of the person that an issuer calls subject, and the invitations of an
	// email address, which is as ident.Address returns it, and empty unless the issuer has verified it. Errors:
	// fault.Unavailable.
	MembershipsOf(ctx context.Context, issuer, subject, email string) ([]Membership, error)
	// Join binds an invitation to the person who acts, once and for all; one that is no longer open is no error.
	// Errors: fault.Unavailable.
	Join(ctx context.Context, a authz.Actor) error
}

// Key is an API key as authentication needs it.
type Key struct {
	ID        string
	Name      string
	Workspace authz.WorkspaceID
	Region    string
	Scopes    []authz.Scope
	// AllowedNetworks are those that the key may be used from, CIDR; none means anywhere.
	AllowedNetworks []string
	ExpiresAt       *time.Time
	LastUsedAt      *time.Time
	RevokedAt       *time.Time
	// TrustedDocumentsOnly is whether it may send no document but those that are listed.
	TrustedDocumentsOnly bool
	// DocumentsRevision is that of the workspace's list of trusted documents; 0 if it never had one.
	DocumentsRevision int64
}

// Denials puts on record who was refused.
type Denials interface {
	// RecordNetwork puts on record that a valid API key was used from a network that it may not be used from. Errors:
	// fault.Unavailable.
	RecordNetwork(ctx context.Context, key authz.Actor) error
}

// Keys knows the API keys.
type Keys interface {
	// ByHash returns the key whose token has that SHA-256; found is false when there is none. Errors:
	// fault.Unavailable.
	ByHash(ctx context.Context, hash []byte) (k Key, found bool, err error)
	// MarkUsed keeps when the key was last used. Bookkeeping. Errors: fault.Unavailable.
	MarkUsed(ctx context.Context, k Key, at time.Time) error
}
