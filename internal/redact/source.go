package redact

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shellStyles are how shells print a value that they read back, the most common first.
var shellStyles = []style{
	codeStyle{quoted: "\"\\$`"}, // in double quotes: bash's declare and export -p
	quoteStyle(`'\''`),          // in single quotes: set -x, alias, zsh
	// in $'...': bash, for what has control characters
	codeStyle{quoted: `'\`, named: shellNames, octal: true, keeps: unicode.IsPrint},
	quoteStyle(`'"'"'`),                                     // in single quotes: dash
	codeStyle{quoted: " \"\\$`'!&()*,;<>?[]^{|}"},           // printf %q of bash
	codeStyle{quoted: " \"\\$`'!&()*,;<>?[]^{|}#~"},         // that of zsh
	codeStyle{quoted: `'\`, named: shellNames, octal: true}, // in $'...', in the locale C
}

// sourceStyles are how languages print a string as it stands in source code, the most common first.
var sourceStyles = []style{
	codeStyle{quoted: `\`, named: "\nn\rr\tt", keeps: unicode.IsPrint, units: true}, // Python's repr
	// the same, where there are both quotes
	codeStyle{quoted: `'\`, named: "\nn\rr\tt", keeps: unicode.IsPrint, units: true},
	codeStyle{quoted: `\`, named: "\nn\rr\tt", units: true}, // Python's ascii
	codeStyle{quoted: `'\`, named: "\nn\rr\tt", units: true},
	codeStyle{quoted: `\`, named: "\nn\rr\tt"}, // Python's repr of bytes
	codeStyle{quoted: `'\`, named: "\nn\rr\tt"},
	// Node's util.inspect, console.log
	codeStyle{quoted: `\`, named: "\bb\tt\nn\ff\rr", keeps: isBeyondC1, units: true, upper: true},
	codeStyle{quoted: `'\`, named: "\bb\tt\nn\ff\rr", keeps: isBeyondC1, units: true, upper: true},
	// Go's %q, log/slog
	codeStyle{quoted: `"\`, named: "\aa\bb\ff\nn\rr\tt\vv", keeps: unicode.IsPrint, units: true, wide: true},
}

const shellNames = "\aa\bb\x1bE\ff\nn\rr\tt\vv"

// quoteStyle is what becomes of a single quote between single quotes.
type quoteStyle string

func (q quoteStyle) escape(plain []byte) []byte {
	return bytes.ReplaceAll(plain, []byte("'"), []byte(q))
}

// isBeyondC1 reports that Node prints a character as it is.
func isBeyondC1(r rune) bool { return r >= 0xa0 }

// codeStyle is a way of escaping with backslashes. Without named, control characters and what is beyond ASCII stay.
type codeStyle struct {
	quoted string          // what gets a backslash
	named  string          // each control character that has a letter, and its letter
	octal  bool            // other bytes become \ooo, not \xhh
	upper  bool            // hexadecimal digits are upper case
	units  bool            // characters beyond ASCII become \xhh, \uhhhh or \Uhhhhhhhh, not bytes
	wide   bool            // none of them becomes \xhh
	keeps  func(rune) bool // which of them stay; nil for none
}

func (s codeStyle) escape(plain []byte) []byte {
	text := make([]byte, 0, len(plain)+len(plain)/8)
	for len(plain) > 0 {
		r, n := utf8.DecodeRune(plain)
		switch c := plain[0]; {
		case strings.IndexByte(s.quoted, c) >= 0:
			text = append(text, '\\', c)
		case s.named == "" || ' ' <= c && c < 0x7f || s.keeps != nil && n > 1 && s.keeps(r):
			text = append(text, plain[:n]...)
		default:
			text = s.appendEscape(text, r, plain[:n])
		}

		plain = plain[n:]
	}

	return text
}

func (s codeStyle) appendEscape(text []byte, r rune, plain []byte) []byte {
	if i := strings.IndexByte(s.named, plain[0]); i >= 0 && i%2 == 0 {
		return append(text, '\\', s.named[i+1])
	}

	digits := lowerHex
	if s.upper {
		digits = upperHex
	}

	if s.units && len(plain) > 1 {
		return s.appendRune(text, r, digits)
	}

	for _, c := range plain {
		if s.octal {
			text = append(text, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
		} else {
			text = append(text, '\\', 'x', digits[c>>4], digits[c&15])
		}
	}

	return text
}

func (s codeStyle) appendRune(text []byte, r rune, digits string) []byte {
	letter, size := byte('U'), 8
	switch {
	case r <= 0xff && !s.wide:
		letter, size = 'x', 2
	case r <= 0xffff:
		letter, size = 'u', 4
	}

	text = append(text, '\\', letter)
	for shift := 4 * (size - 1); shift >= 0; shift -= 4 {
		text = append(text, digits[r>>shift&15])
	}

	return text
}
