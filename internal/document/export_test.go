package document

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// The tests of documents go through a transport, so they are outside of this package. This is what they look at inside.
const (
	Lots                = lots
	LeafBytes           = leafBytes
	LeavesBytes         = leavesBytes
	PointBytes          = pointBytes
	IntrospectionPoints = introspectionPoints
	RootsAtOnce         = rootsAtOnce
)

// Billed is what an operation costs, and how many nodes were visited to know it.
type Billed struct{ Points, Bytes, Visited int }

// Bill adds up what the first operation of a document costs.
func Bill(doc *ast.QueryDocument, variables map[string]any, limit int) Billed {
	b := newBill(doc, variables, limit)
	all := b.set(doc.Operations[0].SelectionSet)
	return Billed{Points: all.cost(), Bytes: all.bytes, Visited: b.visited}
}

// Explain names the most expensive field of the first operation of a document, and returns how many nodes were visited
// to know it.
func Explain(doc *ast.QueryDocument, variables map[string]any) (visited int) {
	b := newBill(doc, variables, lots)
	set := doc.Operations[0].SelectionSet
	b.worst(set, b.set(set))
	return b.visited
}

// Tally counts a document, and reports how many nodes were visited and whether the limits refuse it.
func Tally(doc *ast.QueryDocument, l Limits) (visited int, refused bool) {
	t := newTally(doc)
	refused = t.check(l) != nil
	return t.visited, refused
}
