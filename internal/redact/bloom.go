package redact

import "encoding/binary"

// bloom has a bit for each hash of four bytes: 128 KiB.
type bloom [1 << (32 - seenShift) / 64]uint64

func (b *bloom) set(h uint32) { b[h>>seenShift>>6] |= 1 << (h >> seenShift & 63) }

// has returns 0 if nothing with the hash was added; else mostly 1 if nothing was, and 1 if something was.
func (b *bloom) has(h uint32) uint64 {
	h >>= seenShift
	return b[h>>6] >> (h & 63) & 1
}

// hash and otherHash are of four bytes. What one of them mistakes for another gram the other seldom does.
func hash(gram uint32) uint32 { return gram * 0x9E3779B1 }

func otherHash(gram uint32) uint32 { return (gram ^ gram>>15) * 0x85EBCA77 }

// gramOf returns the first four bytes of what the pieces make together.
func gramOf(first []byte, between string, rest []byte) uint32 {
	var text [3 * gramBytes]byte
	n := copy(text[:gramBytes], first)
	n += copy(text[n:n+gramBytes], between)
	copy(text[n:n+gramBytes], rest)
	return binary.LittleEndian.Uint32(text[:])
}
