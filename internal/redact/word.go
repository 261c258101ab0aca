package redact

// contextBytes is how far back a word's beginning is looked for.
const contextBytes = 24

func isAlnum(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// isBase64 reports that a character is of either alphabet.
func isBase64(c byte) bool { return isAlnum(c) || c == '+' || c == '/' || c == '-' || c == '_' }

// splitsWord reports that a word which goes on with next does not begin after these bytes: they end with a letter or
// digit that is no part of an escape. Every byte beyond ASCII counts as the end of a word: in doubt the text is
// replaced.
func splitsWord(before []byte, next byte) bool {
	if len(before) == 0 || !isAlnum(next) || !isAlnum(before[len(before)-1]) {
		return false
	}

	if len(before) > contextBytes {
		before = before[len(before)-contextBytes:]
	}

	return !endsEscape(before)
}

// endsEscape reports that text ends with \n and the like, \u000a, \x0a, %0a, or a control sequence of a terminal.
func endsEscape(text []byte) bool {
	n := len(text)
	digits := 0
	for digits < 4 && digits < n && isHex(text[n-1-digits]) {
		digits++
	}

	at := func(i int) byte {
		if i < 0 {
			return 0
		}

		return text[i]
	}
	switch {
	case at(n-2) == '\\':
		return true
	case digits >= 2 && (at(n-3) == '%' || at(n-3) == 'x' && at(n-4) == '\\'):
		return true
	case digits == 4 && at(n-5) == 'u' && at(n-6) == '\\':
		return true
	}

	return endsControl(text)
}

// endsControl reports that text ends with ESC [ parameters letter.
func endsControl(text []byte) bool {
	i := len(text) - 2
	for i >= 0 && (isDigit(text[i]) || text[i] == ';') {
		i--
	}

	return i > 0 && text[i] == '[' && text[i-1] == 0x1b
}
