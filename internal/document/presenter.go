package document

import (
	"context"
	"errors"
	"log/slog"
	"maps"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/outcome"
)

// Presenter returns what turns an error into what the caller reads. It lets through only what is known to be fit for
// callers:
//
//   - the sentence, kind and details of a *fault.Error, with `field` added where one input is at fault;
//   - what is wrong with a document or its variables, in terms of names and positions, never of values;
//   - that time ran out, as fault.Unavailable.
//
// Everything else becomes fault.Internal with the request's id, and is logged once, with that id and the path.
func Presenter(log *slog.Logger, requestID func(context.Context) string) graphql.ErrorPresenterFunc {
	p := presenter{log: log, requestID: requestID}
	return p.present
}

type presenter struct {
	log       *slog.Logger
	requestID func(context.Context) string
}

func (p presenter) present(ctx context.Context, err error) *gqlerror.Error {
	if err == nil {
		return nil
	}

	said := &gqlerror.Error{}
	if known, ok := errors.AsType[*gqlerror.Error](err); ok {
		said.Path, said.Locations = known.Path, known.Locations
	}

	response, input := splitPath(ctx, said.Path)
	said.Path = response
	f := p.fault(ctx, err, input)
	if f.Kind == fault.Internal {
		f = p.internal(ctx, err, response)
	}

	said.Message, said.Extensions = f.Say, extensions(f)
	return said
}

// fault says what an error is in the caller's terms; input is the path of the argument at fault, if it is one.
func (p presenter) fault(ctx context.Context, err error, input ast.Path) *fault.Error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		outcome.From(ctx).Hit(f.Limit)
		p.logOutage(ctx, f, err)
		return withField(f, input)
	}

	if f := requestFault(ctx, err); f != nil {
		return f
	}

	switch {
	case len(input) > 0:
		return fault.Field(fault.Invalid, lastName(input), "A value does not fit the type of its input.")
	case ctx.Err() != nil, errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		p.log.InfoContext(ctx, "request ran out of time", "requestId", p.requestID(ctx), "error", err)
		return OutOfTime()
	}

	return fault.New(fault.Internal, "")
}

// logOutage keeps what caused fault.Unavailable, which the caller does not see.
func (p presenter) logOutage(ctx context.Context, f *fault.Error, err error) {
	level := slog.LevelWarn
	if errors.Is(err, fault.ErrOutage) { // the log has it
		level = slog.LevelDebug
	}

	if f.Kind == fault.Unavailable && f.Unwrap() != nil {
		p.log.Log(ctx, level, "unavailable", "requestId", p.requestID(ctx), "error", err)
	}
}

// OutOfTime returns the fault of an operation that ran out of time before it had an answer.
func OutOfTime() *fault.Error {
	return fault.New(fault.Unavailable, "The request took too long and was ended. What it asked for may or may not "+
		"have been done.")
}

func (p presenter) internal(ctx context.Context, err error, at ast.Path) *fault.Error {
	id := p.requestID(ctx)
	if !errors.Is(err, errLogged) {
		p.log.ErrorContext(ctx, "internal error", "requestId", id, "path", at.String(), "error", err)
	}

	return fault.New(fault.Internal, "An internal error occurred. Its details are in the log under the request's id.").
		With("requestId", id)
}

func withField(f *fault.Error, input ast.Path) *fault.Error {
	if _, named := f.Details["field"]; named || len(input) == 0 || f.Kind != fault.Invalid {
		return f
	}

	return f.With("field", lastName(input))
}

func extensions(f *fault.Error) map[string]any {
	all := maps.Clone(f.Details)
	if all == nil {
		all = map[string]any{}
	}

	all["code"] = string(f.Kind)
	return all
}

// splitPath parts the path of an error within an argument into that of the field in the answer and that within the
// arguments.
func splitPath(ctx context.Context, path ast.Path) (response, input ast.Path) {
	field := graphql.GetFieldContext(ctx)
	if field == nil {
		return nil, nil
	}

	n := len(field.Path())
	if n >= len(path) || field.Field.Field == nil || field.Field.Definition == nil {
		return path, nil
	}

	if name, ok := path[n].(ast.PathName); !ok || field.Field.Definition.Arguments.ForName(string(name)) == nil {
		return path, nil
	}

	return path[:n], path[n:]
}

// lastName returns the last name of a path: what an element of a list is called.
func lastName(path ast.Path) string {
	for i := len(path) - 1; i >= 0; i-- {
		if name, ok := path[i].(ast.PathName); ok {
			return string(name)
		}
	}

	return ""
}
