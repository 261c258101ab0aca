// Package reference has which consumer uses which secret. A reference names the secret by id, so it survives renaming
// and rotation. Injection follows references, and a secret that has one is not deleted by accident.
package reference

import (
	"context"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
)

// MaxSecrets is how many secrets one consumer may use.
const MaxSecrets = 100

// Kind is what sort of thing uses a secret; the values are the schema's ConsumerKind.
type Kind string

// The kinds of consumer.
const (
	Agent      Kind = "AGENT"
	Skill      Kind = "SKILL"
	Connection Kind = "CONNECTION"
	Workflow   Kind = "WORKFLOW"
)

// Consumer is what uses secrets, by the platform's own id.
type Consumer struct {
	Kind       Kind
	ExternalID string
	// Name is as the platform last said it.
	Name string
}

// Reference is one use of one secret.
type Reference struct {
	SecretID  secret.ID
	Consumer  Consumer
	CreatedAt time.Time
}

// Same reports whether both lists have the same secrets and consumers, in the same order.
func Same(before, after []Reference) bool {
	return slices.EqualFunc(before, after, func(a, b Reference) bool {
		return a.SecretID == b.SecretID && a.Consumer == b.Consumer
	})
}

// Store keeps references.
type Store interface {
	// Set makes the secrets those that the consumer uses, and drops its others.
	// Errors: fault.NotFound naming `secretIds` if one of them does not exist, or is deleted.
	Set(ctx context.Context, c Consumer, secrets []secret.ID, e audit.Entry) ([]Reference, error)
	// List returns who uses each secret, by kind and id, which are their page key.
	List(ctx context.Context, ws authz.WorkspaceID, of []secret.ID,
		r page.Request) ([]page.Page[Reference], error)
}

// Service answers for references.
type Service struct {
	store Store
}

// NewService returns a service on a store.
func NewService(store Store) *Service { return &Service{store: store} }

// Set declares all the secrets that a consumer uses, at most MaxSecrets; what it no longer names is dropped.
//
// Errors: fault.Invalid naming `externalId`, `name` or `secretIds`; fault.NotFound naming `secretIds`, with the
// unknown ones as `missing`.
func (s *Service) Set(ctx context.Context, a authz.Actor, c Consumer, secrets []secret.ID) ([]Reference, error) {
	if err := c.check(); err != nil {
		return nil, err
	}

	if len(secrets) > MaxSecrets {
		return nil, fault.Field(fault.Invalid, "secretIds", "A consumer uses at most %d secrets; these are %d.",
			MaxSecrets, len(secrets))
	}

	distinct := slices.Compact(slices.Sorted(slices.Values(secrets)))
	entry := audit.Record(a, audit.ReferencesSet).On("consumer", c.ExternalID, c.Name).With("kind", c.Kind).
		With("secretIds", distinct)
	return s.store.Set(ctx, c, distinct, entry)
}

func (c Consumer) check() error {
	if err := ident.CheckExternalID("externalId", c.ExternalID); err != nil {
		return err
	}

	return ident.CheckName("name", c.Name)
}

// List returns who uses each secret, in the order of the secrets.
func (s *Service) List(
	ctx context.Context, a authz.Actor, of []secret.ID, r page.Request,
) ([]page.Page[Reference], error) {
	return s.store.List(ctx, a.Workspace, of, r)
}

// Missing says that some of the secrets to be referenced do not exist.
func Missing(ids []secret.ID) error {
	return fault.Field(fault.NotFound, "secretIds", "Secrets that are not in this workspace, or are deleted: %d.",
		len(ids)).With("missing", ids)
}
