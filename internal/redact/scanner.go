package redact

import "bytes"

// scanner redacts a text that may still grow.
//
// It decides position by position where forms begin, and passes on what no form can touch any more.
type scanner struct {
	set    *index
	buf    []byte
	final  bool // the text has ended
	at     int  // what begins before it is decided
	sent   int  // what is before it is in out, or replaced
	span   span
	sums   sums
	missed [16]miss
	out    []byte
	counts []int
}

// span is a stretch of overlapping matches that is not yet replaced.
type span struct {
	open bool
	end  int
	of   []int32
}

func newScanner(x *index) scanner {
	return scanner{set: x, sums: sums{base: x.base}, counts: make([]int, len(x.secrets))}
}

// run decides as much as can be decided, and fills out.
func (s *scanner) run() {
	for s.at = s.set.skip(s.buf, s.at); s.at < len(s.buf); s.at = s.set.skip(s.buf, s.at+1) {
		known := s.missAt(s.buf[s.at:])
		if known.n > 0 && known.n <= len(s.buf)-s.at && bytes.Equal(s.buf[s.at:s.at+known.n], s.buf[known.at:known.at+known.n]) {
			continue
		}
		m, decided := s.longest(s.at)
		if !decided {
			break
		}
		if m.end > 0 {
			s.cover(m)
		}
	}
	s.release()
}

// match is a form in the text, with what goes with it behind. The zero value is none.
type match struct {
	end    int
	secret int32
	traits traits
}

// longest returns the longest match that begins at i. It is undecided while a form can go on with text that has not come.
func (s *scanner) longest(i int) (m match, decided bool) {
	text := s.buf[i:]
	k, end := s.set.after(text)
	if end == 0 {
		return match{}, true
	}
	if !s.final && k < end && bytes.HasPrefix(s.set.head(&s.set.patterns[k]), text) {
		return match{}, false
	}
	begun := false
	for q := k - 1; q >= 0; q = int(s.set.patterns[q].parent) {
		p := &s.set.patterns[q]
		if !bytes.HasPrefix(text, s.set.head(p)) {
			continue
		}
		if m, decided = s.headed(i, p); m.end > 0 || !decided {
			return m, decided
		}
		begun = true
	}
	if !begun {
		s.miss(i, k)
	}
	return match{}, true
}

// miss is a place where no head begins, as its first n bytes say. It saves a search for each byte of a run of the same few letters.
type miss struct{ at, n int }

func (s *scanner) missAt(text []byte) *miss {
	return &s.missed[int(text[min(3, len(text)-1)])%len(s.missed)]
}

func (s *scanner) miss(i, k int) {
	text := s.buf[i:]
	if n := s.set.differs(text, k); n <= len(text) {
		*s.missAt(text) = miss{i, n}
	}
}

// headed returns the longest match at i that has the head.
func (s *scanner) headed(i int, p *pattern) (m match, decided bool) {
	for q := p.long; q != none; q = s.set.longs[q].next {
		l := &s.set.longs[q]
		switch rest := len(s.buf) - i; {
		case rest < l.size:
			if !s.final && s.begins(i, l) {
				return match{}, false
			}
		case s.sums.of(s.buf, i, l.size, l.power) == l.sum:
			if m, decided = s.ended(i, l.size, l.secret, l.traits); m.end > 0 || !decided {
				return m, decided
			}
		}
	}
	if p.secret == none {
		return match{}, true
	}
	return s.ended(i, int(p.size), p.secret, p.traits)
}

// begins reports that the text that there is at i, but for an incomplete block, begins a form whose head it has.
func (s *scanner) begins(i int, l *long) bool {
	blocks := (len(s.buf) - i - headBytes) / l.block()
	if blocks == 0 {
		return true
	}
	n := headBytes + blocks*l.block()
	return s.sums.of(s.buf, i, n, s.sums.base.power(n)) == s.set.blocks[l.blocks+blocks-1]
}

// ended returns the match of n bytes at i with what follows that belongs to it; none if the word does not end there.
func (s *scanner) ended(i, n int, secret int32, t traits) (m match, decided bool) {
	end := i + n
	if t&asWord != 0 {
		switch {
		case splitsWord(s.buf[:i], s.buf[i]):
			return match{}, true
		case end < len(s.buf) && isAlnum(s.buf[end-1]) && isAlnum(s.buf[end]):
			return match{}, true
		}
	}
	if t&takesTail != 0 && end < len(s.buf) && isBase64(s.buf[end]) {
		end++
	}
	pads := int(t & padding)
	for ; pads > 0 && end < len(s.buf) && s.buf[end] == '='; pads-- {
		end++
	}
	open := t&asWord != 0 || t&takesTail != 0 || t&padding != 0
	if !s.final && open && end == len(s.buf) && (pads > 0 || t&padding == 0) {
		return match{}, false
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
	if m.traits&takesLead != 0 && start > s.sent && isBase64(s.buf[start-1]) {
		start--
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
	if !s.final && s.set.hasLeads && end > s.sent && isBase64(s.buf[end-1]) {
		end--
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
