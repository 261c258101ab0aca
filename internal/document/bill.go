package document

import (
	"encoding/json"
	"reflect"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

// bill adds up points. It goes through each fragment once, however often and from wherever it is spread, and not on beyond the limit.
type bill struct {
	doc       *ast.QueryDocument
	variables map[string]any
	limit     int
	// known are the points of fragments.
	known map[string]int
	// visited is the work done.
	visited int
}

func newBill(doc *ast.QueryDocument, variables map[string]any, limit int) *bill {
	return &bill{doc: doc, variables: variables, limit: limit, known: make(map[string]int, len(doc.Fragments))}
}

// set returns what a selection set costs: exactly up to the limit; beyond it no more than is needed to see that, and at most lots.
func (b *bill) set(selections ast.SelectionSet) (points int) {
	for _, selection := range selections {
		if points > b.limit {
			return points
		}
		b.visited++
		switch s := selection.(type) {
		case *ast.Field:
			points += b.field(s)
		case *ast.InlineFragment:
			points += b.set(s.SelectionSet)
		case *ast.FragmentSpread:
			points += b.spread(s.Name)
		}
		points = min(points, lots)
	}
	return points
}

func (b *bill) spread(name string) int {
	points, seen := b.known[name]
	if f := b.doc.Fragments.ForName(name); !seen && f != nil {
		b.known[name] = 0
		points = b.set(f.SelectionSet)
		b.known[name] = points
	}
	return points
}

func (b *bill) field(f *ast.Field) int {
	below := b.set(f.SelectionSet)
	if f.Definition == nil {
		return below
	}
	weight, per, times := price(f)
	if per != "" {
		times = b.times(f, per)
	}
	return weight + below*times
}

// price returns what a field costs itself, and the argument that says how often what is below it counts, or how often that is where none says it.
func price(f *ast.Field) (weight int, per string, times int) {
	set := f.Definition.Directives.ForName("cost")
	switch {
	case set != nil:
		weight = 1
	case len(f.SelectionSet) > 0, len(f.Definition.Arguments) > 0:
		return 1, "", 1
	default:
		return 0, "", 1
	}
	times = 1
	if given := set.Arguments.ForName("weight"); given != nil {
		weight, _ = strconv.Atoi(given.Value.Raw) // as Validate has checked
	}
	if given := set.Arguments.ForName("per"); given != nil {
		per = given.Value.Raw
	}
	if given := set.Arguments.ForName("times"); given != nil {
		times, _ = strconv.Atoi(given.Value.Raw)
	}
	return weight, per, times
}

// times returns how often what is below a field counts.
func (b *bill) times(f *ast.Field, per string) int {
	given := b.argument(f, per)
	if given == nil {
		given = fallback(f.Definition.Arguments.ForName(per))
	}
	return min(max(size(given), 1), longest)
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
		return longest
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
		return longest
	}
	value, err := definition.DefaultValue.Value(nil)
	if err != nil {
		return longest
	}
	return value
}

// size reads a number in any of the ways in which a variable may hold one. What is none counts as the longest page.
func size(value any) int {
	switch n := value.(type) {
	case int:
		return n
	case int64:
		return int(min(n, longest))
	case float64:
		return int(min(n, longest))
	case json.Number:
		return size(string(n))
	case string:
		if n, err := strconv.Atoi(n); err == nil {
			return n
		}
	}
	return longest
}
