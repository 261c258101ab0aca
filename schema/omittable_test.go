package schema_test

import (
	"os"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

// TestUpdates_NullClears_IsToldFromLeftOut reads gqlgen.yml: where null clears a field, its Go field tells null from
// absent only if it is listed there as omittable. Where nothing can be cleared, the field bears @notNull. The field's
// description says what null does, or has the sentence of @notNull.
func TestUpdates_NullClears_IsToldFromLeftOut(t *testing.T) {
	t.Parallel()
	settings, err := os.Open("../gqlgen.yml")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = settings.Close() }()

	generator, err := config.ReadConfig(settings)
	if err != nil {
		t.Fatal(err)
	}

	updates := 0
	for _, input := range load(t).Types {
		if input.Kind != ast.InputObject || !strings.HasPrefix(input.Name, "Update") {
			continue
		}

		updates++
		if !strings.HasPrefix(input.Description, "Fields left out stay as they are") {
			t.Errorf("%s: the description does not say what is left out", input.Name)
		}

		for _, field := range input.Fields {
			if strings.HasPrefix(field.Name, "if") { // a precondition, which changes nothing
				continue
			}

			listed := generator.Models[input.Name].Fields[field.Name].Omittable
			clears := listed != nil && *listed
			if refused := field.Directives.ForName("notNull") != nil; !field.Type.NonNull && clears == refused {
				t.Errorf("%s.%s: omittable in gqlgen.yml %v, for null that clears; @notNull %v, for null that is "+
					"refused; it must be one of them", input.Name, field.Name, clears, refused)
			}

			if !field.Type.NonNull && !strings.Contains(field.Description, "null") {
				t.Errorf("%s.%s: the description does not say what null does", input.Name, field.Name)
			}
		}
	}

	if updates < 3 {
		t.Errorf("the contract has %d inputs of updates", updates)
	}
}

// TestContract_NotNull_StandsWhereTheGuardReadsIt holds that the guard, which runs for @authorize, sees each @notNull:
// on a field of a mutation's own input, which can be left out and has no default.
func TestContract_NotNull_StandsWhereTheGuardReadsIt(t *testing.T) {
	t.Parallel()
	s := load(t)
	read := map[string]bool{}
	for _, f := range s.Mutation.Fields {
		if input := f.Arguments.ForName("input"); input != nil && f.Directives.ForName("authorize") != nil {
			read[input.Type.Name()] = true
		}
	}

	for _, def := range s.Types {
		for _, f := range def.Fields {
			marked := f.Directives.ForName("notNull") != nil
			if marked && (!read[def.Name] || f.Type.NonNull || f.DefaultValue != nil) {
				t.Errorf("%s.%s bears @notNull where nobody reads it, or where null means something", def.Name, f.Name)
			}
		}
	}
}
