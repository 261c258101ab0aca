package object

import (
	"mime"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// CheckContentType returns fault.Invalid, naming the field, unless the text is a media type of at most 255 characters.
func CheckContentType(field, text string) error {
	if !isMediaType(text) {
		return fault.Field(fault.Invalid, field, "A content type is a media type of at most 255 characters, for "+
			"example text/csv.")
	}

	return nil
}

func isMediaType(s string) bool {
	if len(s) > 255 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
		return false
	}

	name, _, err := mime.ParseMediaType(s)
	return err == nil && strings.Count(name, "/") == 1 && strings.TrimSpace(s) == s
}
