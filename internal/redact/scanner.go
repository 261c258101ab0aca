package redact

import "bytes"

// scanner redacts a text that may still grow.
//
// It decides position by position where forms begin, and passes on what no form can touch any more.
type scanner struct {
	set     *finder
	buf     []byte
	final   bool // the text has ended
	at      int  // what begins before it is decided
	sent    int  // what is before it is in out, or replaced
	breaks  breaks
	span    span
	plain   view
	shadows [len(codings)]*shadow
	missed  [16]miss
	out     []byte
	counts  []int
}

// span is a stretch of overlapping matches that is not yet replaced.
type span struct {
	open bool
	end  int
	of   []int32
}

func newScanner(f *finder) scanner {
	s := scanner{
		set:    f,
		counts: make([]int, len(f.secrets)),
		plain:  view{index: &f.plain, sums: sums{base: f.plain.base}},
	}
	for k := range s.shadows {
		x := &shadow{coding: codings[k], view: view{index: &f.coded[k], sums: sums{base: f.plain.base}}}
		x.shadow, s.shadows[k] = x, x
		x.forget()
	}

	return s
}

// run decides as much as can be decided, and fills out.
func (s *scanner) run() {
	s.plain.text = s.buf
	s.breaks.begin(s.at)
	for s.at = s.next(s.at); s.at < len(s.buf); s.at = s.next(s.at + 1) {
		m, decided := s.matchAt(s.at)
		if !decided {
			break
		}

		if m.end > 0 {
			s.cover(m)
		}
	}

	s.release()
}

// matchAt returns the longest match that begins at i, plain or coded. It is undecided while one can go on with text
// that has not come.
func (s *scanner) matchAt(i int) (m match, decided bool) {
	plainly, inCode := s.set.mayBegin(s.buf[i:])
	if plainly && !s.isMissed(i) {
		if m, decided = s.longest(&s.plain, i); !decided {
			return m, false
		}
	}

	if !inCode && i < s.breaks.low {
		return m, true
	}

	for k := range s.shadows {
		coded, decided := s.codedAt(s.shadows[k], i)
		if !decided {
			return match{}, false
		}

		if coded.end > m.end {
			m = coded
		}
	}

	return m, true
}

// codedAt is longest for the characters of a coding.
func (s *scanner) codedAt(v *shadow, i int) (m match, decided bool) {
	if len(v.patterns) == 0 || v.coding.table[s.buf[i]] == isOther {
		return match{}, true
	}

	o, ok := v.coding.open(s.buf, i, s.final)
	if !ok || !v.mayBegin(o) {
		return match{}, true
	}

	if o.n < gramBytes {
		return match{}, s.final
	}

	return s.longest(&v.view, v.seek(i))
}

func (s *scanner) isMissed(i int) bool {
	known := s.missAt(s.buf[i:])
	return known.n > 0 && known.n <= len(s.buf)-i && bytes.Equal(s.buf[i:i+known.n], s.buf[known.at:known.at+known.n])
}

// match is a form in the text, with what goes with it behind. The zero value is none.
type match struct {
	end    int
	secret int32
	traits traits
}

// longest returns the longest match that begins at i of a view. It is undecided while a form can go on with text that
// has not come.
func (s *scanner) longest(v *view, i int) (m match, decided bool) {
	v.need(s, i, headBytes)
	text := v.text[i:]
	k, end := v.after(text)
	if end == 0 {
		return match{}, true
	}

	if !s.final && k < end && bytes.HasPrefix(v.head(&v.patterns[k]), text) {
		return match{}, false
	}

	begun := false
	for q := k - 1; q >= 0; q = int(v.patterns[q].parent) {
		p := &v.patterns[q]
		if !bytes.HasPrefix(text, v.head(p)) {
			continue
		}

		if m, decided = s.headed(v, i, p); m.end > 0 || !decided {
			return m, decided
		}

		begun = true
	}

	if !begun && v.shadow == nil {
		s.miss(i, k)
	}

	return match{}, true
}

