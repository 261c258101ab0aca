package redact

import "bytes"

// view is a text in which the forms of an index stand as they are: the text itself, or the characters of a coding in
// it.
type view struct {
	*index
	text   []byte
	sums   sums
	shadow *shadow // nil if it is the text itself
}

// need makes n bytes from i on there, as far as they have come.
func (v *view) need(s *scanner, i, n int) {
	if v.shadow != nil && len(v.text)-i < n {
		v.shadow.fill(s.buf, i+n, s.final)
	}
}

// end returns where n bytes from i on end in the text itself.
func (v *view) end(i, n int) int {
	if v.shadow == nil {
		return i + n
	}

	return int(v.shadow.at[i+n-1]) + 1
}

// shadow is the characters of a coding in a stretch of text. It is made only where a form seems to begin: each byte
// of text is read once.
type shadow struct {
	view
	coding *coding
	from   int     // where the stretch begins
	to     int     // what is before it was read
	at     []int32 // where each is
	cursor int     // the first that is not before the last place that was looked for
	gap    int
}

func (v *shadow) forget() {
	v.from, v.to = -1, -1
}

// seek returns where the character at i of the text is. Calls never go back.
func (v *shadow) seek(i int) int {
	if i >= v.from && i <= v.to {
		for v.cursor < len(v.at) && int(v.at[v.cursor]) < i {
			v.cursor++
		}

		if v.cursor == len(v.at) && i == v.to || v.cursor < len(v.at) && int(v.at[v.cursor]) == i {
			return v.cursor
		}
	}

	v.from, v.to, v.cursor, v.gap = i, i, 0, 0
	v.text, v.at = v.text[:0], v.at[:0]
	v.sums.forget()
	return 0
}

// fill reads until there are n characters, as far as the text has come.
func (v *shadow) fill(buf []byte, n int, final bool) {
	table, text, at, to := &v.coding.table, v.text, v.at, v.to
	for len(text) < n && to < len(buf) {
		c, size := table[buf[to]], 1
		if c > isNothing {
			text, at, v.gap = append(text, c), append(at,
				int32(to)), 0 //nolint:gosec // a Writer keeps far less than 2 GiB
			to++
			continue
		}

		if c == isSpecial {
			if c, size = v.coding.read(buf, to, final); size == 0 {
				break
			}
		}

		if c <= isNothing {
			if v.gap += size; v.gap > maxGap {
				c = isOther
			}
		}

		if c > isNothing {
			text, at, v.gap = append(text, c), append(at, int32(to)), 0 //nolint:gosec // as above
		}

		to += size
	}

	v.text, v.at, v.to = text, at, to
}

// begins reports that the text that there is at i, but for an incomplete block, begins a form whose head it has.
func (v *view) begins(i int, l *long) bool {
	blocks := (len(v.text) - i - headBytes) / l.block()
	if blocks == 0 {
		return true
	}

	n := headBytes + blocks*l.block()
	return v.sums.of(v.text, i, n, v.sums.base.power(n)) == v.blocks[l.blocks+blocks-1]
}

// mayBegin reports whether a form begins with what was read of one, in whole or as far as the text has come.
func (x *index) mayBegin(o opening) bool {
	chars := o.chars[:o.n]
	k, end := x.after(chars)
	if o.n == gramBytes {
		return end > 0
	}

	return k < end && bytes.HasPrefix(x.head(&x.patterns[k]), chars)
}
