package secret

import (
	"crypto/rand"

	"github.com/provenanceone/data-api/internal/fault"
)

// Alphabet is what a value is made of; the values are the schema's SecretAlphabet.
type Alphabet string

// The alphabets.
const (
	Alphanumeric Alphabet = "ALPHANUMERIC"
	// SafePunctuation is letters, digits and what needs no escaping in a shell or URL.
	SafePunctuation Alphabet = "SAFE_PUNCTUATION"
	Hex             Alphabet = "HEX"
)

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

var characters = map[Alphabet]string{
	Alphanumeric:    letters + "0123456789",
	SafePunctuation: letters + "0123456789-._",
	Hex:             "0123456789abcdef",
}

// The lengths of a generated value, in characters.
const (
	minLength = 8
	maxLength = 1024
)

// Generator makes values up.
type Generator struct {
	// Length is how many characters, 8 to 1024.
	Length   int32
	Alphabet Alphabet
}

// check returns fault.Invalid naming `length` unless the generator can make a value.
func (g Generator) check() error {
	if g.Length < minLength || g.Length > maxLength {
		return fault.Field(fault.Invalid, "length", "A generated value has %d to %d characters.", minLength, maxLength)
	}

	return nil
}

// Generate makes a value of random characters, each as likely as any other.
func (g Generator) Generate() (Value, error) {
	if err := g.check(); err != nil {
		return Value{}, err
	}

	from := characters[g.Alphabet]
	// A byte at or beyond the last multiple of the alphabet's size would make some characters likelier.
	fair := byte(256 / len(from) * len(from) % 256)
	plain, random := make([]byte, 0, g.Length), make([]byte, 256)
	for len(plain) < int(g.Length) {
		_, _ = rand.Read(random) // it never fails
		for _, b := range random {
			if len(plain) < int(g.Length) && (fair == 0 || b < fair) {
				plain = append(plain, from[int(b)%len(from)])
			}
		}
	}

	return NewValue(plain), nil
}
