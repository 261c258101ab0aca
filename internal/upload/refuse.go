package upload

import (
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

// need is what the contract asks of whoever uploads.
var need = authz.Need{Role: authz.Editor, Scope: authz.DatastoresWrite}

// MayLand reports whether whoever asked for an upload could still ask for it, with the role or the scopes that they
// have now.
func MayLand(asker authz.Actor) bool { return need.Decide(asker) == nil }

// rejections are what an upload is rejected for where a rule keeps it from becoming an object.
var rejections = map[object.Rule]Rejection{
	object.DatastoreExists: Superseded,
	object.SizeFits:        TooLarge,
	object.TypeIsTaken:     ContentType,
	object.VersionIsMet:    Precondition,
	object.LandedLast:      Superseded,
}

// RejectionFor returns what an upload is rejected for after a refusal.
func RejectionFor(r *object.RefusedError) Rejection { return rejections[r.Rule] }

// OpenCounts are the numbers of open uploads, the new one included: of its key, and of its workspace.
type OpenCounts struct{ OfKey, OfWorkspace int }

// Refuse returns fault.Conflict if that is one too many; nil if it is not.
func (o OpenCounts) Refuse() error {
	switch {
	case o.OfKey > MaxOpenOfKey:
		return fault.Field(fault.Conflict, "key", "This key has %d open uploads already: complete one, or wait until "+
			"it expires.", o.OfKey-1)
	case o.OfWorkspace > MaxOpenOfWorkspace:
		return fault.New(fault.Conflict, "The workspace has %d open uploads already: complete some, or wait until "+
			"they expire.", o.OfWorkspace-1)
	}

	return nil
}
