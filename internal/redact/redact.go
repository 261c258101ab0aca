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
	s, _ := Build(context.Background(), secrets) // this context never ends
	return s
}

// Build is NewSet for as long as the context allows.
//
// Errors: that of the context.
func Build(ctx context.Context, secrets []Secret) (*Set, error) {
	f, err := build(ctx, secrets)
	if err != nil {
		return nil, err
	}
	return &Set{finder: func() *finder { return f }}, nil
}

// Unmasked returns of which secrets some parts are left as they are, in the order of NewSet.
func (s *Set) Unmasked() []Unmasked { return s.finder().unmasked }

// Size returns how many bytes of memory the set takes, about: 0.4 MB, and 3 kB for each secret of 40 bytes; fewer than 20 for each byte of a large one.
func (s *Set) Size() int { return s.finder().bytes() }

// Wipe overwrites what the set has of values. Nobody may use it then, and whoever does panics.
func (s *Set) Wipe() {
	s.finder().wipe()
	s.finder = nil
}

// Redact returns the text with a mark in place of each secret, and how often each that was found was replaced, in the order of NewSet.
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
