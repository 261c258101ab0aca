package document

import (
	"regexp"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// An error may repeat names and types of a document. A string literal is neither, nor is anything longer than the
// longest name.
const (
	namePattern = `[_A-Za-z][_0-9A-Za-z]{0,99}`
	typePattern = `\[*` + namePattern + `[\]!]*`
)

// repeatable are the validator's sentences that hold nothing but names and types; N and T stand for one. They are
// passed on as they are.
var repeatable = compile(
	`Cannot query field "N" on type "N"\.HINT`,
	`Unknown argument "N" on (?:field "N\.N"|directive "@N")\.HINT`,
	`Unknown (?:type "N"|directive "@N"|fragment "N")\.HINT`,
	`Directive "@N" may not be used on [A-Z_]+\.`,
	`The directive "@N" can only be used once at this location\.`,
	`(?:Field|Directive) "@?N" argument "N" of type "T" is required, but it was not provided\.`,
	`Field "N" must not have a selection since type "N" has no subfields\.`,
	`Field "N" of type "T" must have a selection of subfields\.HINT`,
	`Field "N\.N" of required type "T" was not provided\.`,
	`Field "N\.N" must be non-null\.`,
	`Field "N" is not defined by type "N"\.HINT`,
	`OneOf Input Object "N" must specify exactly one key\.`,
	`Variable "\$?N" is not defined(?: by operation "N")?\.`,
	`Variable "\$?N" is never used(?: in operation "N")?\.`,
	`Variable "\$?N" of type "T" used in position expecting type "T"\.`,
	`Variable "\$?N" is of type "T" but must be non-nullable to be used for OneOf Input Object "N"\.`,
	`Variable "\$?N" cannot be non-input type "T"\.`,
	`There can be only one (?:argument|fragment|input field|operation|variable) named "\$?N"\.`,
	`Fragment "N" is never used\.`,
	`Fragment (?:"N" )?cannot be spread here as objects of type "N" can never be of type "N"\.`,
	`Fragment (?:"N" )?cannot condition on non composite type "N"\.`,
	`Schema does not support operation type "N"`,
	`This anonymous operation must be the only defined operation\.`,
	`Maximum introspection depth exceeded`,
)

// rewritten are sentences that go on with a literal or with more than a caller needs; only the type or name before it
// is kept.
var rewritten = []struct {
	form *regexp.Regexp
	say  string
}{
	{compile(`(Int|Float|String|Boolean|ID) cannot represent a? ?non.*`)[0],
		"A value of the type $1 is expected here."},
	{compile(`Expected value of type "(T)", found .*`)[0], "A value of the type $1 is expected here."},
	{compile(`Enum "(T)" cannot represent non-enum value: .*`)[0], "A value of the enum $1 is expected here."},
	{compile(`Value ".*" does not exist in "(T)" enum\..*`)[0], "A value of the enum $1 is expected here."},
	{compile(`Fields "(N)" conflict because .*`)[0], `The fields "$1" conflict: use different aliases to fetch both.`},
	{compile(`Cannot spread fragment "(N)" within itself.*`)[0], `The fragment "$1" contains itself.`},
}

// validationSentence says what is wrong with a document without repeating a value from it.
func validationSentence(invalid *gqlerror.Error) string {
	for _, form := range repeatable {
		if form.MatchString(invalid.Message) {
			return invalid.Message
		}
	}

	for _, r := range rewritten {
		if match := r.form.FindStringSubmatchIndex(invalid.Message); match != nil {
			return string(r.form.ExpandString(nil, r.say, invalid.Message, match))
		}
	}

	if invalid.Rule != "" {
		return "The document does not fit the schema, by the rule " + invalid.Rule + "."
	}

	return "The document does not fit the schema."
}

func compile(forms ...string) []*regexp.Regexp {
	// A hint lists names of the schema, in quotes.
	parts := strings.NewReplacer(`HINT`, `(?: Did you mean [^?]{0,1000}\?)?`, `"N`, `"`+namePattern, `@N`, `@`+
		namePattern, `$?N`, `$?`+namePattern,
		`\.N`, `\.`+namePattern, `@?N`, `@?`+namePattern, `(N)`, `(`+namePattern+`)`, `"T"`, `"`+typePattern+`"`, `(T)`,
		`(`+typePattern+`)`)
	compiled := make([]*regexp.Regexp, len(forms))
	for i, form := range forms {
		compiled[i] = regexp.MustCompile(`(?s)^` + parts.Replace(form) + `$`)
	}

	return compiled
}
