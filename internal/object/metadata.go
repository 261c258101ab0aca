package object

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

const (
	maxMetadataBytes = 8 << 10
	maxExponent      = 308 // as that of a double
)

// UpdateRequest asks for other metadata of what is at a key.
type UpdateRequest struct {
	DatastoreID datastore.ID
	Key         string
	// Metadata replaces all that there was.
	Metadata map[string]any
	// Only is the version that must be current.
	Only Precondition
}

// Update makes a new version of the bytes that are current, with other metadata. No bytes move: both versions refer to
// them, and both count. Where the metadata is what it was, it returns the current version.
//
// Errors: fault.Invalid naming `metadata`, or `datastoreId` if that takes no such object any more; fault.NotFound;
// fault.Conflict with currentVersion; fault.QuotaExceeded; fault.Unavailable.
func (s *Service) Update(ctx context.Context, a authz.Actor, r UpdateRequest) (Version, error) {
	metadata, err := EncodeMetadata(r.Metadata)
	if err != nil {
		return Version{}, err
	}

	if _, err := s.Find(ctx, a, r.DatastoreID, r.Key); err != nil {
		return Version{}, err
	}

	to := WriteRequest{
		DatastoreID: r.DatastoreID,
		Key:         r.Key,
		Only:        r.Only,
		Version:     Version{ID: ident.New[Version](), Metadata: metadata, CreatedBy: a.Who},
		Names: FieldNames{
			Datastore: "datastoreId",
			IfVersion: "ifVersion",
			Size:      "datastoreId",
			Type:      "datastoreId",
		},
	}
	v, free, err := s.store.UpdateMetadata(ctx, to, AwaitsVersion(audit.Record(a, audit.ObjectUpdated)).
		With("datastoreId", r.DatastoreID).With("versionId", to.Version.ID))
	s.reaper.Free(ctx, a, free)
	return v, err
}

// EncodeMetadata returns a JSON object as it is stored, nil for nil. Errors: fault.Invalid naming `metadata`.
func EncodeMetadata(m map[string]any) (json.RawMessage, error) {
	if m == nil {
		return nil, nil
	}

	raw, err := json.Marshal(m)
	if err != nil || len(raw) > maxMetadataBytes {
		return nil, fault.Field(fault.Invalid, "metadata", "Metadata has at most %d bytes as JSON.", maxMetadataBytes)
	}

	if !hasGoodNumbers(m) {
		return nil, fault.Field(fault.Invalid, "metadata", "A number in metadata has an exponent from -%d to %[1]d.",
			maxExponent)
	}

	return raw, nil
}

// hasGoodNumbers reports that no number is far longer written out, as the database does, than as it was sent.
func hasGoodNumbers(v any) bool {
	switch v := v.(type) {
	case json.Number:
		_, exponent, found := strings.Cut(strings.ToLower(v.String()), "e")
		n, err := strconv.Atoi(exponent)
		return !found || err == nil && -maxExponent <= n && n <= maxExponent
	case map[string]any:
		return !slices.ContainsFunc(slices.Collect(maps.Values(v)), func(v any) bool { return !hasGoodNumbers(v) })
	case []any:
		return !slices.ContainsFunc(v, func(v any) bool { return !hasGoodNumbers(v) })
	}

	return true
}
