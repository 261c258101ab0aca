package redact

import "bytes"

// breaks finds where a line breaks, or the text that has come ends, behind so full a line that a form may begin in
// its last characters.
type breaks struct {
	at        int // the break: a line feed, a backslash, or the end of what has come
	low       int // the first place before it where such a form may begin; at if there is none
	feed      int // the next line feed
	backslash int
	hit       int // the next place where a form may begin that no line break cuts at once
}

// begin says that what is before i is decided, and that there is other text.
func (b *breaks) begin(i int) { *b = breaks{at: i - 1, low: i - 1, feed: -1, backslash: -1, hit: -1} }

// next returns the first position, from i, where a form may begin.
func (s *scanner) next(i int) int {
	if s.breaks.hit < i {
		s.breaks.hit = s.set.skip(s.buf, i)
	}

	for b := &s.breaks; b.at < min(len(s.buf), b.hit) && (b.at <= i || b.low == b.at); {
		s.toBreak(max(b.at+1, i))
	}

	if b := &s.breaks; i < b.at && b.low < b.at {
		return min(b.hit, max(i, b.low))
	}

	return s.breaks.hit
}

// toBreak goes to the first break from i on.
func (s *scanner) toBreak(i int) {
	b := &s.breaks
	b.feed, b.backslash = indexFrom(s.buf, b.feed, i, '\n'), indexFrom(s.buf, b.backslash, i, '\\')
	b.at = min(b.feed, b.backslash)
	b.low = b.at
	if b.at == len(s.buf) && s.final {
		return
	}

	for k := range s.shadows {
		if len(s.set.coded[k].patterns) > 0 {
			b.low = min(b.low, s.beginsBefore(codings[k], i, b.at))
		}
	}
}

// indexFrom returns the first c from i on, or the length of the text; known is the one that was found last.
func indexFrom(text []byte, known, i int, c byte) int {
	if known >= i {
		return known
	}

	if n := bytes.IndexByte(text[i:], c); n >= 0 {
		return i + n
	}

	return len(text)
}

// beginsBefore returns the first place, from least, where a form may begin that a break at i cuts behind one to three
// characters; i if there is none.
func (s *scanner) beginsBefore(k *coding, least, i int) int {
	end := i
	for end > least && i-end < maxTrail && k.table[s.buf[end-1]] <= isBreak {
		end--
	}

	if end == least || k.table[s.buf[end-1]] == isOther {
		return i
	}

	low := max(end-gramBytes+1, least)
	if behind := s.behind(k, i); behind+gramBytes <= len(s.buf) {
		for low < end && !s.set.begins(gramOf(s.buf[low:end], "", s.buf[behind:])) {
			low++
		}
	}

	if low == end || !k.endsLine(s.buf[:end]) {
		return i
	}

	return low
}

// behind returns where the first character from i on is; the length of the text if none has come.
func (s *scanner) behind(k *coding, i int) int {
	for at := i; at < len(s.buf) && at-i <= maxGap; {
		c, n := k.read(s.buf, at, s.final)
		if n == 0 {
			break
		}

		if c > isNothing {
			return at
		}

		at += n
	}

	return len(s.buf)
}

// lead returns where the base64 character before i is that may have bits of a value at i; i if there is none. A break
// may be between.
func (s *scanner) lead(i int) int {
	end := i
	for end > s.sent && i-end < maxGap {
		n := endsBlank(s.buf[s.sent:end])
		if n == 0 {
			break
		}

		end -= n
	}

	switch {
	case end == s.sent:
	case end == i && isBase64(s.buf[i-1]), end < i && codings[inBase64].endsLine(s.buf[:end]):
		return end - 1
	}

	return i
}

// endsBlank returns how long the blank, the break or the beginning of one is with which a text ends.
func endsBlank(text []byte) int {
	n := len(text) - 1
	switch c := text[n]; {
	case codings[inBase64].table[c] <= isSpecial:
		return 1
	case n > 0 && text[n-1] == '\\' && (c == 'n' || c == 'r' || c == 't'):
		return 2
	}

	return 0
}

// tail returns where the base64 character ends that follows a match; where the match ends if none follows.
func (s *scanner) tail(end int) (after int, decided bool) {
	for at := end; at-end <= maxGap; {
		if at == len(s.buf) {
			return end, s.final
		}

		c, n := codings[inBase64].read(s.buf, at, s.final)
		switch {
		case n == 0:
			return end, false
		case c == isOther:
			return end, true
		case c > isNothing:
			return at + 1, true
		}

		at += n
	}

	return end, true
}
