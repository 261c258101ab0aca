package document

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/fault"
)

// lots is where counting stops: nested fragments can stand for more fields than an integer can count.
const lots = 1_000_000

// counts are what a selection set stands for, with each fragment in the place of its spread.
type counts struct {
	fields, aliases int
	// here are the fields of the set itself, not of those below.
	here, schemas, types int
	// depth and meta are levels of fields; meta those from a `__schema` or `__type` in the set itself.
	depth, meta int
}

func (c *counts) add(more counts) {
	c.fields = min(c.fields+more.fields, lots)
	c.aliases = min(c.aliases+more.aliases, lots)
	c.here = min(c.here+more.here, lots)
	c.schemas = min(c.schemas+more.schemas, lots)
	c.types = min(c.types+more.types, lots)
	c.depth = max(c.depth, more.depth)
	c.meta = max(c.meta, more.meta)
}

// tally counts a document. It goes through each fragment once, however often and from wherever it is spread.
type tally struct {
	doc       *ast.QueryDocument
	fragments map[string]*fragment
	// directives, aliases and inline are what is written, each counted once; visited is the work done.
	directives, aliases, inline, visited int
	refused                              *gqlerror.Error
}

type fragment struct {
	*ast.FragmentDefinition
	counts    counts
	done, now bool
}

func newTally(doc *ast.QueryDocument) *tally {
	t := &tally{doc: doc, fragments: make(map[string]*fragment, len(doc.Fragments))}
	for _, f := range doc.Fragments {
		if t.fragments[f.Name] != nil {
			t.refuse(f.Position, "There can be only one fragment named %q.", f.Name)
		}

		t.fragments[f.Name] = &fragment{FragmentDefinition: f}
	}

	return t
}

func (t *tally) set(selections ast.SelectionSet) counts {
	var sum counts
	for _, selection := range selections {
		t.visited++
		switch s := selection.(type) {
		case *ast.Field:
			sum.add(t.field(s))
		case *ast.InlineFragment:
			t.inline++
			t.use(s.Directives)
			sum.add(t.set(s.SelectionSet))
		case *ast.FragmentSpread:
			t.use(s.Directives)
			sum.add(t.spread(s.Name, s.Position))
		}
	}

	return sum
}

func (t *tally) field(f *ast.Field) counts {
	t.use(f.Directives)
	c := t.set(f.SelectionSet)
	levels := 1 + max(c.depth, c.meta)
	c = counts{fields: min(c.fields+1, lots), aliases: c.aliases, here: 1}
	switch f.Name {
	case "__schema":
		c.schemas, c.meta = 1, levels
	case "__type":
		c.types, c.meta = 1, levels
	default:
		c.depth = levels
	}

	if f.Alias != f.Name {
		t.aliases++
		c.aliases = min(c.aliases+1, lots)
	}

	return c
}

// spread returns what a fragment stands for: at least one field, unless the document is refused.
func (t *tally) spread(name string, at *ast.Position) counts {
	f := t.fragments[name]
	switch {
	case f == nil:
		t.refuse(at, "The fragment %q does not exist.", name)
		return counts{}
	case f.now:
		t.refuse(at, "The fragment %q contains itself.", name)
		return counts{}
	case !f.done:
		f.now = true
		t.use(f.Directives)
		f.counts = t.set(f.SelectionSet)
		f.now, f.done = false, true
	}

	return f.counts
}

func (t *tally) use(directives ast.DirectiveList) {
	t.directives += len(directives)
	for _, d := range directives {
		if d.Name == "defer" || d.Name == "stream" {
			t.refuse(d.Position, "The directive %q is not supported.", "@"+d.Name)
		}
	}
}

func (t *tally) refuse(at *ast.Position, format string, args ...any) {
	if t.refused == nil {
		t.refused = refusal(fault.New(fault.ValidationFailed, format, args...),
			gqlerror.Location{Line: at.Line, Column: at.Column})
	}
}
