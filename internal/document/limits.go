package document

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/fault"
)

// Limits are the most that a document may hold. All but Cost are checked before it is validated, for validation costs
// the square of some.
type Limits struct {
	Bytes, Tokens int
	// NameBytes is the length of a single name: the validator compares unknown ones with every name of the schema.
	NameBytes int
	// Aliases, Fields and RootFields count a fragment anew at each place it is spread.
	Aliases, Fields, RootFields int
	// Repeats is how many fields may fill one place in the answer: the validator compares them each with each.
	Repeats int
	// Depth is how many levels of fields lie in each other; below `__schema` and `__type` it is IntrospectionDepth.
	Depth, IntrospectionDepth int
	// Directives and Fragments count what is written: uses of directives, and fragments both named and inline.
	Directives, Fragments int
	// Cost is how many points an operation may cost; see NewCost.
	Cost int
}

// DefaultLimits returns the limits that the documentation promises.
func DefaultLimits() Limits {
	return Limits{
		Bytes:              64 << 10,
		Tokens:             1000,
		NameBytes:          100,
		Aliases:            30,
		Fields:             2000,
		RootFields:         20,
		Repeats:            50,
		Depth:              12,
		IntrospectionDepth: 15,
		Directives:         50,
		Fragments:          50,
		Cost:               DefaultCost,
	}
}

// SharesOf returns how many points may be under way at once where an operation may cost so many, answers that are not
// yet taken included. At 5 KiB a point, those of DefaultCost bound answers to 80 MiB in a server, 20 MiB for a
// workspace and 10 MiB for a caller.
func SharesOf(cost int) fair.Limits {
	return fair.Limits{
		All:       8 * int64(cost),
		Workspace: 2 * int64(cost),
		Caller:    int64(cost),
		Wait:      8 * time.Second,
		Waiting:   1000,
	}
}

type limiter struct {
	anySchema
	limits Limits
	known  graphql.Cache[*ast.QueryDocument]
}

// NewLimits returns the extension that refuses documents beyond the limits before they are parsed or validated for
// execution. A document in known, the server's cache, has passed before.
//
// Errors: fault.TooCostly, naming the limit and the number; fault.ParseFailed, with the position, for what is no
// GraphQL; fault.ValidationFailed for a fragment that contains itself, is missing, unused or there twice, a number
// that fits no type, `@defer`, and an operation that is not there.
func NewLimits(l Limits, known graphql.Cache[*ast.QueryDocument]) graphql.HandlerExtension {
	return &limiter{limits: l, known: known}
}

// ExtensionName names the extension.
func (*limiter) ExtensionName() string { return "DocumentLimits" }

// MutateOperationParameters checks the document before the server parses it; it changes nothing.
func (l *limiter) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if len(request.Query) > l.limits.Bytes {
		return refusal(tooLong(len(request.Query), l.limits.Bytes))
	}

	if doc, ok := l.known.Get(ctx, request.Query); ok {
		return selected(doc, request.OperationName)
	}

	doc, err := l.limits.check(request.Query)
	if err != nil {
		return err
	}

	return selected(doc, request.OperationName)
}

// check parses a document that is not beyond the limits.
func (l Limits) check(query string) (*ast.QueryDocument, *gqlerror.Error) {
	if err := l.scan(query); err != nil {
		return nil, err
	}

	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		return nil, unparsable(err)
	}

	return doc, newTally(doc).check(l)
}

func selected(doc *ast.QueryDocument, operation string) *gqlerror.Error {
	switch {
	case len(doc.Operations) == 0:
		return refusal(noOperation())
	case doc.Operations.ForName(operation) != nil:
		return nil
	case operation == "":
		return refusal(fault.New(fault.ValidationFailed, "The document has several operations: name one in "+
			"operationName."))
	}

	return refusal(fault.New(fault.ValidationFailed, "The document has no operation of the name in operationName."))
}

func noOperation() *fault.Error {
	return fault.New(fault.ValidationFailed, "The document has no operation.")
}

func tooLong(have, most int) *fault.Error {
	return tooCostly("The document has %d bytes; at most %d are allowed. Send values in variables.", have, most).
		Beyond("max-document-bytes")
}

func tooCostly(format string, args ...any) *fault.Error {
	return fault.New(fault.TooCostly, format, args...)
}

// refusal carries a fault through the server to the error presenter.
func refusal(f *fault.Error, at ...gqlerror.Location) *gqlerror.Error {
	return &gqlerror.Error{Err: f, Message: f.Say, Locations: at, Extensions: extensions(f)}
}
