package document

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// pointBytes is how many bytes of an answer a point pays for.
	pointBytes = 5 << 10
	// leafBytes and leavesBytes are what a leaf and a list of leaves take where the contract does not say.
	leafBytes, leavesBytes = 100, 1000
	// introspectionPoints are what `__schema` costs: it answers with the whole contract.
	introspectionPoints = 100
)

// sum is what a selection set costs.
type sum struct {
	// points are those of its fields.
	points int
	// bytes is how long its answer can be without content, and copies is how often the answer repeats the content.
	bytes, copies int
}

func (s *sum) add(more sum) {
	s.points = min(s.points+more.points, lots)
	s.bytes = min(s.bytes+more.bytes, lots*pointBytes)
	s.copies = min(s.copies+more.copies, lots)
}

// cost returns the points to pay: for the fields, or for the bytes if that is more.
func (s *sum) cost() int { return max(s.points, (s.bytes+pointBytes-1)/pointBytes) }

// bill adds up points and bytes. It goes through each fragment once, however often and from wherever it is spread, and
// not on beyond the limit.
type bill struct {
	doc       *ast.QueryDocument
	variables map[string]any
	limit     int
	// known are the sums of fragments.
	known map[string]sum
	// visited is the work done.
	visited int
}

func newBill(doc *ast.QueryDocument, variables map[string]any, limit int) *bill {
	return &bill{doc: doc, variables: variables, limit: limit, known: make(map[string]sum, len(doc.Fragments))}
}

// set returns what a selection set costs: exactly up to the limit; beyond it no more than is needed to see that, and
// at most lots.
func (b *bill) set(selections ast.SelectionSet) (all sum) {
	for _, selection := range selections {
		if all.cost() > b.limit {
			return all
		}

		b.visited++
		switch s := selection.(type) {
		case *ast.Field:
			all.add(b.field(s))
		case *ast.InlineFragment:
			all.add(b.set(s.SelectionSet))
		case *ast.FragmentSpread:
			all.add(b.spread(s.Name))
		}
	}

	return all
}

func (b *bill) spread(name string) sum {
	all, seen := b.known[name]
	if f := b.doc.Fragments.ForName(name); !seen && f != nil {
		b.known[name] = sum{}
		all = b.set(f.SelectionSet)
		b.known[name] = all
	}

	return all
}

func (b *bill) field(f *ast.Field) sum { return b.priced(f, b.set(f.SelectionSet), lots) }

// priced returns what a field costs whose arguments ask for `most` items or bytes at most.
func (b *bill) priced(f *ast.Field, below sum, most int) sum {
	if f.Definition == nil {
		return below
	}

	p := priceOf(f)
	times := b.times(f, p, most)
	if p.copied != "" {
		below.add(sum{bytes: below.copies * min(max(b.size(f, p.copied), 1), lots, most)})
		below.copies = 0
	}

	const around = len(`"":{},`)
	return sum{
		points: p.weight + below.points*times,
		copies: p.copies + below.copies*times,
		bytes:  len(f.Alias) + around + p.bytes + below.bytes*times,
	}
}

// times returns how often what is below a field counts.
func (b *bill) times(f *ast.Field, p price, most int) int {
	if p.per == "" {
		return p.times
	}

	return min(max(b.size(f, p.per), 1), longest, most)
}

// price is what a field costs itself, and how often what is below it counts.
type price struct {
	weight, times, bytes, copies int
	per, copied                  string
}

// priceOf reads a field's `@cost`. Its numbers are right, as Validate has checked.
func priceOf(f *ast.Field) price {
	p := price{times: 1}
	if len(f.SelectionSet) > 0 || len(f.Definition.Arguments) > 0 {
		p.weight = 1
	}

	if f.Name == "__schema" {
		p.weight = introspectionPoints
	}

	if len(f.SelectionSet) == 0 {
		p.bytes = leafBytes
		if f.Definition.Type.Elem != nil {
			p.bytes = leavesBytes
		}
	}

	set := f.Definition.Directives.ForName("cost")
	if set == nil {
		return p
	}

	for _, given := range set.Arguments {
		p.read(given.Name, given.Value.Raw)
	}

	if p.copies > 0 {
		p.bytes = 0
	}

	return p
}

// read takes an argument of `@cost` over.
func (p *price) read(name, value string) {
	switch name {
	case "per":
		p.per = value
		return
	case "copied":
		p.copied = value
		return
	}

	n, _ := strconv.Atoi(value)
	switch name {
	case "weight":
		p.weight = n
	case "times":
		p.times = n
	case "bytes":
		p.bytes = n
	case "copies":
		p.copies = n
	}
}

// size returns the number that an argument is, or the length of its list; its default where it is absent or null.
func (b *bill) size(f *ast.Field, argument string) int {
	given := b.argument(f, argument)
	if given == nil {
		given = fallback(f.Definition.Arguments.ForName(argument))
	}

	return size(given)
}

func (b *bill) argument(f *ast.Field, name string) any {
	given := f.Arguments.ForName(name)
	if given == nil {
		return nil
	}

	if given.Value.Kind == ast.ListValue {
		return len(given.Value.Children)
	}

	value, err := given.Value.Value(b.variables)
	if err != nil {
		return lots
	}

	if list := reflect.ValueOf(value); list.Kind() == reflect.Slice {
		return list.Len()
	}

	if f.Definition.Arguments.ForName(name).Type.Elem != nil && value != nil {
		return 1 // a list of one may be written without brackets
	}

	return value
}

func fallback(definition *ast.ArgumentDefinition) any {
	if definition == nil || definition.DefaultValue == nil {
		return lots
	}

	value, err := definition.DefaultValue.Value(nil)
	if err != nil {
		return lots
	}

	return value
}

// size reads a number in any of the ways in which a variable may hold one, lots at most. What is none counts as lots.
func size(value any) int {
	switch n := value.(type) {
	case int:
		return n
	case int64:
		return int(min(n, lots))
	case float64:
		return int(min(n, lots))
	case json.Number:
		return size(string(n))
	case string:
		if n, err := strconv.Atoi(n); err == nil {
			return n
		}
	}

	return lots
}
