package authn

import (
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"strings"
)

// A token is `p1_`, 43 random characters of base62 (256 bits) and 6 of checksum: scanners recognise it,
// and a typo is refused without a look at the database. It encodes nothing, so it has one spelling.
const (
	tokenMark     = "p1_"
	tokenRandom   = 43
	tokenChecksum = 6
	tokenPrefix   = 10
	tokenLength   = len(tokenMark) + tokenRandom + tokenChecksum
	base62        = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// Token is a new API key's token. Printed, logged or encoded it shows its prefix only.
type Token struct {
	text *string
}

// NewToken returns a token that nobody has seen.
func NewToken() Token {
	text := tokenMark + randomText(tokenRandom)
	text += checksum(text)
	return Token{&text}
}

// Reveal returns the whole token, to be shown once.
func (t Token) Reveal() string {
	if t.text == nil {
		return ""
	}

	return *t.text
}

// Hash returns the SHA-256 of the token: what is stored.
func (t Token) Hash() []byte { return hashOf(t.Reveal()) }

// Prefix returns the first characters, enough to recognise the token by.
func (t Token) Prefix() string { return t.Reveal()[:min(tokenPrefix, len(t.Reveal()))] }

// String returns the prefix and an ellipsis.
func (t Token) String() string { return t.Prefix() + "…" }

// Format prints what String returns, whatever the verb.
func (t Token) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// LogValue returns what String returns.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// MarshalText returns what String returns.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// ParseToken returns the hash and the prefix of a well-formed token. It does not look up whether such a key exists.
//
// Errors: fault.Unauthenticated, without any of the text.
func ParseToken(text string) (hash []byte, prefix string, err error) {
	if !wellFormed(text) {
		return nil, "", unauthenticated("The API key is mistyped or cut off: send the whole of it, from p1_ on.")
	}

	return hashOf(text), text[:tokenPrefix], nil
}

func wellFormed(text string) bool {
	if len(text) != tokenLength || !strings.HasPrefix(text, tokenMark) {
		return false
	}

	for i := len(tokenMark); i < len(text); i++ {
		if strings.IndexByte(base62, text[i]) < 0 {
			return false
		}
	}

	body := text[:tokenLength-tokenChecksum]
	return text[len(body):] == checksum(body)
}

func hashOf(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// checksum is CRC-32 (IEEE) in base62.
func checksum(text string) string {
	var digits [tokenChecksum]byte
	rest := crc32.ChecksumIEEE([]byte(text))
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i] = base62[rest%62]
		rest /= 62
	}

	return string(digits[:])
}

// randomText returns characters of base62, each as likely as any other: bytes that would favour some are thrown away.
func randomText(length int) string {
	text := make([]byte, 0, length)
	var random [64]byte
	for {
		_, _ = rand.Read(random[:])
		for _, b := range random {
			if b < 4*62 {
				text = append(text, base62[b%62])
			}

			if len(text) == length {
				return string(text)
			}
		}
	}
}
