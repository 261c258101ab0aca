// Package trusted has the GraphQL documents that a deployment or a workspace lists in a manifest. A request may name
// one by its id instead of sending its text, and an API key may be held to them. An admin sets the list of a workspace,
// an operator that of the deployment.
package trusted

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// List is the list of a workspace.
type List struct {
	Documents Documents
	// Revision counts up from 1 with each change.
	Revision int64
	SetAt    time.Time
	SetBy    authz.Who
}

// Store keeps the list of each workspace.
type Store interface {
	// Get returns the list of a workspace; found is false if it never had one.
	Get(ctx context.Context, ws authz.WorkspaceID) (l List, found bool, err error)
	// Set replaces the list of the workspace that the entry's actor acts in, and returns it with its revision. One that
	// is the same already is returned as it is, without an event. Errors: fault.Forbidden if the actor is no admin any
	// more.
	Set(ctx context.Context, l List, e audit.Entry) (List, error)
}

// Service answers for trusted documents.
type Service struct {
	store Store
	// deployment are those that every workspace's callers may name.
	deployment listed
	check      func(document string) error
	now        func() time.Time
	kept       *kept
}

// NewService returns a service on a store. Check says why a document could never be run; it must be safe to call at
// once.
//
// Errors: fault.Invalid if check refuses a document of the deployment.
func NewService(
	store Store, deployment Documents, check func(document string) error, now func() time.Time,
) (*Service, error) {
	if err := deployment.checked(check); err != nil {
		return nil, err
	}

	return &Service{store: store, deployment: listedOf(deployment, 0), check: check, now: now, kept: newKept()}, nil
}

// Load returns the documents of a manifest in a file; none for no file.
//
// Errors: fault.Invalid; those of reading the file.
func Load(path string) (Documents, error) {
	if path == "" {
		return Documents{}, nil
	}

	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}

	var manifest map[string]any
	if err := json.Unmarshal(text, &manifest); err != nil {
		return nil, invalid("The manifest %s is no JSON object.", path).Because(err)
	}

	return Parse(manifest)
}

// Find returns the list of the actor's workspace; found is false if it never had one.
func (s *Service) Find(ctx context.Context, a authz.Actor) (l List, found bool, err error) {
	return s.store.Get(ctx, a.Workspace)
}

// Set replaces the list of the actor's workspace, effective with the next request on every server.
//
// Errors: fault.Invalid naming `manifest`.
func (s *Service) Set(ctx context.Context, a authz.Actor, manifest map[string]any) (List, error) {
	documents, err := Parse(manifest)
	if err == nil {
		err = documents.checked(s.check)
	}

	if err != nil {
		return List{}, err
	}

	list := List{Documents: documents, SetAt: s.now(), SetBy: a.Who}
	return s.store.Set(ctx, list, audit.Record(a, audit.TrustedDocumentsSet).AwaitsTarget("workspace").
		With("documents", len(documents)).Awaits("revision"))
}

// Text returns the text of the document that the actor's workspace, or else the deployment, lists under an id, or under
// what follows `sha256:` in it. Source: GraphQL over HTTP, appendix "Persisted Documents".
//
// Errors: fault.UnknownDocument.
func (s *Service) Text(ctx context.Context, a authz.Actor, id string) (string, error) {
	own, err := s.own(ctx, a)
	if err != nil {
		return "", err
	}

	hash := strings.TrimPrefix(id, "sha256:")
	for _, list := range []listed{own, s.deployment} {
		if text, ok := list.byID[id]; ok {
			return text, nil
		}

		if text, ok := list.byID[hash]; ok {
			return text, nil
		}
	}

	return "", fault.New(fault.UnknownDocument, "No list of trusted documents has this id: send the document itself, "+
		"or have an admin list it.")
}

// Allow returns why the actor may not send a document: they are held to those that a list has, and none has this one.
//
// Errors: fault.UntrustedDocument.
func (s *Service) Allow(ctx context.Context, a authz.Actor, document string) error {
	if !a.TrustedDocumentsOnly {
		return nil
	}

	own, err := s.own(ctx, a)
	if err != nil || own.texts[document] || s.deployment.texts[document] {
		return err
	}

	return fault.New(fault.UntrustedDocument, "This API key may only send documents that its workspace or the "+
		"deployment has listed, and this is none of them.")
}

// own returns the list of the actor's workspace, of the revision that counts for this request or a later one.
func (s *Service) own(ctx context.Context, a authz.Actor) (listed, error) {
	if a.DocumentsRevision == 0 {
		return listed{}, nil
	}

	if l, ok := s.kept.get(a.Workspace, a.DocumentsRevision); ok {
		return l, nil
	}

	found, _, err := s.store.Get(ctx, a.Workspace)
	if err != nil {
		return listed{}, err
	}

	return s.kept.add(a.Workspace, found), nil
}
