package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"unicode/utf8"
)

// form is a part in one encoding.
type form struct {
	text   []byte
	traits traits
	// coding is what the text is in if separators may stand within it; nil if it is found only as it is.
	coding *coding
}

// forms returns a part in every encoding, each once.
func forms(p part) []form {
	if len(p.plain) == 0 {
		return nil
	}

	f := formSet{part: p}
	f.add(p.plain, wordIf(utf8.RuneCount(p.plain) < wordRunes))
	if len(p.plain) < leastBytes {
		return f.forms
	}

	f.escaped()
	if p.bare {
		return f.forms
	}

	f.hexadecimal()
	f.base64(base64.RawStdEncoding)
	f.base64(base64.RawURLEncoding)
	return f.forms
}

func wordIf(short bool) traits {
	if short {
		return asWord
	}

	return 0
}

// formSet collects the different forms of a part.
type formSet struct {
	part  part
	forms []form
}

func (f *formSet) add(text []byte, t traits) { f.addIn(nil, text, t) }

func (f *formSet) addIn(c *coding, text []byte, t traits) {
	for i := range f.forms {
		if f.forms[i].coding == c && bytes.Equal(f.forms[i].text, text) {
			f.forms[i].traits = f.forms[i].traits.also(t)
			return
		}
	}

	f.forms = append(f.forms, form{text, t, c})
}

func (f *formSet) addText(text []byte) { f.add(text, wordIf(len(text) < wordRunes)) }

// manyBytes is from where a part is escaped only in the most common ways: the first of each list.
const manyBytes, fewStyles = 4 << 10, 3

// style is a way of escaping.
type style interface {
	escape(plain []byte) []byte
}

// escaped adds what URLs, JSON, shells and languages make of the part. Ways that make the same of its alphabet are
// one.
func (f *formSet) escaped() {
	if f.part.isWhole() {
		for _, hexDigits := range []string{lowerHex, upperHex} {
			f.addText(urlStyle{hex: hexDigits, all: true}.escape(f.part.plain))
		}
	}

	letters := alphabet(f.part.plain)
	if len(letters) == 0 {
		return
	}

	had := map[string]bool{}
	for _, styles := range [][]style{urlStyles, jsonStyles, shellStyles, sourceStyles} {
		for _, way := range styles[:f.few(len(styles))] {
			made := string(way.escape(letters))
			if had[made] {
				continue
			}

			had[made] = true
			once := way.escape(f.part.plain)
			f.addText(once)
			if _, ok := way.(jsonStyle); ok {
				f.addText(jsonStyle{}.escape(once))
			}
		}
	}
}

func (f *formSet) few(n int) int {
	if len(f.part.plain) > manyBytes || f.part.bare {
		return min(n, fewStyles)
	}

	return n
}

// alphabet returns what of a text some way of escaping may change, each character once.
func alphabet(text []byte) []byte {
	var letters []byte
	var single [256]bool
	var runes map[rune]bool
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		switch {
		case n > 1 && !runes[r]:
			if runes == nil {
				runes = map[rune]bool{}
			}

			runes[r] = true
			letters = append(letters, text[:n]...)
		case n == 1 && !single[text[0]]:
			single[text[0]] = true
			if !isAlnum(text[0]) {
				letters = append(letters, text[0])
			}
		}

		text = text[n:]
	}

	return letters
}

// leastHex is below how many hexadecimal digits a form is found only as it is: spaced, fewer are numbers in a list.
const leastHex = 12

// hexadecimal adds the part in hexadecimal.
func (f *formSet) hexadecimal() {
	lower := []byte(hex.EncodeToString(f.part.plain))
	if len(lower) >= leastHex {
		f.addIn(codings[inHex], lower, 0)
		return
	}

	f.addText(lower)
	f.addText(bytes.ToUpper(lower))
}

// base64 adds the characters that the part alone decides, at each of its three places in a group of three bytes.
//
// At the second place the character before them has 4 bits of the part, at the third 2; behind them one may have 4 or
// 2. takesLead and takesTail let these go, too.
func (f *formSet) base64(encoding *base64.Encoding) {
	for place := range 3 {
		core, t := coreOf(encoding, f.part.plain, place)
		switch {
		case len(core) >= wordRunes:
			f.addIn(codings[inBase64], core, t)
			f.inURL(core, t)
		case place == 0:
			f.add([]byte(encoding.EncodeToString(f.part.plain)), t&padding|asWord)
			line := append(bytes.Clone(f.part.plain), '\n') // as echo writes it
			f.add([]byte(encoding.EncodeToString(line)), traits((3-len(line)%3)%3)|asWord)
		}
	}
}

func coreOf(encoding *base64.Encoding, plain []byte, place int) ([]byte, traits) {
	whole := encoding.AppendEncode(nil, append(make([]byte, place, place+len(plain)), plain...))
	bits := 8 * (place + len(plain))
	core := whole[(8*place+5)/6 : bits/6]
	var t traits
	if place > 0 {
		t |= takesLead
	}

	if over := (place + len(plain)) % 3; over > 0 {
		t |= takesTail | traits(3-over)
	}

	return core, t
}

// inURL adds base64 as it is in a URL, and as .NET writes it in JSON.
func (f *formSet) inURL(core []byte, t traits) {
	if bytes.ContainsAny(core, "+/") {
		for _, hexDigits := range []string{lowerHex, upperHex} {
			f.add(urlStyle{hex: hexDigits, keep: "-_"}.escape(core), t)
		}

		f.add(bytes.ReplaceAll(core, []byte("+"), []byte(`\u002B`)), t)
	}
}
