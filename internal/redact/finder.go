package redact

import "encoding/binary"

// finder is what a Set looks for.
type finder struct {
	secrets  []Secret // without their values
	unmasked []Unmasked
	plain    index
	coded    [len(codings)]index
	seen     bloom // what begins a form, by hash
	plainly  bloom // what begins a plain form, by otherHash
	inCode   bloom // what begins a coded form, by otherHash
	hasLeads bool
}

// skip returns the first position, from i, where a form may begin unless a line breaks there. Fewer than four bytes
// may be left.
func (f *finder) skip(text []byte, i int) int {
	if f.plain.hasTiny {
		for i+gramBytes <= len(text) && !f.plain.tiny[text[i]] && !f.begins(binary.LittleEndian.Uint32(text[i:])) {
			i++
		}

		return i
	}

	for ; i+8 <= len(text); i += 4 {
		b := binary.LittleEndian.Uint64(text[i:])
		if f.seen.has(hash(uint32(b)))|f.seen.has(hash(uint32(b>>8)))| //nolint:gosec // four bytes at a time
			f.seen.has(hash(uint32(b>>16)))|f.seen.has(hash(uint32(b>>24))) == 0 { //nolint:gosec // as above
			continue
		}

		for k := range 4 {
			if f.begins(uint32(b >> (8 * k))) { //nolint:gosec // as above
				return i + k
			}
		}
	}

	for i+gramBytes <= len(text) && !f.begins(binary.LittleEndian.Uint32(text[i:])) {
		i++
	}

	return i
}

// begins reports whether a form may begin with a gram.
func (f *finder) begins(gram uint32) bool {
	h := otherHash(gram)
	return f.seen.has(hash(gram)) != 0 && f.plainly.has(h)|f.inCode.has(h) != 0
}

// mayBegin reports whether a plain or a coded form may begin with a text.
func (f *finder) mayBegin(text []byte) (plainly, inCode bool) {
	if len(text) < gramBytes {
		return true, true
	}

	h := otherHash(binary.LittleEndian.Uint32(text))
	return f.plainly.has(h) != 0 || f.plain.tiny[text[0]], f.inCode.has(h) != 0
}
