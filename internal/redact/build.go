package redact

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/binary"
	"math/bits"
	"slices"
	"unsafe"
)

// build returns what finds all forms of all secrets.
//
// Errors: that of stop, which is asked before each part.
func build(secrets []Secret, stop func() error) (*finder, error) {
	f := &finder{secrets: slices.Clone(secrets)}
	f.plain.base = drawBase()
	for k := range f.coded {
		f.coded[k].base = f.plain.base
	}

	for i := range secrets {
		f.secrets[i].Value = nil
		all, left := parts(secrets[i])
		if left > 0 {
			f.unmasked = append(f.unmasked, secrets[i].unmasked(left))
		}

		for _, p := range all {
			if err := stop(); err != nil {
				f.wipe()
				return nil, err
			}

			for _, form := range forms(p) {
				f.add(form, small(i))
			}
		}
	}

	f.settle()
	return f, nil
}

// add takes up a form.
func (f *finder) add(form form, secret int32) {
	f.hasLeads = f.hasLeads || form.traits&takesLead != 0
	if form.coding == nil {
		f.plain.add(form, secret)
		return
	}

	for k, coding := range codings {
		if form.coding == coding {
			f.coded[k].add(form, secret)
			coding.grams(form.text, func(gram uint32) { f.begin(&f.inCode, gram) })
		}
	}
}

func (f *finder) settle() {
	f.plain.settle()
	for i := range f.plain.buckets {
		if b := &f.plain.buckets[i]; b.hi != 0 {
			f.begin(&f.plainly, b.gram)
		}
	}

	for k := range f.coded {
		f.coded[k].settle()
	}
}

// begin says that a form of a kind may begin with a gram.
func (f *finder) begin(kind *bloom, gram uint32) {
	f.seen.set(hash(gram))
	kind.set(otherHash(gram))
}

// bytes returns about how much memory it takes.
func (f *finder) bytes() int {
	n := int(unsafe.Sizeof(*f))
	for _, x := range f.indexes() {
		n += len(x.heads) + len(x.patterns)*int(unsafe.Sizeof(pattern{})) + len(x.longs)*int(unsafe.Sizeof(long{})) +
			len(x.blocks)*8 + len(x.buckets)*int(unsafe.Sizeof(bucket{}))
	}

	return n
}

// wipe overwrites what it has of values.
func (f *finder) wipe() {
	for _, x := range f.indexes() {
		clear(x.heads)
		clear(x.blocks)
		clear(x.longs)
		clear(x.patterns)
		clear(x.buckets)
	}
}

func (f *finder) indexes() []*index { return []*index{&f.plain, &f.coded[inBase64], &f.coded[inHex]} }

func drawBase() base {
	var b [8]byte
	_, _ = rand.Read(b[:]) // it never fails
	return base(binary.LittleEndian.Uint64(b[:])%(prime-1000) + 500)
}

// small narrows an index.
func small(n int) int32 { return int32(n) } //nolint:gosec // there is no memory for more than 2^31 of anything that has an index here

// add takes up a form.
func (x *index) add(f form, secret int32) {
	head := f.text[:min(len(f.text), headBytes)]
	p := pattern{
		key:    keyOf(head),
		at:     len(x.heads),
		size:   uint8(len(head)), //nolint:gosec // at most 64
		secret: secret,
		parent: none,
		long:   none,
		traits: f.traits,
	}
	x.heads = append(x.heads, head...)
	if len(f.text) > headBytes {
		p.secret, p.long = none, small(len(x.longs))
		x.longs = append(x.longs, x.fingerprint(f, secret))
	}

	x.patterns = append(x.patterns, p)
	if len(head) < gramBytes {
		x.tiny[head[0]], x.hasTiny = true, true
	}
}

func (x *index) fingerprint(f form, secret int32) long {
	l := long{
		size:   len(f.text),
		blocks: len(x.blocks),
		power:  x.base.power(len(f.text)),
		secret: secret,
		next:   none,
		traits: f.traits,
	}
	block := l.block()
	for i, c := range f.text {
		if l.sum = x.base.step(l.sum, c); i >= headBytes && (i+1-headBytes)%block == 0 {
			x.blocks = append(x.blocks, l.sum)
		}
	}

	return l
}

