package redact

import "strings"

// What a byte is in a coding that is not one of its characters.
const (
	isBlank   = 0 // it separates characters
	isBreak   = 1 // it separates lines
	isSpecial = 2 // what follows decides
	isNothing = 3 // it may stand anywhere
	isOther   = 0xff
)

const (
	// maxGap is how many bytes may stand between two characters of an encoded text.
	maxGap = 64
	// maxTrail is how many blanks may stand before a line break for a form to begin before them.
	maxTrail = 8
	// fullLine is how long a run of characters before a break is at least if a form that begins at its very end is to
	// be found. Of shorter lines nothing is held back until the next one comes.
	fullLine = 16
	// maxBackslashes is how many may stand before the letter of an escape: JSON within JSON within JSON has four.
	maxBackslashes = 4
)

// coding is base64 or hexadecimal: the characters that it is made of, and what may stand between them.
type coding struct {
	// table has what a byte becomes, or what it is.
	table [256]byte
	hex   bool
}

var codings = [...]*coding{
	newCoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_", " \t", false),
	newCoding(lowerHex, " \t:-,%", true),
}

const (
	inBase64 = iota
	inHex
)

func newCoding(letters, blanks string, inHexadecimal bool) *coding {
	k := &coding{hex: inHexadecimal}
	for i := range k.table {
		k.table[i] = isOther
	}

	for _, c := range []byte(letters) {
		k.table[c] = c
	}

	for _, c := range []byte(blanks) {
		k.table[c] = isBlank
	}

	k.table['\n'], k.table['\r'], k.table['\\'] = isBreak, isBreak, isSpecial
	if k.hex {
		for c := byte('A'); c <= 'F'; c++ {
			k.table[c] = c | 0x20
		}

		k.table['0'] = isSpecial
	}

	return k
}

// read returns the character at i, or what stands there instead, and how long that is: 0 if only text to come can say.
func (k *coding) read(buf []byte, i int, final bool) (c byte, n int) {
	switch c = k.table[buf[i]]; {
	case c != isSpecial:
		return c, 1
	case buf[i] == '\\':
		return k.escape(buf, i, final)
	case i > 0 && isHex(buf[i-1]):
		return '0', 1
	case i+1 < len(buf) && buf[i+1]|0x20 == 'x':
		return isBlank, 2
	case i+1 == len(buf) && !final:
		return 0, 0
	}

	return '0', 1
}

// escape reads backslashes and what they escape.
func (k *coding) escape(buf []byte, i int, final bool) (c byte, n int) {
	j := i + 1
	for j < len(buf) && j < i+maxBackslashes && buf[j] == '\\' {
		j++
	}

	if j == len(buf) {
		return isOther, oneIf(final)
	}

	switch c := buf[j]; {
	case c == 'n' || c == 'r':
		return isBreak, j + 1 - i
	case c == 't' || c == 'x' && k.hex:
		return isBlank, j + 1 - i
	case c == '\n' || c == '\r' || c == '/' && !k.hex:
		return isNothing, j - i
	case c == 'u' && k.hex && j+1 == len(buf), c == 'u' && k.hex && j+2 == len(buf) && buf[j+1] == '0':
		return isOther, oneIf(final)
	case c == 'u' && k.hex && j+2 < len(buf) && buf[j+1] == '0' && buf[j+2] == '0':
		return isBlank, j + 3 - i
	}

	return isOther, 1
}

func oneIf(final bool) int {
	if final {
		return 1
	}

	return 0
}

// endsLine reports that a text ends with enough characters for a full line.
func (k *coding) endsLine(text []byte) bool {
	if len(text) < fullLine {
		return false
	}

	for i := len(text) - 1; i >= len(text)-fullLine; i-- {
		c := k.table[text[i]]
		inForm := c > isNothing && c != isOther
		if k.hex && !inForm {
			inForm = c == isBlank || strings.IndexByte(`0x\u`, text[i]) >= 0
		}

		if !inForm {
			return false
		}
	}

	return true
}

// opening are the first characters of what may be a form.
type opening struct {
	chars [gramBytes]byte
	n     int
}

// open reads the first four characters from i, fewer where the text has not come. It reports whether a form may begin
// with them.
func (k *coding) open(buf []byte, i int, final bool) (o opening, ok bool) {
	var g gap
	for at := i; at < len(buf) && o.n < gramBytes; {
		c, n := k.read(buf, at, final)
		switch {
		case n == 0 && o.n == 0 && buf[at] == '0': // a form begins behind 0x, not with it
			o.chars[0], o.n, n = '0', 1, 1
		case n == 0:
			return o, o.n > 0 && k.mayCut(buf, g, o.n)
		case c == isOther || c <= isNothing && o.n == 0:
			return o, false
		case c <= isNothing:
			g.add(buf, c, at, n)
		case !k.mayCut(buf, g, o.n):
			return o, false
		default:
			o.chars[o.n], g = c, gap{}
			o.n++
		}

		at += n
	}

	return o, k.mayCut(buf, g, o.n)
}

// gap is what stands between two characters.
type gap struct {
	size   int
	from   int // where the first blank or break is, if there is one
	parts  bool
	signed bool // it begins with a sign, not with space
	breaks bool // a line breaks before there is a sign
}

func (g *gap) add(buf []byte, c byte, at, n int) {
	if c != isNothing && !g.parts {
		g.parts, g.from, g.signed = true, at, c == isBlank && buf[at] != ' ' && buf[at] != '\t'
	}

	g.size += n
	g.breaks = g.breaks || c == isBreak && !g.signed
}

// mayCut reports whether a form may have a gap behind its first n characters: behind those that end a full line, and
// within a line behind the first pair of hexadecimal digits.
func (k *coding) mayCut(buf []byte, g gap, n int) bool {
	return !g.parts || g.size <= maxGap && (k.hex && n == 2 && !g.breaks || k.endsLine(buf[:g.from]))
}

// grams calls back with all that text with the form may begin with, unless a line breaks there.
func (k *coding) grams(form []byte, add func(gram uint32)) {
	if !k.hex {
		add(gramOf(form, "", nil))
		for i := 1; i <= 3; i++ {
			add(gramOf(form[:i], " ", form[i:]))
			if form[i] == '/' {
				add(gramOf(form[:i], `\`, form[i:]))
			}
		}

		return
	}

	for _, digits := range cases(form[:gramBytes]) {
		add(gramOf(digits, "", nil))
		for _, between := range []string{" ", ":", "-", ",", "%", "  ", ", ", ",0", " 0", `\x`, `\u`} {
			add(gramOf(digits[:2], between, digits[2:]))
		}
	}
}

// cases returns hexadecimal digits with each letter in lower and in upper case.
func cases(digits []byte) [][]byte {
	all := [][]byte{digits}
	for i, c := range digits {
		if c < 'a' {
			continue
		}

		for _, had := range all {
			upper := append([]byte{}, had...)
			upper[i] -= 'a' - 'A'
			all = append(all, upper)
		}
	}

	return all
}
