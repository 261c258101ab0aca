package redact

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	lowerHex = "0123456789abcdef"
	upperHex = "0123456789ABCDEF"
)

// urlStyle is a way of percent-escaping.
type urlStyle struct {
	hex  string
	keep string // what stays, beside letters and digits
	plus bool   // a space becomes +
	all  bool   // nothing stays
}

// urlStyles are those of common libraries, the most common first. Each comes with upper and with lower hexadecimal
// digits.
var urlStyles = inBothCases(
	urlStyle{keep: "-_.~"},                 // RFC 3986, PHP's rawurlencode
	urlStyle{keep: "-_.~", plus: true},     // Go's QueryEscape, Python's quote_plus
	urlStyle{keep: "-_.~!'()*"},            // encodeURIComponent
	urlStyle{keep: "-_.~/"},                // Python's quote
	urlStyle{keep: "-_.*", plus: true},     // URLSearchParams, Java's URLEncoder
	urlStyle{keep: "-_.", plus: true},      // PHP's urlencode
	urlStyle{keep: "-_.~!'()*;,/?:@&=+$#"}, // encodeURI
	urlStyle{keep: "-_.~$&+=:@"},           // Go's PathEscape
	urlStyle{keep: "-_.~$&+=:@/,;"},        // the path of Go's URL.String
	urlStyle{keep: "-_.~$&+,;="},           // the password of Go's URL.String
)

func inBothCases(all ...urlStyle) (styles []style) {
	for _, u := range all {
		for _, u.hex = range []string{upperHex, lowerHex} {
			styles = append(styles, u)
		}
	}

	return styles
}

func (u urlStyle) escape(plain []byte) []byte {
	text := make([]byte, 0, 3*len(plain))
	for _, c := range plain {
		switch {
		case !u.all && (isAlnum(c) || c < utf8.RuneSelf && strings.IndexByte(u.keep, c) >= 0):
			text = append(text, c)
		case u.plus && c == ' ':
			text = append(text, '+')
		default:
			text = append(text, '%', u.hex[c>>4], u.hex[c&15])
		}
	}

	return text
}

// jsonStyle is a way of escaping inside a JSON string.
type jsonStyle struct {
	unicode  string // ASCII characters that become \u00xx
	slash    bool   // / becomes \/
	ascii    bool   // nothing beyond ASCII stays
	upper    bool   // hexadecimal digits are upper case
	lines    bool   // U+2028 and U+2029 do not stay
	replaces bool   // what is no UTF-8 becomes \ufffd, not U+FFFD itself
}

var jsonStyles = []style{
	jsonStyle{}, // JSON.stringify
	jsonStyle{unicode: "<>&", lines: true, replaces: true}, // Go's json.Marshal
	jsonStyle{ascii: true, replaces: true},                 // Python's json.dumps
	jsonStyle{lines: true, replaces: true},                 // Go's Encoder without SetEscapeHTML
	jsonStyle{slash: true},
	jsonStyle{slash: true, ascii: true, replaces: true},                          // PHP's json_encode
	jsonStyle{unicode: "<>&'+`\"\x7f", ascii: true, upper: true, replaces: true}, // .NET's JsonSerializer
	jsonStyle{unicode: "<>&'=", lines: true},                                     // Gson
}

func (j jsonStyle) escape(plain []byte) []byte {
	text := make([]byte, 0, len(plain)+len(plain)/8)
	for len(plain) > 0 {
		r, n := utf8.DecodeRune(plain)
		switch {
		case r < utf8.RuneSelf:
			text = j.appendASCII(text, plain[0])
		case r == utf8.RuneError && n == 1 && j.replaces:
			text = j.appendUnit(text, utf8.RuneError)
		case j.ascii && r > 0xffff:
			high, low := utf16.EncodeRune(r)
			text = j.appendUnit(j.appendUnit(text, high), low)
		case j.ascii, j.lines && (r == '\u2028' || r == '\u2029'):
			text = j.appendUnit(text, r)
		default:
			text = utf8.AppendRune(text, r)
		}

		plain = plain[n:]
	}

	return text
}

func (j jsonStyle) appendASCII(text []byte, c byte) []byte {
	switch {
	case strings.IndexByte(j.unicode, c) >= 0:
		return j.appendUnit(text, rune(c))
	case c == '"' || c == '\\' || c == '/' && j.slash:
		return append(text, '\\', c)
	case c >= ' ':
		return append(text, c)
	}

	if i := strings.IndexByte("\b\f\n\r\t", c); i >= 0 {
		return append(text, '\\', "bfnrt"[i])
	}

	return j.appendUnit(text, rune(c))
}

// appendUnit adds \uxxxx.
func (j jsonStyle) appendUnit(text []byte, unit rune) []byte {
	digits := lowerHex
	if j.upper {
		digits = upperHex
	}

	return append(text, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}
