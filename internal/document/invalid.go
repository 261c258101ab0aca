package document

import (
	"context"
	"errors"
	"regexp"
	"slices"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/fault"
)

// requestFault returns the fault of a request that was not executed; nil for every other error.
func requestFault(ctx context.Context, err error) *fault.Error {
	invalid, ok := errors.AsType[*gqlerror.Error](err)
	if !ok || graphql.GetFieldContext(ctx) != nil {
		return nil
	}

	code, _ := invalid.Extensions["code"].(string)
	switch {
	case code == errcode.ParseFailed:
		return syntaxFault(invalid)
	case code != errcode.ValidationFailed:
		return nil
	case invalid.Rule == "" && len(invalid.Path) > 1:
		return variableFault(invalid)
	}

	return fault.New(fault.ValidationFailed, "%s", validationSentence(invalid))
}

func unparsable(err error) *gqlerror.Error {
	invalid, ok := errors.AsType[*gqlerror.Error](err)
	if !ok {
		return refusal(fault.New(fault.ParseFailed, "The document is no valid GraphQL."))
	}

	return refusal(syntaxFault(invalid), invalid.Locations...)
}

// syntaxForm takes the kinds of token from a parser's message, and leaves the token itself behind.
var syntaxForm = regexp.MustCompile(`^(Expected|Unexpected) (\.\.\.|[!$&():=@\[\]{}|]|Name|Int|Float|String|BlockString|<EOF>)(?:, found (\.\.\.|[!$&():=@\[\]{}|]|Name|Int|Float|String|BlockString|<EOF>))?(?: "|$)`)

func syntaxFault(invalid *gqlerror.Error) *fault.Error {
	const say = "The document is no valid GraphQL"
	parts := syntaxForm.FindStringSubmatch(invalid.Message)
	switch {
	case parts == nil:
		return fault.New(fault.ParseFailed, say+".")
	case parts[3] != "":
		return fault.New(fault.ParseFailed, say+": %s is expected here, not %s.", parts[2], parts[3])
	}

	return fault.New(fault.ParseFailed, say+": %s cannot stand here.", parts[2])
}

// variableForms are the validator's complaints about a variable, and how they read after its name.
var variableForms = []struct {
	form *regexp.Regexp
	say  string
}{
	{regexp.MustCompile(`^must be defined$`), "is required"},
	{regexp.MustCompile(`^cannot be null$`), "must not be null"},
	{regexp.MustCompile(`^unknown field$`), "is no field of its input type"},
	{regexp.MustCompile(`^must be a (` + namePattern + `), not a [a-z0-9]+$`), "must be an object of the type $1"},
	{regexp.MustCompile(`(?s)^.* is not a valid (` + namePattern + `)$`), "must be a value of the enum $1"},
	{regexp.MustCompile(`(?s)^cannot use .* as (Int|Float|String|Boolean|ID)(?::.*)?$`), "must be of the type $1"},
}

func variableFault(invalid *gqlerror.Error) *fault.Error {
	for _, f := range variableForms {
		if match := f.form.FindStringSubmatchIndex(invalid.Message); match != nil {
			return badVariable(invalid.Path[1:], string(f.form.ExpandString(nil, f.say, invalid.Message, match)))
		}
	}

	return badVariable(invalid.Path[1:], "does not fit its type")
}

var nameForm = regexp.MustCompile(`^` + namePattern + `$`)

// badVariable returns a fault about a variable. It names the path, which begins with the name of the variable, as far
// as that consists of GraphQL names.
func badVariable(path ast.Path, what string) *fault.Error {
	stray := slices.IndexFunc(path, func(element ast.PathElement) bool {
		name, ok := element.(ast.PathName)
		return ok && !nameForm.MatchString(string(name))
	})
	if stray >= 0 {
		path, what = path[:stray], "has a field that is not of its input type"
	}

	return fault.Field(fault.Invalid, lastName(path), "The variable $%s %s.", path, what)
}
