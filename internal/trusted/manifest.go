package trusted

import (
	"maps"
	"slices"

	"github.com/provenanceone/data-api/internal/fault"
)

// The bounds of a list. A mutation that sets one has a body of at most 1 MiB.
const (
	// MaxDocuments is how many documents a list has.
	MaxDocuments = 1000
	// MaxIDBytes is the length of a document's id.
	MaxIDBytes = 200
	// MaxBytes is the length of all ids and texts together.
	MaxBytes = 768 << 10
)

// Documents are the texts of GraphQL documents by their ids. Clients choose the ids, most of them hashes of the texts.
type Documents map[string]string

// apolloFormat is what a manifest of Apollo says that it is.
const apolloFormat = "apollo-persisted-query-manifest"

// Parse returns the documents of a manifest: what Apollo's generate-persisted-query-manifest writes, or an object of
// texts by id, which Relay's compiler and GraphQL Code Generator write.
//
// Errors: fault.Invalid naming `manifest`.
func Parse(manifest map[string]any) (Documents, error) {
	listed := Documents{}
	if manifest["format"] == apolloFormat {
		return listed, listed.addOperations(manifest["operations"])
	}

	for id, text := range manifest {
		if err := listed.add(id, text); err != nil {
			return nil, err
		}
	}

	return listed, nil
}

// addOperations adds the operations of Apollo's manifest, version 1.
func (d Documents) addOperations(operations any) error {
	all, ok := operations.([]any)
	if !ok {
		return invalid("The manifest of Apollo has no list of operations.")
	}

	for i, operation := range all {
		members, _ := operation.(map[string]any)
		id, ok := members["id"].(string)
		if !ok {
			return invalid("Operation %d of the manifest has no id.", i+1)
		}

		if _, listed := d[id]; listed {
			return invalid("The manifest has the id %q twice.", id)
		}

		if err := d.add(id, members["body"]); err != nil {
			return err
		}
	}

	return nil
}

func (d Documents) add(id string, text any) error {
	document, ok := text.(string)
	switch {
	case id == "" || len(id) > MaxIDBytes:
		return invalid("An id of the manifest has 1 to %d bytes.", MaxIDBytes)
	case !ok || document == "":
		return invalid("The manifest has no text for the document %q.", id)
	case len(d) == MaxDocuments:
		return invalid("A manifest has at most %d documents.", MaxDocuments)
	}

	d[id] = document
	return nil
}

// checked returns an error for what is too long, or that could not be run as check says.
func (d Documents) checked(check func(document string) error) error {
	bytes := 0
	for id, text := range d {
		bytes += len(id) + len(text)
	}

	if bytes > MaxBytes {
		return invalid("The documents of a manifest have at most %d bytes.", MaxBytes)
	}

	for _, id := range slices.Sorted(maps.Keys(d)) {
		if err := check(d[id]); err != nil {
			return invalid("The document %q cannot be run: %s", id, err).Because(err)
		}
	}

	return nil
}

func invalid(format string, args ...any) *fault.Error {
	return fault.Field(fault.Invalid, "manifest", format, args...)
}
