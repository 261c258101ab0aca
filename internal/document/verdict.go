package document

import (
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// check counts the whole document, operations that will not run included, and compares the counts with the limits.
func (t *tally) check(l Limits) *gqlerror.Error {
	var most counts
	for _, operation := range t.doc.Operations {
		most = together(most, t.operation(operation))
	}

	for _, f := range t.doc.Fragments {
		if f := t.fragments[f.Name]; !f.done {
			t.refuse(f.Position, "The fragment %q is never used.", f.Name)
		}
	}

	if t.refused != nil {
		return t.refused
	}

	most.aliases = max(most.aliases, t.aliases)
	if err := t.compare(most, l); err != nil {
		return err
	}

	return t.checkRepeats(l)
}

func (t *tally) checkRepeats(l Limits) *gqlerror.Error {
	for _, operation := range t.doc.Operations {
		if n := t.repeats(&place{}, operation.SelectionSet); n > l.Repeats {
			return refusal(tooCostly("The document asks for one field %d times over; at most %d are allowed.",
				n, l.Repeats))
		}
	}

	return nil
}

func (t *tally) operation(o *ast.OperationDefinition) counts {
	t.use(o.Directives)
	for _, v := range o.VariableDefinitions {
		t.use(v.Directives)
	}

	return t.set(o.SelectionSet)
}

func (t *tally) compare(most counts, l Limits) *gqlerror.Error {
	for _, c := range []struct {
		have, most  int
		limit, what string
	}{
		{len(t.doc.Fragments) + t.inline, l.Fragments, "max-fragments",
			"The document has %d fragments; at most %d are allowed."},
		{t.directives, l.Directives, "max-directives", "The document has %d directives; at most %d are allowed."},
		{most.depth, l.Depth, "max-depth", "The document is nested %d levels deep; at most %d are allowed."},
		{most.meta, l.IntrospectionDepth, "max-introspection-depth",
			"The introspection is nested %d levels deep; at most %d are allowed."},
		{most.schemas, 1, "", "The document asks for __schema %d times; at most %d is allowed."},
		{most.types, 1, "", "The document asks for __type %d times; at most %d is allowed."},
		{most.here, l.RootFields, "max-root-fields",
			"The operation has %d root fields, those of fragments included; at most %d are allowed."},
		{most.aliases, l.Aliases, "max-aliases",
			"The document has %d aliases, those of fragments at each place they are spread; at most %d are allowed."},
		{most.fields, l.Fields, "",
			"The document has %d fields, those of fragments at each place they are spread; at most %d are allowed."},
	} {
		if c.have > c.most {
			return refusal(tooCostly(c.what, c.have, c.most).Beyond(c.limit))
		}
	}

	return nil
}

// together returns the counts of a document with one more operation. The validator goes through all of them: their
// fields add up.
func together(a, b counts) counts {
	return counts{
		fields:  min(a.fields+b.fields, lots),
		aliases: max(a.aliases, b.aliases),
		here:    max(a.here, b.here),
		schemas: max(a.schemas, b.schemas),
		types:   max(a.types, b.types),
		depth:   max(a.depth, b.depth),
		meta:    max(a.meta, b.meta),
	}
}
