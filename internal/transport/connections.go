package transport

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/trace"
)

// Connections is what streams and sockets need of the server in front. Without Admit there are none.
type Connections struct {
	// Admit returns a context of one more operation, with the actor whom the headers stand for and an id of its own.
	//
	// Errors: fault.Unauthenticated and fault.Forbidden for a credential that is no good, or no good any more;
	// fault.RateLimited for an address that has shown too many of those; anything else if it cannot be found out now.
	Admit func(ctx context.Context, headers http.Header) (context.Context, error)
	// Stopping returns what is closed when the server is to stop; nil is never.
	Stopping func(context.Context) <-chan struct{}
	// CheckMessage says what is wrong with the JSON of a message, CheckRequest what with that of a GraphQL request,
	// without repeating any of it.
	CheckMessage, CheckRequest func(text []byte) error
	// Time is how long a query or mutation may take. A subscription has no end in time.
	Time time.Duration
	// Observe is told of each operation on a socket that has ended, as the server in front is of requests; Opened of
	// each socket that opened, by 1, or closed, by -1. nil is nobody.
	Observe func(operation, code, limit string, took time.Duration)
	Opened  func(more int)
	// Tracer begins a trace for each operation on a socket; nil is none.
	Tracer *trace.Tracer
	// Sockets is how many each principal may have open, DefaultSockets if zero; Operations how many may run at once on
	// a socket, DefaultOperations if zero; Init how long a socket may take to say who it is, 5 s if zero.
	Sockets, Operations int
	Init                time.Duration

	crowd   *crowd
	pace    pace
	recover graphql.RecoverFunc
}

// pace is how long things take that belong to connections.
type pace struct {
	// look is how often a credential is looked at while operations run, idle while none does. patience is how long one
	// look may take.
	look, idle, patience time.Duration
	// doubt is how long a connection stays open while its credential cannot be looked at.
	doubt time.Duration
	// init is how long a socket may take to say who it is, message how long a message may take to arrive once it has
	// begun.
	init, message time.Duration
	// write is how long it may take until the other side has taken a message, farewell how long the last one.
	write, farewell time.Duration
	// drain is how long operations may go on once the server is to stop. It leaves time for the farewell within the
	// ten seconds of a stop.
	drain time.Duration
	// comment is how often a stream says that it is alive, ping how often a socket asks.
	comment, ping time.Duration
}

// defaultPace keeps the promise that whoever holds a revoked credential is cut off within a second: look and a look's
// own time are less.
func defaultPace() pace {
	return pace{
		look:     600 * time.Millisecond,
		idle:     5 * time.Second,
		patience: 2 * time.Second,
		doubt:    5 * time.Second,
		init:     5 * time.Second,
		message:  15 * time.Second,
		write:    15 * time.Second,
		farewell: time.Second,
		drain:    8 * time.Second,
		comment:  12 * time.Second,
		ping:     25 * time.Second,
	}
}

func (c Connections) withDefaults() Connections {
	if c.Stopping == nil {
		c.Stopping = func(context.Context) <-chan struct{} { return nil }
	}

	if c.Observe == nil {
		c.Observe = func(string, string, string, time.Duration) {}
	}

	if c.Opened == nil {
		c.Opened = func(int) {}
	}

	c.crowd = newCrowd(cmp.Or(c.Sockets, DefaultSockets))
	c.Operations = cmp.Or(c.Operations, DefaultOperations)
	if c.pace == (pace{}) {
		c.pace = defaultPace()
	}

	c.pace.init = cmp.Or(c.Init, c.pace.init)
	return c
}

// errUnheard is that an answer was not taken by the other side.
var errUnheard = errors.New("nobody hears the answer")

// errSilent is that a query or mutation ended without an answer, because its context had.
var errSilent = errors.New("no answer")

// play runs an operation and gives emit each of its answers. Unless it is a subscription, its time is counted from the
// trace in the context.
//
// Errors: errSilent; errUnheard, or what else emit returned.
func (c Connections) play(
	ctx context.Context, exec graphql.GraphExecutor, operation *graphql.OperationContext,
	emit func(*graphql.Response) error,
) error {
	endless := operation.Operation.Operation == ast.Subscription
	if !endless {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, graphql.GetStartTime(ctx).Add(c.Time))
		defer cancel()
	}

	next, ctx := exec.DispatchOperation(ctx, operation)
	for {
		response := next(ctx)
		if response == nil && endless {
			return nil
		}

		if response == nil {
			return errSilent
		}

		if err := emit(response); err != nil || !endless {
			return err
		}
	}
}

// safely returns what do does, or a panic in it as an error that is in the log already. Nobody else would catch it in
// a goroutine.
func (c Connections) safely(ctx context.Context, do func() error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = c.recover(ctx, panicked)
		}
	}()
	return do()
}

// present puts an error into the words that a caller may read.
func present(ctx context.Context, exec graphql.GraphExecutor, err error) gqlerror.List {
	if list, ok := errors.AsType[gqlerror.List](err); ok {
		return list
	}

	if errors.Is(err, errSilent) {
		err = document.OutOfTime()
	}

	return exec.DispatchError(ctx, gqlerror.List{{Err: err}}).Errors
}
