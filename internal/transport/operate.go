package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/outcome"
)

// busy carries a hint that is honest for operations of the usual length.
func busy(most int) error {
	return fault.New(fault.RateLimited, "At most %d operations may run at once on a socket: wait until one has "+
		"completed.", most).With("retryAfterSeconds", 1).Beyond("max-socket-operations")
}

// subscribe begins an operation, and returns why the socket must end, or nil. What becomes of the operation is not of
// the socket's own request.
func (s *socket) subscribe(ctx context.Context, m message) error {
	ctx, became := outcome.New(ctx)
	life, op, verdict := s.operations.begin(ctx, m.id)
	switch verdict {
	case taken:
		return closing{closeExists, "An operation with this id is running already."}
	case full:
		refused := present(ctx, s.exec, busy(s.Operations))
		s.Observe(became.Operation(), became.Code(), became.Limit(), 0)
		return s.write(ctx, reply{ID: m.id, Type: typeError, Payload: refused})
	case over:
		return s.write(ctx, reply{ID: m.id, Type: typeError, Payload: present(ctx, s.exec, errStopping)})
	case begun:
	}

	go s.operate(life, op, m.payload)
	return nil
}

// operate runs an operation for as long as its life lasts, and tells how it went.
func (s *socket) operate(life context.Context, op *operation, payload json.RawMessage) {
	defer s.operations.finish(op)
	life, span, traceID := s.Tracer.Begin(life, "operation")
	defer span.End()
	ctx, admitted := graphql.StartOperationTrace(life), false
	err := s.safely(ctx, func() error {
		own, err := s.admit(ctx)
		if err != nil {
			return err
		}

		ctx, admitted = own, true
		return s.run(life, ctx, op, payload)
	})
	s.operations.release(op)
	heard := life.Err() == nil && !errors.Is(err, errUnheard)
	last := reply{ID: op.id, Type: typeComplete}
	if heard && err != nil {
		last.Type, last.Payload = typeError, present(ctx, s.exec, err)
	}

	if admitted {
		s.note(ctx, s.RequestID(life), traceID, op.kind)
	}

	if heard {
		// What cannot be told ends the socket.
		_ = s.write(ctx, last)
	}
}

// admit finds out who acts now. If nobody may any more, that ends the socket.
func (s *socket) admit(ctx context.Context) (context.Context, error) {
	asked, cancel := context.WithTimeout(ctx, s.Time)
	defer cancel()
	admitted, err := s.credential.look(asked)
	if err != nil {
		if ends(err) {
			s.end(err)
		}

		return nil, err
	}

	return context.WithoutCancel(admitted), nil
}

// run runs what was sent. What ctx knows is the operation's own; it ends when life does.
func (s *socket) run(life, ctx context.Context, op *operation, payload json.RawMessage) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(life, cancel)()
	ctx, written := fair.Scope(ctx)
	defer written()
	params, err := s.params(payload)
	if err != nil {
		return err
	}

	operation, refused := opened(ctx, s.exec, params)
	if len(refused) > 0 {
		return refused
	}

	if op.kind = operation.Operation.Operation; op.kind == ast.Subscription {
		s.operations.subscribed(op)
	}

	return s.play(ctx, s.exec, operation, func(answer *graphql.Response) error {
		if life.Err() != nil {
			return errUnheard
		}

		return s.write(ctx, reply{ID: op.id, Type: typeNext, Payload: answer})
	})
}

// note writes a line for an operation when it ends, and tells Observe of it, as the server in front does for a request.
func (s *socket) note(ctx context.Context, connectionID, traceID string, kind ast.Operation) {
	who, became, took := authz.ActorFrom(ctx), outcome.From(ctx), time.Since(graphql.GetStartTime(ctx))
	s.Observe(became.Operation(), became.Code(), became.Limit(), took)
	s.Log.InfoContext(ctx, "operation", "requestId", s.RequestID(ctx), "traceId", traceID,
		"connectionId", connectionID, "kind", string(kind), "operation", became.Operation(), "code", became.Code(),
		outcome.Milliseconds(took), "ip", who.From.IP,
		"workspaceId", who.Workspace.String(), "actorKind", string(who.Kind), "actorId", who.PrincipalID)
}

func (s *socket) params(payload json.RawMessage) (*graphql.RawParams, error) {
	if err := s.CheckRequest(payload); err != nil {
		return nil, err
	}

	start := graphql.Now()
	params, err := decodeParams(json.NewDecoder(bytes.NewReader(payload)), s.headers)
	if err != nil {
		return nil, badMessage("The payload must be a JSON object with a query, and variables, operationName and " +
			"extensions if need be.")
	}

	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return params, nil
}
