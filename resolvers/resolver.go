// Package resolvers translates: arguments to one call of a noun, what that returns to a payload. What needs a decision
// belongs in the noun.
package resolvers

import (
	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/node"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/trusted"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

// Nouns are what the schema's fields are about.
type Nouns struct {
	APIKeys    *apikey.Service
	AuditLog   *audit.Log
	Datastores *datastore.Service
	Deletions  *deletion.Service
	Members    *member.Service
	Nodes      *node.Service
	Objects    *object.Service
	References *reference.Service
	Runs       *run.Service
	Secrets    *secret.Service
	Steps      *run.Steps
	Uploads    *upload.Service
	Workspaces *workspace.Service

	TrustedDocuments *trusted.Service
}

// Resolver answers each field of the schema by one call of a noun.
type Resolver struct {
	nouns Nouns
	guard *Guard
}

// New returns a resolver on the nouns, and the guard of what no directive can guard.
func New(nouns Nouns, guard *Guard) *Resolver { return &Resolver{nouns: nouns, guard: guard} }
