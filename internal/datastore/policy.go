package datastore

import (
	"regexp"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// Bounds of a policy. MaxObjectBytes is what storage itself can hold.
const (
	MaxObjectBytes  = 5 << 40
	MaxContentTypes = 50
	MaxKeepVersions = 100
)

// Policy says which objects a datastore accepts, and how many versions of each it keeps.
type Policy struct {
	// MaxObjectBytes is the size of the largest object; nil for the deployment's limit.
	MaxObjectBytes *int64
	// ContentTypes are the accepted ones, exact or `type/*`; none for any.
	ContentTypes []string
	// KeepVersions is how many versions of each key are kept, the current one included.
	KeepVersions int32
}

// Fits reports whether an object may be as large as that.
func (p Policy) Fits(bytes int64) bool { return p.MaxObjectBytes == nil || bytes <= *p.MaxObjectBytes }

// Takes reports whether the datastore accepts a content type. Its parameters and its case make no difference.
func (p Policy) Takes(contentType string) bool {
	bare, _, _ := strings.Cut(contentType, ";")
	bare = strings.ToLower(strings.TrimSpace(bare))
	for _, taken := range p.ContentTypes {
		taken = strings.ToLower(taken)
		if family, whole := strings.CutSuffix(taken, "*"); taken == bare || whole && strings.HasPrefix(bare, family) {
			return true
		}
	}

	return len(p.ContentTypes) == 0
}

// Source: RFC 6838, section 4.2: the names of types and of subtypes.
var contentType = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/([A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}|\*)$`)

// check returns fault.Invalid naming the field at fault.
func (p Policy) check() error {
	switch {
	case p.MaxObjectBytes != nil && (*p.MaxObjectBytes < 1 || *p.MaxObjectBytes > MaxObjectBytes):
		return fault.Field(fault.Invalid, "maxObjectBytes", "An object has at most 1 to %d bytes.",
			int64(MaxObjectBytes))
	case len(p.ContentTypes) > MaxContentTypes:
		return fault.Field(fault.Invalid, "contentTypes", "At most %d content types can be listed; these are %d.",
			MaxContentTypes, len(p.ContentTypes))
	case p.KeepVersions < 1 || p.KeepVersions > MaxKeepVersions:
		return fault.Field(fault.Invalid, "keepVersions",
			"A datastore keeps 1 to %d versions of each key, the current one included.", MaxKeepVersions)
	}

	for _, text := range p.ContentTypes {
		if !contentType.MatchString(text) {
			return fault.Field(fault.Invalid, "contentTypes",
				"A content type is like text/csv or text/*, without parameters.")
		}
	}

	return nil
}
