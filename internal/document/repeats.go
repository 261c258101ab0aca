package document

import "github.com/vektah/gqlparser/v2/ast"

// place is a place in the answer, and how many fields of a document would fill it. The validator compares them each
// with each.
type place struct {
	fields int
	below  map[string]*place
}

func (p *place) at(name string) *place {
	if p.below == nil {
		p.below = map[string]*place{}
	}

	if p.below[name] == nil {
		p.below[name] = &place{}
	}

	return p.below[name]
}

// repeats returns how many fields an operation has at most for one place in the answer.
// It follows every spread, so it may be called only for what stands for a bounded number of fields.
func (t *tally) repeats(at *place, selections ast.SelectionSet) (most int) {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			here := at.at(s.Alias)
			here.fields++
			most = max(most, here.fields, t.repeats(here, s.SelectionSet))
		case *ast.InlineFragment:
			most = max(most, t.repeats(at, s.SelectionSet))
		case *ast.FragmentSpread:
			most = max(most, t.repeats(at, t.fragments[s.Name].SelectionSet))
		}
	}

	return most
}
