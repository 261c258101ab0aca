package redact

import (
	"errors"
	"fmt"
	"io"
)

// ErrClosed is what a Write after Close gets.
var ErrClosed = errors.New("redact: write after close")

// keptBytes is how far back of what is undecided is looked: a gap with its line before it, and the beginning of a
// word.
const keptBytes = 2 * maxGap

// portionBytes is how much of a large Write is looked at together.
const portionBytes = 32 << 10

// Writer passes on what is written to it with a mark in place of each secret, however the text is cut in pieces.
//
// It holds back what could still be the beginning of a secret, and no more: to the byte, in the first 64 bytes of a
// form; then fewer than 8 bytes more, or 256 in a form of over 4 KiB; and before that, and at the end of the text, one
// character if it is of base64: bits of a value may be in it. Close passes on the rest. One goroutine may use it at a
// time.
//
// Units: memory for about twice the longest form of a value and 64 KiB; eight times that while a form of more than 64
// bytes seems to begin.
type Writer struct {
	state func() *writerState
}

type writerState struct {
	scanner
	dst    io.Writer
	err    error // the first of dst, or ErrClosed
	closed bool
}

// NewWriter returns what redacts the secrets of a set on their way to dst.
func NewWriter(dst io.Writer, s *Set) *Writer {
	state := &writerState{scanner: newScanner(s.finder()), dst: dst}
	return &Writer{state: func() *writerState { return state }}
}

// Write redacts p, and writes to dst what is decided.
//
// Errors: that of dst, from then on; io.ErrShortWrite if it takes less without one; ErrClosed. None has bytes of the
// text.
func (w *Writer) Write(p []byte) (int, error) {
	s := w.state()
	written := 0
	for written < len(p) && s.err == nil {
		portion := p[written:min(len(p), written+portionBytes)]
		s.compact()
		s.buf = append(s.buf, portion...)
		if s.flush(); s.err == nil {
			written += len(portion)
		}
	}

	return written, s.err
}

// Close writes what was held back. It does not close dst.
//
// Errors: the first of dst, whichever call met it.
func (w *Writer) Close() error {
	s := w.state()
	if s.closed {
		return nil
	}

	s.closed, s.final = true, true
	err := s.err
	if err == nil {
		s.flush()
		err = s.err
	}

	clear(s.buf[:cap(s.buf)])
	s.plain.sums.sum = nil
	for k := range s.shadows {
		clear(s.shadows[k].text[:cap(s.shadows[k].text)])
	}

	s.buf, s.plain.text, s.shadows, s.err = nil, nil, [len(codings)]*shadow{}, ErrClosed
	return err
}

// Counts returns how often each secret was replaced up to now, in the order of NewSet.
func (w *Writer) Counts() []Count { return w.state().tally() }

// Format prints the name of the type, whatever the verb.
func (w *Writer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, w.String()) }

// String returns the name of the type.
func (w *Writer) String() string { return "redact.Writer" }

func (s *writerState) flush() {
	s.run()
	if len(s.out) == 0 {
		return
	}

	n, err := s.dst.Write(s.out)
	if err == nil && n < len(s.out) {
		err = io.ErrShortWrite
	}

	s.out, s.err = s.out[:0], err
}

// compact drops what nobody looks at any more, once that is half of the text: each byte moves once.
func (s *writerState) compact() {
	done := min(s.sent, s.at-keptBytes)
	if done <= 0 || done < len(s.buf)/2 {
		return
	}

	s.buf = s.buf[:copy(s.buf, s.buf[done:])]
	s.at, s.sent, s.span.end = s.at-done, s.sent-done, s.span.end-done
	s.plain.sums.forget()
	for k := range s.shadows {
		s.shadows[k].forget()
	}

	s.missed = [len(s.missed)]miss{}
}
