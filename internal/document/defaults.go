package document

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// orDefault ends the name under which a variable is known at a place that has a default. The variable is absent there
// if it is null. No name in a document has this character.
const orDefault = "?"

// dropNulls has a validated document read null as the default wherever the contract has one: a default is given to what
// is absent only. Generated clients send null for what their caller has not set.
func dropNulls(doc *ast.QueryDocument) {
	for _, operation := range doc.Operations {
		dropNullsIn(operation.SelectionSet)
	}

	for _, fragment := range doc.Fragments {
		dropNullsIn(fragment.SelectionSet)
	}
}

func dropNullsIn(selections ast.SelectionSet) {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			s.Arguments = slices.DeleteFunc(s.Arguments, func(given *ast.Argument) bool {
				argument := s.Definition.Arguments.ForName(given.Name)
				return dropNull(given.Value, argument.DefaultValue != nil)
			})
			dropNullsIn(s.SelectionSet)
		case *ast.InlineFragment:
			dropNullsIn(s.SelectionSet)
		}
	}
}

// dropNull reports whether a value counts as absent, and drops the nulls within it that do.
func dropNull(value *ast.Value, hasDefault bool) bool {
	switch value.Kind {
	case ast.NullValue:
		return hasDefault
	case ast.Variable:
		if hasDefault {
			value.Raw, value.VariableDefinition = value.Raw+orDefault, nil
		}
	case ast.ObjectValue, ast.ListValue:
		value.Children = slices.DeleteFunc(value.Children, func(child *ast.ChildValue) bool {
			return dropNull(child.Value, value.Kind == ast.ObjectValue &&
				memberHasDefault(value.Definition, child.Name))
		})
	default:
		// What is no null and holds none stays.
	}

	return false
}

// memberHasDefault reports whether a field of an input object has a default. An object within a scalar has no type.
func memberHasDefault(object *ast.Definition, name string) bool {
	if object == nil {
		return false
	}

	field := object.Fields.ForName(name)
	return field != nil && field.DefaultValue != nil
}
