// Package authz says who acts and decides what they may do. It is pure: it reads no clock and no store.
package authz

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/ident"
)

// WorkspaceID names a workspace, the boundary of everything an actor may touch.
type WorkspaceID = ident.Of[workspace]

type workspace struct{}

// ActorKind is what sort of principal acts; the values are the schema's ActorKind.
type ActorKind string

// The kinds of actor.
const (
	User   ActorKind = "USER"
	APIKey ActorKind = "API_KEY"
	System ActorKind = "SYSTEM"
)

// Who is an actor as it was known at the time: what rows and audit events keep.
type Who struct {
	Kind ActorKind
	// PrincipalID is the id of the member or API key; empty for the system itself.
	PrincipalID string
	// Label is an email address, or what KeyLabel returns.
	Label string
}

// keyMark begins the label of every API key, and of no email address.
const keyMark = "key:"

// KeyLabel returns the label of an API key. Whatever the name of the key, it cannot look like a person's label.
func KeyLabel(name string) string { return keyMark + name }

// Name returns an email address, or a key's name.
func (w Who) Name() string {
	if w.Kind == APIKey {
		return strings.TrimPrefix(w.Label, keyMark)
	}

	return w.Label
}

// Origin is where a request came from. The audit log keeps all of it but Page.
type Origin struct {
	// RequestID is the server's own, which no other request has; CallersRequestID what the caller named it, often
	// nothing.
	RequestID        string
	CallersRequestID string
	// IP is the caller's address without port; empty for the system itself.
	IP        string
	UserAgent string
	// Page is the web origin of the page that sent the request; empty if a program did, or a page that may not use this
	// server.
	Page string
}

// Missing is why a user acts in no workspace.
type Missing int

// The reasons.
const (
	// Unselected: a user with several memberships sent no X-Workspace-Id header.
	Unselected Missing = iota
	// Unknown: the header names no workspace of the user: another's, none at all, or it is malformed. The three look
	// alike.
	Unknown
	// Memberless: the user is a member of no workspace.
	Memberless
)

// Actor is who acts, in which workspace, with what rights.
type Actor struct {
	Who
	// Workspace is empty while none is selected; Missing says why.
	Workspace WorkspaceID
	// Missing means nothing while Workspace is set.
	Missing Missing
	// Region is where the workspace's objects and secrets are kept.
	Region string
	// Role is a user's; empty for an API key.
	Role Role
	// Scopes are an API key's, implied ones included; empty for a user.
	Scopes Scopes
	// TrustedDocumentsOnly is whether the actor may send no document but those that are listed: an API key's.
	TrustedDocumentsOnly bool
	// DocumentsRevision is that of the workspace's list of trusted documents; 0 if it never had one.
	DocumentsRevision int64
	// ExpiresAt is when the credential ends; zero if it does not.
	ExpiresAt time.Time
	From      Origin
	// Issuer and Subject identify the person behind a User, as the identity provider does.
	Issuer, Subject string
	// Email is the person's address, as ident.Address returns it; empty if the identity provider has not verified it.
	Email string
}

// Covers reports whether the actor may do all that another one may: the same principal, in the same workspace, with no
// less of a role and no scope less. What began under one may then go on under the other.
func (a Actor) Covers(other Actor) bool {
	if other.Workspace == "" {
		return a.Kind == other.Kind && a.Issuer == other.Issuer && a.Subject == other.Subject
	}

	role := a.Role == other.Role || a.Role.Includes(other.Role)
	missing := slices.ContainsFunc(other.Scopes, func(s Scope) bool { return !a.Scopes.Has(s) })
	return a.Kind == other.Kind && a.PrincipalID == other.PrincipalID && a.Workspace == other.Workspace &&
		role && !missing
}

// Sharer names the actor for fair shares of the server: the workspace, and the caller, who is one person in all of
// their workspaces, or an API key. A user who has selected no workspace counts as alone in one.
func (a Actor) Sharer() (workspace, caller string) {
	caller = a.PrincipalID
	if a.Kind == User && a.Subject != "" {
		caller = a.Issuer + " " + a.Subject
	}

	if a.Workspace == "" {
		return caller, caller
	}

	return a.Workspace.String(), caller
}

type actorKey struct{}

// WithActor returns a context that carries the actor to the resolvers. Nothing below them reads it, but for fair
// shares of connections.
func WithActor(ctx context.Context, a Actor) context.Context {
	return context.WithValue(ctx, actorKey{}, a)
}

// ActorFrom returns the actor of a request, and one that may do nothing where there is none.
func ActorFrom(ctx context.Context) Actor {
	a, _ := ctx.Value(actorKey{}).(Actor)
	return a
}

// NewWorkspaceID returns the id of a workspace to be made.
func NewWorkspaceID() WorkspaceID { return ident.New[workspace]() }
