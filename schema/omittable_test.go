package schema_test

import (
	"os"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

// TestUpdates_NullClears_IsToldFromLeftOut reads gqlgen.yml: where null clears a field, its Go field tells null from
// absent only if it is listed there as omittable. An input says in its description which of the two holds.
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
		clears := strings.HasPrefix(input.Description, "Fields left out stay as they are; null clears.")
		if !clears && input.Description != "Fields left out, or null, stay as they are." {
			t.Errorf("%s: the description does not say what null does", input.Name)
		}

		for _, field := range input.Fields {
			listed := generator.Models[input.Name].Fields[field.Name].Omittable
			if omittable := listed != nil && *listed; omittable != (clears && !field.Type.NonNull) {
				t.Errorf("%s.%s: gqlgen.yml has omittable %v; true is for null that clears", input.Name, field.Name,
					omittable)
			}
		}
	}

	if updates < 3 {
		t.Errorf("the contract has %d inputs of updates", updates)
	}
}
