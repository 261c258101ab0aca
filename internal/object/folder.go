package object

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

// maxDelimiter is how many characters a delimiter has at most.
const maxDelimiter = 16

// Folder is a common prefix of keys, which ends with the delimiter. There is nothing to it but the keys that begin so.
type Folder struct {
	Prefix string
}

// Below says where folders are looked for: in keys that start with Prefix, up to the next Delimiter.
type Below struct {
	Prefix, Delimiter string `json:",omitzero"`
}

// Folders returns what stands in each datastore below a prefix, as a file browser shows it; uploads that have landed
// are included.
//
// Errors: fault.Invalid naming `delimiter`.
func (s *Service) Folders(
	ctx context.Context, a authz.Actor, in []datastore.ID, below Below, r page.Request,
) ([]page.Page[Folder], error) {
	n := utf8.RuneCountInString(below.Delimiter)
	if n < 1 || n > maxDelimiter || strings.ContainsRune(below.Delimiter, unicode.MaxRune) {
		return nil, fault.Field(fault.Invalid, "delimiter",
			"A delimiter has 1 to %d characters, none of them U+10FFFF.", maxDelimiter)
	}

	s.settle(ctx, a, in, below.Prefix)
	return s.store.ListFolders(ctx, a.Workspace, in, below, r)
}

// TooFarBetween says that as many keys in a row lie in no folder by a delimiter.
func TooFarBetween(keys int) error {
	return fault.Field(fault.TooCostly, "delimiter", "By this delimiter more than %d keys were read, most of which "+
		"lie in no folder. "+
		"Use \"/\", or a longer prefix.", keys)
}
