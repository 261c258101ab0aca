package postgres

import (
	"context"
	"errors"
	"io"
	"regexp"
	"runtime"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/trace"
)

// statementSpan begins the span of a statement, which bears the name of the method that runs it: its text would say
// less, and takes more room. Its arguments are nowhere.
func statementSpan(ctx context.Context) *trace.Span {
	from := trace.From(ctx)
	if from == nil {
		return nil
	}

	return callSpan(from, storeMethod())
}

// callSpan begins the span of what the database is told to do.
func callSpan(from *trace.Span, name string) *trace.Span {
	span := from.Call(name)
	span.Set("db.system.name", "postgresql")
	return span
}

// exported is an exported method of an exported type, in this package. What statements pass through on their way to the
// connection is neither.
var exported = regexp.MustCompile(`/internal/postgres\.\(?\*?([A-Z]\w*)\)?\.([A-Z]\w*)`)

// mostFrames is how far up the stack a method is looked for.
const mostFrames = 64

// storeMethod is the innermost method of a store on the stack, such as `Secrets.Find`.
func storeMethod() string {
	var callers [mostFrames]uintptr
	frames := runtime.CallersFrames(callers[:runtime.Callers(1, callers[:])])
	for {
		frame, more := frames.Next()
		if name := exported.FindStringSubmatch(frame.Function); name != nil {
			return name[1] + "." + name[2]
		}

		if !more {
			return "statement"
		}
	}
}

// endSpan ends a span, and says by Postgres's code how what it is about has failed. The end of the rows is no failure.
func endSpan(span *trace.Span, err error) {
	if span == nil {
		return
	}

	var said *pq.Error
	switch {
	case errors.As(err, &said):
		span.Fail(string(said.Code))
	case errors.Is(err, context.Canceled):
		span.Fail("cancelled")
	case err != nil && !errors.Is(err, io.EOF):
		span.Fail("error")
	}

	span.End()
}