// miss is a place where no head begins, as its first n bytes say. It saves a search for each byte of a run of the same
// few letters.
type miss struct{ at, n int }

func (s *scanner) missAt(text []byte) *miss {
	return &s.missed[int(text[min(3, len(text)-1)])%len(s.missed)]
}

func (s *scanner) miss(i, k int) {
	text := s.buf[i:]
	if n := s.plain.differs(text, k); n <= len(text) {
		*s.missAt(text) = miss{i, n}
	}
}

// headed returns the longest match at i that has the head.
func (s *scanner) headed(v *view, i int, p *pattern) (m match, decided bool) {
	for q := p.long; q != none; q = v.longs[q].next {
		l := &v.longs[q]
		v.need(s, i, l.size)
		switch rest := len(v.text) - i; {
		case rest < l.size:
			if !s.final && v.begins(i, l) {
				return match{}, false
			}
		case v.sums.of(v.text, i, l.size, l.power) == l.sum:
			if m, decided = s.ended(v, i, l.size, l.secret, l.traits); m.end > 0 || !decided {
				return m, decided
			}
		}
	}

	if p.secret == none {
		return match{}, true
	}

	return s.ended(v, i, int(p.size), p.secret, p.traits)
}

// ended returns the match of n bytes at i of a view with what follows that belongs to it; none if the word does not
// end there.
func (s *scanner) ended(v *view, i, n int, secret int32, t traits) (m match, decided bool) {
	end := v.end(i, n)
	if t&asWord != 0 {
		switch {
		case splitsWord(s.buf[:i], s.buf[i]):
			return match{}, true
		case end == len(s.buf) && !s.final:
			return match{}, false
		case end < len(s.buf) && isAlnum(s.buf[end-1]) && isAlnum(s.buf[end]):
			return match{}, true
		}
	}

	if t&takesTail != 0 {
		if end, decided = s.tail(end); !decided {
			return match{}, false
		}
	}

	for pads := int(t & padding); pads > 0; pads-- {
		if end == len(s.buf) && !s.final {
			return match{}, false
		}

		if end == len(s.buf) || s.buf[end] != '=' {
			break
		}

		end++
	}

	return match{end: end, secret: secret, traits: t}, true
}

// cover adds a match at the current position to the span that it overlaps, or begins one.
func (s *scanner) cover(m match) {
	s.close()
	if s.span.open {
		if m.end > s.span.end {
			s.span.end = m.end
			s.mark(m.secret)
		}

		return
	}

	start := s.at
	if m.traits&takesLead != 0 {
		start = s.lead(start)
	}

	s.pass(start)
	s.span.open, s.span.end = true, m.end
	s.mark(m.secret)
}

// mark adds a secret to the span, if it is not the one before.
func (s *scanner) mark(secret int32) {
	if n := len(s.span.of); n == 0 || s.span.of[n-1] != secret {
		s.span.of = append(s.span.of, secret)
	}
}

// close replaces the span, once no match can overlap it.
func (s *scanner) close() {
	if !s.span.open || s.at < s.span.end {
		return
	}

	for _, i := range s.span.of {
		s.out = append(s.out, s.set.secrets[i].mark()...)
		s.counts[i]++
	}

	s.sent = s.span.end
	s.span.open, s.span.of = false, s.span.of[:0]
}

// release passes on all that is decided. A base64 character stays while a form that takes it along may follow.
func (s *scanner) release() {
	s.close()
	if s.span.open {
		return
	}

	end := s.at
	if !s.final && s.set.hasLeads {
		end = s.lead(end)
	}

	s.pass(end)
}

func (s *scanner) pass(end int) {
	s.out = append(s.out, s.buf[s.sent:end]...)
	s.sent = end
}

// tally returns the counts of what was replaced.
func (s *scanner) tally() []Count {
	var counts []Count
	for i, n := range s.counts {
		if x := &s.set.secrets[i]; n > 0 {
			counts = append(counts, Count{ID: x.ID, Name: x.Name, Version: x.Version, Count: n})
		}
	}

	return counts
}
