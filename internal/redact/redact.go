// Package redact replaces the values of secrets in text by their names, in every common encoding, whole or as a stream.
//
// A value is found raw; in base64 and base64url at all three alignments, padded or not, percent-escaped, and wrapped at 64 or 76 columns; in
// hexadecimal, lower or upper; percent-escaped as URLs, forms and common libraries do, or wholly; JSON-escaped as Go, JavaScript, Python, PHP
// and .NET do, and as a JSON string inside another. Beside the whole value, the value without the space around it and each of its lines of at
// least four characters are found, except PEM boundaries, and of a JSON secret each string of at least four characters and each number of at least eight.
//
// Short values would destroy the text, so raw values of fewer than eight characters are replaced only as whole words: where no ASCII letter or
// digit touches a letter or digit of theirs, escapes such as \n, %20 and terminal colours aside. Of their encodings, those of fewer than eight
// bytes are replaced as whole words, and in base64 only from its beginning. Of values of fewer than four bytes only the raw form is found.
// An empty one never is.
//
// What overlaps is replaced together: no byte of any match is ever passed on. A base64 character that is made of the bits of a value's edge
// and of its neighbour's (2 or 4 bits of the value) goes with the value, as does the padding, so no bit of it remains.
//
// Not found are values in pieces (but for their lines), compressed, encrypted or hashed, in mixed-case hexadecimal, in encodings on top of
// one another but for those named, and in an encoding this comment does not name (HTML entities, quoted-printable, UTF-16, shell quoting).
package redact

import (
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

// Set finds secrets. It does not change, so any number of goroutines may use it.
//
// It wraps a function, so that printers based on reflection see an address, never what it looks for.
//
// Units: about 80 bytes for each form of a value: 0.4 MB for 100 secrets of 40 bytes, 3 MB for 1,000; at most some 40 bytes for each byte of a value.
type Set struct {
	index func() *index
}

// NewSet makes what finds the secrets. Of secrets with the same value the first gives the name.
func NewSet(secrets []Secret) *Set {
	x := build(secrets)
	return &Set{index: func() *index { return x }}
}

// Redact returns the text with a mark in place of each secret, and how often each that was found was replaced, in the order of NewSet.
//
// Effects: none; text is neither changed nor returned.
func (s *Set) Redact(text []byte) ([]byte, []Count) {
	sc := newScanner(s.index())
	sc.buf, sc.final = text, true
	sc.out = make([]byte, 0, len(text)+len(text)/8)
	sc.run()
	return sc.out, sc.tally()
}

// Format prints the name of the type, whatever the verb.
func (s *Set) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// String returns the name of the type.
func (s *Set) String() string { return "redact.Set" }
