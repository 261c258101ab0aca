// Package redact replaces the values of secrets in text by their names, in the encodings that it lists, whole or as a
// stream.
//
// A value of four bytes or more is found
//   - as it is;
//   - in base64 and base64url at all three alignments, padded or not, whatever stands before and behind it, and in
//     both as they are in URLs and JSON;
//   - in hexadecimal, in lower, upper or mixed case;
//   - percent-escaped as URLs, forms and common libraries do, or wholly;
//   - as JSON has it from Go, JavaScript, Python, PHP, .NET and Gson, and as a JSON string inside another;
//   - as shells quote it: in double quotes, in single quotes with '\” or '"'"', in $'...', and as printf %q does;
//   - as languages print it: repr, ascii and bytes of Python, util.inspect of Node, %q of Go.
//
// Within base64 and hexadecimal of six bytes or more there may be line breaks of any kind, indentation and spaces,
// escaped or not; within hexadecimal also : - , % 0x \x and \u00. Of a form that begins in the last three characters
// of a line that is shorter than 16, the rest is not found.
//
// Beside the whole value, the value without the space around it and each of its lines of at least four characters are
// found, except PEM boundaries, and of a JSON secret each string of at least four characters that is no common word,
// and each number of at least eight digits. Unmasked says of which secrets some were left. From the 256th line or
// string of a secret on, they are found as they are and escaped in the most common ways only; so are values and lines
// of more than 4 KiB as to escaping.
//
// Short values would destroy the text, so raw values of fewer than eight characters are replaced only as whole words:
// where no ASCII letter or digit touches a letter or digit of theirs, escapes such as \n, %20 and terminal colours
// aside. Of their encodings, those of fewer than eight characters are replaced as whole words, and in base64 only from
// its beginning. Of values of fewer than four bytes only the raw form is found.
// An empty one never is.
//
// What overlaps is replaced together: no byte of any match is ever passed on. A base64 character that is made of the
// bits of a value's edge and of its neighbour's (2 or 4 bits of the value) goes with the value, as does the padding,
// so no bit of it remains.
//
// Nothing else is found, and this list is closed: not values in pieces (but for their lines and the separators
// above), reversed, compressed, encrypted or hashed; not dumps whose lines have offsets or text beside the bytes
// (xxd, hexdump -C, od -x); not HTML entities, quoted-printable, UTF-16, octal or binary dumps, base32, base58 or
// base85; not the quoting of SQL, YAML, XML, PowerShell or cmd; and not encodings on top of one another but for those
// named.
package redact

import (
	"context"
	"fmt"
	"io"
	"strconv"
)

// Secret is a version of a secret that is to be replaced.
type Secret struct {
	// ID comes back in Count. It may be empty.
	ID      string
	Name    string
	Version int
	// Value is not kept or changed.
	Value []byte `json:"-"`
	// JSON says that the value is a JSON document: each of its strings and longer numbers is replaced on its own, too.
	JSON bool
}

// mark is what stands in place of the value.
func (s Secret) mark() string { return "[secret:" + s.Name + "@v" + strconv.Itoa(s.Version) + "]" }

// Format prints the mark, whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.mark()) }

// Count is how often a secret was replaced: the number of its marks in the output.
type Count struct {
	ID      string
	Name    string
	Version int
	Count   int
}

// Unmasked says that strings or numbers within a JSON secret are so short or so common that they are left as they are
// where they stand alone: common words, strings of fewer than four characters, numbers of fewer than eight.
type Unmasked struct {
	ID      string
	Name    string
	Version int
	// Parts is how many there are, each counted once.
	Parts int
}

func (s Secret) unmasked(parts int) Unmasked {
	return Unmasked{ID: s.ID, Name: s.Name, Version: s.Version, Parts: parts}
}

// Set finds secrets. It does not change, so any number of goroutines may use it.
//
// It wraps a function, so that printers based on reflection see an address, never what it looks for.
//
// Units: see Size.
type Set struct {
	finder func() *finder
}

// NewSet makes what finds the secrets. Of secrets with the same value the first gives the name.
func NewSet(secrets []Secret) *Set {
	f, _ := build(secrets, func() error { return nil }) // nothing stops it
	return &Set{finder: func() *finder { return f }}
}

// Build is NewSet for as long as the context allows.
//
// Errors: that of the context.
func Build(ctx context.Context, secrets []Secret) (*Set, error) {
	f, err := build(secrets, ctx.Err)
	if err != nil {
		return nil, err
	}

	return &Set{finder: func() *finder { return f }}, nil
}

// Unmasked returns of which secrets some parts are left as they are, in the order of NewSet.
func (s *Set) Unmasked() []Unmasked { return s.finder().unmasked }

// Size returns how many bytes of memory the set takes, about: 0.4 MB, and 3 kB for each secret of 40 bytes; fewer
// than 20 for each byte of a large one.
func (s *Set) Size() int { return s.finder().bytes() }

// Wipe overwrites what the set has of values. Nobody may use it then, and whoever does panics.
func (s *Set) Wipe() {
	s.finder().wipe()
	s.finder = nil
}

// Redact returns the text with a mark in place of each secret, and how often each that was found was replaced, in the
// order of NewSet.
//
// Effects: none; text is neither changed nor returned.
func (s *Set) Redact(text []byte) ([]byte, []Count) {
	sc := newScanner(s.finder())
	sc.buf, sc.final = text, true
	sc.out = make([]byte, 0, len(text)+len(text)/8)
	sc.run()
	return sc.out, sc.tally()
}

// Format prints the name of the type, whatever the verb.
func (s *Set) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String returns the name of the type.
func (s *Set) String() string { return "redact.Set" }