// settle sorts and links what was added.
func (x *index) settle() {
	slices.SortFunc(x.patterns, func(a, b pattern) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}

		return cmp.Or(bytes.Compare(x.head(&a), x.head(&b)), cmp.Compare(a.at, b.at))
	})
	x.merge()
	x.heads = x.packed()
	x.longs, x.blocks, x.patterns = slices.Clip(x.longs), slices.Clip(x.blocks), slices.Clip(x.patterns)
	x.link()
	x.fillBuckets()
}

// merge makes one of the patterns with the same head.
func (x *index) merge() {
	kept := x.patterns[:0]
	for _, p := range x.patterns {
		if len(kept) == 0 || !bytes.Equal(x.head(&kept[len(kept)-1]), x.head(&p)) {
			kept = append(kept, p)
			continue
		}

		x.mergeInto(&kept[len(kept)-1], p)
	}

	x.patterns = kept
	for i := range x.patterns {
		x.sortLongs(&x.patterns[i])
	}
}

func (x *index) mergeInto(first *pattern, p pattern) {
	switch {
	case p.long != none:
		x.longs[p.long].next, first.long = first.long, p.long
	case first.secret == none:
		first.secret, first.traits = p.secret, p.traits
	default:
		first.traits = first.traits.also(p.traits)
	}
}

// sortLongs brings the longest form first, and makes one of the same.
func (x *index) sortLongs(p *pattern) {
	if p.long == none || x.longs[p.long].next == none {
		return
	}

	var chain []int32
	for l := p.long; l != none; l = x.longs[l].next {
		chain = append(chain, l)
	}

	slices.SortFunc(chain, func(a, b int32) int {
		return cmp.Or(cmp.Compare(x.longs[b].size, x.longs[a].size), cmp.Compare(x.longs[a].sum, x.longs[b].sum),
			cmp.Compare(a, b))
	})
	last := chain[0]
	p.long = last
	for _, l := range chain[1:] {
		if x.longs[l].size == x.longs[last].size && x.longs[l].sum == x.longs[last].sum {
			x.longs[last].traits = x.longs[last].traits.also(x.longs[l].traits)
			continue
		}

		x.longs[last].next = l
		last = l
	}

	x.longs[last].next = none
}

// packed returns the heads without those that merge left behind.
func (x *index) packed() []byte {
	n := 0
	for i := range x.patterns {
		n += int(x.patterns[i].size)
	}

	heads := make([]byte, 0, n)
	for i := range x.patterns {
		p := &x.patterns[i]
		at := len(heads)
		heads = append(heads, x.head(p)...)
		p.at = at
	}

	return heads
}

// link finds the parents.
func (x *index) link() {
	var open []int32 // patterns that begin one another
	for i := range x.patterns {
		p := &x.patterns[i]
		for len(open) > 0 && !bytes.HasPrefix(x.head(p), x.head(&x.patterns[open[len(open)-1]])) {
			open = open[:len(open)-1]
		}

		if len(open) > 0 {
			p.parent = open[len(open)-1]
		}

		open = append(open, small(i))
	}
}

// fillBuckets makes what bucket looks into: at most one of two is taken.
func (x *index) fillBuckets() {
	var found []bucket
	for i := range x.patterns {
		head := x.head(&x.patterns[i])
		if len(head) < gramBytes {
			continue
		}

		gram := binary.LittleEndian.Uint32(head)
		if len(found) == 0 || found[len(found)-1].gram != gram {
			found = append(found, bucket{gram: gram, lo: small(i)})
		}

		found[len(found)-1].hi = small(i + 1)
	}

	size := max(3, bits.Len(uint(2*len(found))))
	x.buckets, x.shift = make([]bucket, 1<<size), uint(32-size)
	for _, b := range found {
		i := int(hash(b.gram) >> x.shift)
		for x.buckets[i].hi != 0 {
			i = (i + 1) & (len(x.buckets) - 1)
		}

		x.buckets[i] = b
	}
}
