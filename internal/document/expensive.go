package document

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/fault"
)

// expensive is a field of an operation that costs too much: the one whose caller saves the most by asking it for less.
type expensive struct {
	*ast.Field
	// path names the field as the client has: by aliases.
	path []string
	// share is how much of the operation's cost is the field's, of 1, and saving how much of that goes if it is asked
	// for one item or byte.
	share, saving float64
	// argument is what says how much it is asked for; empty if nothing does.
	argument string
}

// tooDear refuses an operation of so many points at least. It adds them up anew, to the end, to name the field that is
// to blame.
func (c cost) tooDear(points int, doc *ast.QueryDocument, variables map[string]any, all ast.SelectionSet) *fault.Error {
	b := newBill(doc, variables, lots)
	total := b.set(all)
	points = max(points, total.cost())
	atLeast := ""
	if points >= lots {
		atLeast = "at least "
	}

	worst := b.worst(all, total)
	refused := tooCostly("The operation costs %s%d points; at most %d are allowed. `%s` costs %d %% of them: %s.",
		atLeast, points, c.limit, strings.Join(worst.path, "."), int(100*worst.share), b.advice(worst)).
		With("cost", points).With("limit", c.limit).With("field", strings.Join(worst.path, ".")).
		Beyond("max-cost")
	if worst.argument != "" {
		return refused.With("argument", worst.argument)
	}

	return refused
}

// worst goes down from the most expensive selection of each set to the most expensive one within. Each set is added up
// at most once for each level above it, and each fragment once.
func (b *bill) worst(set ast.SelectionSet, total sum) (worst expensive) {
	unit := func(s sum) float64 { return float64(s.points) }
	if total.points < total.cost() {
		unit = func(s sum) float64 { return float64(s.bytes) }
	}

	var path []string
	for outer := 1 / max(unit(total), 1); len(set) > 0; {
		switch s := b.most(set, unit).(type) {
		case *ast.InlineFragment:
			set = s.SelectionSet
		case *ast.FragmentSpread:
			set = b.doc.Fragments.ForName(s.Name).SelectionSet
		case *ast.Field:
			path = append(path, s.Alias)
			p, below := priceOf(s), b.set(s.SelectionSet)
			full := unit(b.priced(s, below, lots))
			found := expensive{
				Field:    s,
				path:     path[:len(path):len(path)],
				share:    min(outer*full, 1),
				saving:   outer * (full - unit(b.priced(s, below, 1))),
				argument: cmp.Or(p.per, p.copied),
			}
			if worst.Field == nil || found.argument != "" && found.saving > worst.saving {
				worst = found
			}

			outer *= float64(b.times(s, p, lots))
			set = s.SelectionSet
			if p.copied != "" { // how often content is repeated has no unit of its own
				set = nil
			}
		}
	}

	return worst
}

// most returns the selection that costs the most.
func (b *bill) most(set ast.SelectionSet, unit func(sum) float64) (found ast.Selection) {
	highest := -1.0
	for i := range set {
		if cost := unit(b.set(set[i : i+1])); cost > highest {
			found, highest = set[i], cost
		}
	}

	return found
}

// advice says how to ask a field for less.
func (b *bill) advice(e expensive) string {
	definition := e.Definition.Arguments.ForName(e.argument)
	if definition == nil || e.saving == 0 {
		return "leave it out, or ask for less below it"
	}

	given := b.argument(e.Field, e.argument)
	switch asked := b.size(e.Field, e.argument); {
	case definition.Type.Elem != nil:
		return fmt.Sprintf("name fewer `%s` than %d", e.argument, asked)
	case given != nil:
		return fmt.Sprintf("lower its `%s: %d`", e.argument, asked)
	case definition.DefaultValue != nil:
		return fmt.Sprintf("lower its `%s: %d`, which is the default", e.argument, asked)
	}

	return fmt.Sprintf("give it a `%s`", e.argument)
}
