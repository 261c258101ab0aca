package document

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/fault"
)

// variables completes what the server does with variables: it compares enum values without regard to case, does not
// look at `@oneOf`, panics when `@skip` or `@include` is given null, and takes null for a value where the contract has
// a default.
type variables struct {
	schema *ast.Schema
}

// NewVariables returns the extension that refuses variables which the schema forbids and the server would let through:
// an enum value in the wrong case, a `@oneOf` input with other than one member that is not null, and null as the
// condition of a directive. A null that stands where the schema has a default becomes that default.
//
// Errors: fault.Invalid, naming the variable and the field.
func NewVariables() graphql.HandlerExtension { return &variables{} }

// ExtensionName names the extension.
func (*variables) ExtensionName() string { return "Variables" }

// Validate takes the schema in whose terms variables are checked.
func (v *variables) Validate(schema graphql.ExecutableSchema) error {
	v.schema = schema.Schema()
	return nil
}

// MutateOperationContext checks the variables of an operation, once the server has found them to be of their types.
func (v *variables) MutateOperationContext(_ context.Context, request *graphql.OperationContext) *gqlerror.Error {
	for _, definition := range request.Operation.VariableDefinitions {
		value := request.Variables[definition.Variable]
		if err := v.check(ast.Path{ast.PathName(definition.Variable)}, definition.Type, value); err != nil {
			return refusal(err)
		}

		if value == nil && definition.DefaultValue != nil && conditional(request.Doc, definition.Variable) {
			return refusal(badVariable(ast.Path{ast.PathName(definition.Variable)}, "must not be null"))
		}

		if value != nil {
			request.Variables[definition.Variable+orDefault] = value
		}
	}

	return nil
}

func (v *variables) check(at ast.Path, t *ast.Type, value any) *fault.Error {
	if value == nil {
		return nil
	}

	if t.Elem != nil {
		for i, element := range graphql.CoerceList(value) {
			if err := v.check(append(slices.Clip(at), ast.PathIndex(i)), t.Elem, element); err != nil {
				return err
			}
		}

		return nil
	}

	switch definition := v.schema.Types[t.NamedType]; definition.Kind {
	case ast.Enum:
		if name, ok := value.(string); !ok || definition.EnumValues.ForName(name) == nil {
			return badVariable(at, "must be a value of the enum "+definition.Name)
		}
	case ast.InputObject:
		object, _ := value.(map[string]any)
		return v.checkObject(at, definition, object)
	default:
		// Scalars check themselves.
	}

	return nil
}

func (v *variables) checkObject(at ast.Path, definition *ast.Definition, object map[string]any) *fault.Error {
	given, null := 0, 0
	for _, field := range definition.Fields {
		value, present := object[field.Name]
		if err := v.check(append(slices.Clip(at), ast.PathName(field.Name)), field.Type, value); err != nil {
			return err
		}

		if present {
			given++
		}

		if present && value == nil {
			null++
		}

		if value == nil && field.DefaultValue != nil {
			delete(object, field.Name)
		}
	}

	if definition.Directives.ForName("oneOf") != nil && (given != 1 || null != 0) {
		return badVariable(at, "must have exactly one member, which is not null")
	}

	return nil
}

// conditional reports whether a variable is the condition of a `@skip` or `@include` anywhere in the document.
func conditional(doc *ast.QueryDocument, variable string) bool {
	return slices.ContainsFunc(doc.Operations,
		func(o *ast.OperationDefinition) bool { return conditions(o.SelectionSet, variable) }) ||
		slices.ContainsFunc(doc.Fragments,
			func(f *ast.FragmentDefinition) bool { return conditions(f.SelectionSet, variable) })
}

func conditions(selections ast.SelectionSet, variable string) bool {
	return slices.ContainsFunc(selections, func(selection ast.Selection) bool {
		switch s := selection.(type) {
		case *ast.Field:
			return depends(s.Directives, variable) || conditions(s.SelectionSet, variable)
		case *ast.InlineFragment:
			return depends(s.Directives, variable) || conditions(s.SelectionSet, variable)
		case *ast.FragmentSpread:
			return depends(s.Directives, variable)
		}

		return false
	})
}

func depends(directives ast.DirectiveList, variable string) bool {
	return slices.ContainsFunc(directives, func(d *ast.Directive) bool {
		condition := d.Arguments.ForName("if")
		return condition != nil && condition.Value.Kind == ast.Variable && condition.Value.Raw == variable
	})
}
