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
}

// forms returns a part in every encoding, each once.
func forms(p part) []form {
	if len(p.plain) == 0 {
		return nil
	}
	f := formed{part: p}
	f.add(p.plain, wordIf(utf8.RuneCount(p.plain) < wordRunes))
	if len(p.plain) < leastBytes {
		return f.forms
	}
	f.escaped()
	lower := hex.EncodeToString(p.plain)
	f.addText([]byte(lower))
	f.addText(bytes.ToUpper([]byte(lower)))
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

type formed struct {
	part  part
	forms []form
}

func (f *formed) add(text []byte, t traits) {
	for i := range f.forms {
		if bytes.Equal(f.forms[i].text, text) {
			f.forms[i].traits = f.forms[i].traits.also(t)
			return
		}
	}
	f.forms = append(f.forms, form{text, t})
}

func (f *formed) addText(text []byte) { f.add(text, wordIf(len(text) < wordRunes)) }

// manyBytes is from where a part is escaped only in the ways of the most common libraries: the first of each list.
const manyBytes, fewStyles = 4 << 10, 3

// escaped adds what URLs and JSON make of the part. Ways that make the same of its alphabet are one.
func (f *formed) escaped() {
	for _, hexDigits := range []string{lowerHex, upperHex} {
		f.addText(urlStyle{hex: hexDigits, all: true}.escape(f.part.plain))
	}
	letters := alphabet(f.part.plain)
	if len(letters) == 0 {
		return
	}
	had := map[string]bool{}
	for _, style := range urlStyles[:f.few(len(urlStyles))] {
		for _, style.hex = range []string{upperHex, lowerHex} {
			if way := string(style.escape(letters)); !had[way] {
				had[way] = true
				f.addText(style.escape(f.part.plain))
			}
		}
	}
	for _, style := range jsonStyles[:f.few(len(jsonStyles))] {
		if way := "json" + string(style.escape(letters)); !had[way] {
			had[way] = true
			once := style.escape(f.part.plain)
			f.addText(once)
			f.addText(jsonStyle{}.escape(once))
		}
	}
}

func (f *formed) few(n int) int {
	if len(f.part.plain) > manyBytes {
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

// base64 adds the characters that the part alone decides, at each of its three places in a group of three bytes.
//
// At the second place the character before them has 4 bits of the part, at the third 2; behind them one may have 4 or 2. takesLead and takesTail
// let these go, too.
func (f *formed) base64(encoding *base64.Encoding) {
	for place := range 3 {
		core, t := coreOf(encoding, f.part.plain, place)
		switch {
		case len(core) >= wordRunes:
			f.add(core, t)
			f.percent(core, t)
		case place == 0:
			f.add([]byte(encoding.EncodeToString(f.part.plain)), t&padding|asWord)
		}
		if place == 0 && !f.part.line {
			f.wrapped(core, t)
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

// percent adds base64 as it is in a URL.
func (f *formed) percent(core []byte, t traits) {
	if bytes.ContainsAny(core, "+/") {
		for _, hexDigits := range []string{lowerHex, upperHex} {
			f.add(urlStyle{hex: hexDigits, keep: "-_"}.escape(core), t)
		}
	}
}

// wrapped adds base64 as it is in mail and PEM, and as base64(1) and openssl write it.
func (f *formed) wrapped(core []byte, t traits) {
	for _, wrap := range []struct {
		columns int
		end     string
	}{{76, "\n"}, {76, "\r\n"}, {64, "\n"}, {64, "\r\n"}} {
		if len(core) <= wrap.columns {
			continue
		}
		var text []byte
		for rest := core; len(rest) > 0; {
			n := min(len(rest), wrap.columns)
			if len(text) > 0 {
				text = append(text, wrap.end...)
			}
			text, rest = append(text, rest[:n]...), rest[n:]
		}
		f.add(text, t)
	}
}
