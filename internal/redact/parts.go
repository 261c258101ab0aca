package redact

import (
	"bytes"
	"encoding/json"
	"unicode/utf8"
)

const (
	// leastRunes is below what a line or a string of a JSON secret is not replaced on its own.
	leastRunes = 4
	// leastBytes is below what only the raw form of a value is replaced.
	leastBytes = 4
	// wordRunes is below what a raw value is replaced as a whole word only.
	wordRunes = 8
	// leastDigits is below what a number of a JSON secret is not replaced: it would be a port, a year or a count.
	leastDigits = 8
)

// fullParts is how many parts of a secret are found in every encoding. Of others there may be tens of thousands.
const fullParts = 256

// part is what is to be found.
type part struct {
	plain []byte
	line  bool // of something longer
	bare  bool // it is found as it is, and escaped in the most common ways, only
}

// isWhole reports that the part is no line, or too short for its escapes to be found as hexadecimal.
func (p part) isWhole() bool { return !p.bare && (!p.line || 2*len(p.plain) < leastHex) }

// parts returns the value and what of it is to be found on its own, each once, and how many of its strings and
// numbers are not.
func parts(s Secret) (all []part, unmasked int) {
	p := partition{had: map[string]bool{}, left: map[string]bool{}}
	p.value(s.Value, 1)
	if s.JSON {
		p.inside = true
		p.fields(s.Value)
	}

	return p.parts, len(p.left)
}

type partition struct {
	parts  []part
	had    map[string]bool
	inside bool            // of a JSON secret
	left   map[string]bool // what is inside and not found on its own
}

func (p *partition) add(plain []byte, least int, line bool) {
	switch {
	case p.had[string(plain)]:
	case p.inside && (utf8.RuneCount(plain) < least || isCommon(plain)):
		p.left[string(plain)] = true
	case utf8.RuneCount(plain) >= least:
		p.had[string(plain)] = true
		p.parts = append(p.parts, part{plain: plain, line: line, bare: len(p.parts) >= fullParts})
	}
}

// value adds a value, what stays without the space around it, and its lines if it is text.
func (p *partition) value(plain []byte, least int) {
	trimmed := bytes.TrimSpace(plain)
	if len(trimmed) == 0 {
		return
	}

	p.add(plain, least, false)
	p.add(trimmed, least, false)
	if !bytes.ContainsAny(plain, "\r\n") || !utf8.Valid(plain) {
		return
	}

	for _, line := range bytes.FieldsFunc(plain, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if line = bytes.TrimSpace(line); !isBoundary(line) {
			p.add(line, leastRunes, true)
		}
	}
}

// isBoundary reports that a line begins or ends something in PEM: it is the same in everybody's.
func isBoundary(line []byte) bool {
	return bytes.HasSuffix(line, []byte("-----")) &&
		(bytes.HasPrefix(line, []byte("-----BEGIN ")) || bytes.HasPrefix(line, []byte("-----END ")))
}

// fields adds the strings and numbers of a JSON document, as far as it is one. Keys are no secrets.
func (p *partition) fields(document []byte) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	for inside := (nesting{}); ; {
		token, err := decoder.Token()
		if err != nil {
			return // io.EOF, or the document is none
		}

		if inside.isKey(token) {
			continue
		}

		switch v := token.(type) {
		case string:
			p.value([]byte(v), leastRunes)
		case json.Number:
			p.add([]byte(v), leastDigits, false)
		}
	}
}

// nesting are the objects and arrays around a place in a JSON document.
type nesting []struct{ object, key bool }

// isKey takes up the next token and reports whether it is the key of a member.
func (n *nesting) isKey(token json.Token) bool {
	switch token {
	case json.Delim('{'), json.Delim('['):
		n.turn()
		*n = append(*n, struct{ object, key bool }{object: token == json.Delim('{')})
		return false
	case json.Delim('}'), json.Delim(']'):
		*n = (*n)[:len(*n)-1]
		return false
	}

	return n.turn()
}

// turn goes from a member's key to its value, or back, and reports whether the token is a key.
func (n *nesting) turn() bool {
	if len(*n) == 0 || !(*n)[len(*n)-1].object {
		return false
	}

	top := &(*n)[len(*n)-1]
	top.key = !top.key
	return top.key
}
