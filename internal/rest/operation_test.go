package rest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/schema"
)

// operations are those that routes store, parsed against the contract.
func operations(t *testing.T) map[*route]*ast.QueryDocument {
	t.Helper()
	contract, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	all := map[*route]*ast.QueryDocument{}
	for _, r := range table() {
		if r.public {
			continue
		}
		doc, errs := gqlparser.LoadQueryWithRules(contract, r.operation, rules.NewDefaultRules())
		if errs != nil {
			t.Fatalf("%s: %v", r.name, errs)
		}
		all[&r] = doc
	}
	return all
}

func TestRoutes_Operations_FitTheContract(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	for r, doc := range operations(t) {
		operation := doc.Operations[0]
		root, ok := operation.SelectionSet[0].(*ast.Field)
		if !ok || len(doc.Operations) != 1 || len(operation.SelectionSet) != 1 || root.Alias != "result" {
			t.Errorf("%s: the operation is not one root field called result", r.name)
			continue
		}
		if reads := r.method == "GET" || r.method == "HEAD"; reads == (operation.Operation == ast.Mutation) &&
			r.name != "getObject" {
			t.Errorf("%s is a %s", r.name, operation.Operation)
		}
		for _, in := range r.inputs {
			checkInput(t, contract, r, operation, in)
		}
	}
}

// checkInput holds that an input is a variable, or a field of one, of a fitting type, and required where that is.
func checkInput(t *testing.T, contract *ast.Schema, r *route, operation *ast.OperationDefinition, in input) {
	t.Helper()
	name, path, within := strings.Cut(in.to, ".")
	variable := operation.VariableDefinitions.ForName(name)
	if variable == nil {
		t.Errorf("%s: %s is no variable", r.name, in.to)
		return
	}
	is := variable.Type
	for within {
		var member string
		member, path, within = strings.Cut(path, ".")
		field := contract.Types[is.Name()].Fields.ForName(member)
		if field == nil {
			t.Errorf("%s: %s is no field of %s", r.name, in.to, is.Name())
			return
		}
		if is = field.Type; field.Type.NonNull && field.DefaultValue == nil && !in.required {
			t.Errorf("%s: %s is required", r.name, in.name)
		}
	}
	fits := map[kind][]string{
		text:       {"String", "ID", "Duration", "Base64"},
		whole:      {"Int"},
		wide:       {"BigInt"},
		truth:      {"Boolean"},
		object:     {"JSONObject"},
		texts:      {"[String]"},
		credential: {"SecretValueInput"},
		choice:     {"StorageAction"},
	}
	takes := is.Name()
	if is.Elem != nil {
		takes = "[" + takes + "]"
	}
	if !slices.Contains(fits[in.kind], takes) {
		t.Errorf("%s: %s cannot be sent for a %s", r.name, in.name, takes)
	}
	if in.kind != choice {
		return
	}
	var words []string
	for _, value := range contract.Types[takes].EnumValues {
		words = append(words, strings.ToLower(value.Name))
	}
	if !slices.Equal(in.of, words) {
		t.Errorf("%s: %s has the words %v, of %v", r.name, in.name, in.of, words)
	}
}

func TestRoutes_RequiredFields_HaveInputs(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	for r, doc := range operations(t) {
		for _, v := range doc.Operations[0].VariableDefinitions {
			for _, field := range contract.Types[v.Type.Name()].Fields {
				has := slices.ContainsFunc(r.inputs, func(in input) bool {
					return strings.HasPrefix(in.to+".", v.Variable+"."+field.Name+".")
				})
				if field.Type.NonNull && field.DefaultValue == nil && !has {
					t.Errorf("%s: nothing becomes %s.%s", r.name, v.Variable, field.Name)
				}
			}
		}
	}
}

func TestRoutes_NamesAndPaths_AreTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range table() {
		for _, mark := range []string{r.name, r.method + " " + r.path} {
			if seen[mark] {
				t.Errorf("there are two of %s", mark)
			}
			seen[mark] = true
		}
		for _, in := range r.inputs {
			if in.in == inPath && !strings.Contains(r.path, "{"+in.name) {
				t.Errorf("%s has no place for %s", r.path, in.name)
			}
		}
	}
}

// TestRoutes_EveryArgument_IsNamedInErrorsAsTheRouteNamesIt holds that a field which GraphQL blames is found among the
// route's inputs by the name of the argument.
func TestRoutes_EveryArgument_IsNamedInErrorsAsTheRouteNamesIt(t *testing.T) {
	t.Parallel()
	for _, r := range table() {
		for _, used := range regexp.MustCompile(`(\w+): \$(\w+)`).FindAllStringSubmatch(r.operation, -1) {
			argument, variable := used[1], used[2]
			for _, in := range r.inputs {
				if in.to != variable {
					continue
				}
				err := bound{route: &r}.inTermsOf(fault.Field(fault.Invalid, argument, "No `%s`.", argument))
				if err.Details["field"] != in.name || err.Say != "No `"+in.name+"`." {
					t.Errorf("%s: the argument %s is the input %s, and errors say %v", r.name, argument, in.name, err)
				}
			}
		}
	}
}
