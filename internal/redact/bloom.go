package redact

import "encoding/binary"

// bloom has a bit for each hash of four bytes: 128 KiB.
type bloom [1 << (32 - seenShift) / 64]uint64

// add takes up the first four bytes of what the pieces make together.
func (b *bloom) add(first []byte, between string, rest []byte) {
	var text [3 * gramBytes]byte
	n := copy(text[:gramBytes], first)
	n += copy(text[n:n+gramBytes], between)
	copy(text[n:n+gramBytes], rest)
	b.set(hash(binary.LittleEndian.Uint32(text[:])))
}

func (b *bloom) set(h uint32) { b[h>>seenShift>>6] |= 1 << (h >> seenShift & 63) }

// has returns 0 if nothing that was added begins with the gram; else mostly 1 if nothing does, and 1 if something does.
func (b *bloom) has(gram uint32) uint64 {
	h := hash(gram) >> seenShift
	return b[h>>6] >> (h & 63) & 1
}
