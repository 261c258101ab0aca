package redact

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

const (
	// headBytes is how much of a form is kept as it is. What comes after is known by fingerprints.
	headBytes = 64
	// blockBytes is how often the fingerprint of a long form's beginning is kept, and bigBlockBytes how often of one
	// beyond manyBytes.
	blockBytes, bigBlockBytes = 8, 256
	// gramBytes are looked up for each byte of text.
	gramBytes = 4
	// seenShift leaves 20 bits of a hash: 128 KiB of bits.
	seenShift = 12
)

// traits are how a match of a form reaches beyond the form.
type traits uint8

const (
	padding   traits = 3 // how many = may follow
	asWord    traits = 4 // matched as a whole word only
	takesLead traits = 8 // the base64 character before has bits of the value
	takesTail traits = 16
)

// also returns the traits of a form that two values share: as much is replaced as for either.
func (t traits) also(o traits) traits {
	return max(t&padding, o&padding) | t&o&asWord | (t|o)&(takesLead|takesTail)
}

const none = -1

// pattern is the head of one or more forms. Patterns are sorted, so that the forms that begin a text are the pattern
// before it and that one's parents.
type pattern struct {
	key    uint64 // of the head
	at     int
	secret int32 // whose form ends with the head, or none
	parent int32 // the longest other pattern that this one begins with, or none
	long   int32 // the longest form that goes on, or none
	size   uint8
	traits traits
}

// long is a form that is longer than its head.
type long struct {
	size   int
	blocks int // where the fingerprints of its beginnings are: of the head and a block, the head and two blocks, ...
	sum    uint64
	power  uint64
	secret int32
	next   int32 // the next shorter one with the same head, or none
	traits traits
}

func (l *long) block() int {
	if l.size > manyBytes {
		return bigBlockBytes
	}

	return blockBytes
}

// bucket are the patterns with the same first four bytes.
type bucket struct {
	gram   uint32
	lo, hi int32
}

// index is the forms that stand in text as they are, or those in a coding.
type index struct {
	base     base
	heads    []byte
	patterns []pattern
	longs    []long
	blocks   []uint64

	buckets []bucket // open addressing
	shift   uint
	tiny    [256]bool // first bytes of patterns of fewer than four bytes
	hasTiny bool
}

func (x *index) head(p *pattern) []byte { return x.heads[p.at : p.at+int(p.size)] }

// keyOf returns a number for the first eight bytes of a text: texts are in the order of their keys, as far as those
// differ.
func keyOf(text []byte) uint64 {
	if len(text) >= 8 {
		return binary.BigEndian.Uint64(text)
	}

	var b [8]byte
	copy(b[:], text)
	return binary.BigEndian.Uint64(b[:])
}

// after returns the first pattern that is greater than text, and the end of those that may begin like it: 0 if none
// does.
func (x *index) after(text []byte) (first, end int) {
	lo, hi := 0, len(x.patterns)
	if len(text) >= gramBytes {
		b := x.bucket(binary.LittleEndian.Uint32(text))
		if b == nil && !x.tiny[text[0]] {
			return 0, 0
		}

		if b != nil {
			lo, hi = int(b.lo), int(b.hi)
		}
	}

	end = hi
	for key, head := keyOf(text), text[:min(len(text), headBytes)]; lo < hi; {
		mid := (lo + hi) / 2
		if p := &x.patterns[mid]; p.key < key || p.key == key && bytes.Compare(x.head(p), head) <= 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}

	return lo, end
}

// differs returns how many bytes of a text, of which no pattern is a beginning, say so: those that it shares with its
// neighbours, and one more.
func (x *index) differs(text []byte, k int) int {
	n := 0
	for _, p := range x.patterns[max(k-1, 0):min(k+1, len(x.patterns))] {
		n = max(n, common(text, x.head(&p)))
	}

	return n + 1
}

// common returns how many bytes two texts begin with together.
func common(a, b []byte) int {
	n := min(len(a), len(b))
	i := 0
	for ; i+8 <= n; i += 8 {
		if x := binary.LittleEndian.Uint64(a[i:]) ^ binary.LittleEndian.Uint64(b[i:]); x != 0 {
			return i + bits.TrailingZeros64(x)/8
		}
	}

	for i < n && a[i] == b[i] {
		i++
	}

	return i
}

// bucket returns the patterns that begin with a gram, or nil.
func (x *index) bucket(gram uint32) *bucket {
	for i := int(hash(gram) >> x.shift); ; i = (i + 1) & (len(x.buckets) - 1) {
		switch b := &x.buckets[i]; {
		case b.hi == 0:
			return nil
		case b.gram == gram:
			return b
		}
	}
}
