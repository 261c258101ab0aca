package gcs

import (
	"fmt"
	"strings"
)

// disposition is the Content-Disposition that saves a blob under a file's name.
//
// Source: RFC 6266, with the name's ASCII form for clients that do not read the other.
func disposition(filename string) string {
	if filename == "" {
		return "attachment"
	}

	plain := strings.Map(plainRune, filename)
	if plain == filename {
		return fmt.Sprintf(`attachment; filename="%s"`, plain)
	}

	return fmt.Sprintf(`attachment; filename="%s"; filename*=UTF-8''%s`, plain, extended(filename))
}

// plainRune keeps what a quoted string may hold as it is; slashes would read as folders.
func plainRune(r rune) rune {
	if r < ' ' || r > '~' || strings.ContainsRune(`"\/%`, r) {
		return '_'
	}

	return r
}

// extended is a name in the form of RFC 8187.
func extended(name string) string {
	var b strings.Builder
	for i := range len(name) {
		if c := name[i]; attributeByte(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}

	return b.String()
}

func attributeByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' ||
		strings.IndexByte("!#$&+-.^_`|~", c) >= 0
}
