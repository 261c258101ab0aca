package redact

import "math/bits"

// Fingerprints of text are polynomials modulo a prime, in a base that each Set draws: two texts of n bytes share one
// with a probability below n/2^60. A wrong one replaces what need not be replaced; nothing is ever missed.
// Source: Karp and Rabin, "Efficient randomized pattern-matching algorithms".
const prime = 1<<61 - 1

// times returns a*b modulo the prime; both are below it.
func times(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return reduced(lo&prime + (lo>>61 | hi<<3))
}

func reduced(n uint64) uint64 {
	if n >= prime {
		n -= prime
	}

	return n
}

// base is what fingerprints are polynomials in.
type base uint64

// step returns the fingerprint of a text with one more byte.
func (b base) step(sum uint64, c byte) uint64 { return reduced(times(sum, uint64(b)) + uint64(c) + 1) }

// power returns the base to the n.
func (b base) power(n int) uint64 {
	result := uint64(1)
	for square := uint64(b); n > 0; n >>= 1 {
		if n&1 == 1 {
			result = times(result, square)
		}

		square = times(square, square)
	}

	return result
}

// sums are the fingerprints of all beginnings of a stretch of the text, made as far as they are asked for: each byte
// is added once or twice.
type sums struct {
	base base
	from int // where the stretch begins
	sum  []uint64
}

// of returns the fingerprint of text[i:i+n], given the base to the n. Calls never go back: i does not decrease.
func (s *sums) of(text []byte, i, n int, power uint64) uint64 {
	if past := i - s.from; past >= len(s.sum) || past > portionBytes && past > len(s.sum)/2 {
		s.from, s.sum = i, append(s.sum[:0], 0)
	}

	last := s.sum[len(s.sum)-1]
	for k := s.from + len(s.sum) - 1; k < i+n; k++ {
		last = s.base.step(last, text[k])
		s.sum = append(s.sum, last)
	}

	return reduced(s.sum[i+n-s.from] + prime - times(s.sum[i-s.from], power))
}

// forget drops the stretch: the text moves.
func (s *sums) forget() { s.from, s.sum = 0, s.sum[:0] }
