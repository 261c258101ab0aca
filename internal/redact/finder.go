package redact

import "encoding/binary"

// finder is what a Set looks for.
type finder struct {
	secrets  []Secret // without their values
	unmasked []Unmasked
	plain    index
	coded    [len(codings)]index
	seen     bloom // what begins a form, plain or coded
	plainly  bloom // what begins a plain form
	inCode   bloom // what begins a coded form
	hasLeads bool
}

// skip returns the first position, from i, where a form may begin unless a line breaks there. Fewer than four bytes may be left.
func (f *finder) skip(text []byte, i int) int {
	if f.plain.hasTiny {
		for i+gramBytes <= len(text) && !f.plain.tiny[text[i]] && f.seen.has(binary.LittleEndian.Uint32(text[i:])) == 0 {
			i++
		}
		return i
	}
	for ; i+8 <= len(text) && f.seen.has(binary.LittleEndian.Uint32(text[i:])) == 0; i += 4 {
		b := binary.LittleEndian.Uint64(text[i:])
		if f.seen.has(uint32(b>>8))|f.seen.has(uint32(b>>16))|f.seen.has(uint32(b>>24)) != 0 { //nolint:gosec // four bytes at a time
			break
		}
	}
	for i+gramBytes <= len(text) && f.seen.has(binary.LittleEndian.Uint32(text[i:])) == 0 {
		i++
	}
	return i
}

// mayBegin reports whether a plain or a coded form may begin with a text.
func (f *finder) mayBegin(text []byte) (plainly, inCode bool) {
	if len(text) < gramBytes {
		return true, true
	}
	gram := binary.LittleEndian.Uint32(text)
	return f.plain.tiny[text[0]] || f.plainly.has(gram) != 0, f.inCode.has(gram) != 0
}
