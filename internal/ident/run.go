package ident

import (
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// MaxExternalID is the length of the longest id of the platform's, in bytes.
const MaxExternalID = 128

// CheckExternalID returns fault.Invalid naming the field unless the text can be an id of the platform's: 1 to
// MaxExternalID printable ASCII characters.
func CheckExternalID(field, id string) error {
	unprintable := strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r > '~' })
	if id == "" || len(id) > MaxExternalID || unprintable {
		return fault.Field(fault.Invalid, field, "An id of the platform's is 1 to %d printable ASCII characters.",
			MaxExternalID)
	}

	return nil
}

// Run names a step of a workflow run, by the platform's ids.
type Run struct {
	RunID, StepID string
}

// Check returns fault.Invalid naming `runId` or `stepId` unless both can be the platform's.
func (r Run) Check() error {
	if err := CheckExternalID("runId", r.RunID); err != nil {
		return err
	}

	return CheckExternalID("stepId", r.StepID)
}
