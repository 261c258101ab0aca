package gcs

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

const maxNameBytes = 1024

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$`)

// ref is where an object is.
type ref struct{ bucket, name string }

// checkName refuses what Google's naming rules refuse. Slashes and dots mean nothing here: no name is ever a path.
func checkName(name string) error {
	switch {
	case len(name) == 0 || len(name) > maxNameBytes || !utf8.ValidString(name):
		return errInvalidName.because("A name has 1 to 1024 bytes of UTF-8.")
	case name == "." || name == ".." || strings.ContainsAny(name, "\r\n"):
		return errInvalidName.because("A name is neither . nor .. and has no line breaks.")
	}

	return nil
}
