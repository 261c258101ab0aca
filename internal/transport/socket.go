package transport

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// maxMessage is in bytes; longer ones close the socket.
const maxMessage = maxBody

// Socket is the transport for operations over a WebSocket, by the subprotocol graphql-transport-ws.
//
// The first message says who acts, unless the headers of the handshake do. The credential is looked at before each
// operation, and again and again while one runs. When it ends, so does the socket. Nothing that was sent is repeated,
// in an answer, a reason or the log.
//
// Source: GraphQL over WebSocket Protocol, graphql-transport-ws; RFC 6455.
type Socket struct {
	Connections
	Log *slog.Logger
	// RequestID returns the id of a request, or of an operation that was admitted.
	RequestID func(context.Context) string
}

// Supports reports whether a request asks for a WebSocket. The server in front has seen to whose page it comes from.
func (Socket) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// Do opens the socket and returns when it is closed and everything that ran on it has ended.
func (t Socket) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	if f := checkUpgrade(r.Header); f != nil {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Sec-WebSocket-Version", "13")
		writeErrors(w, http.StatusBadRequest, present(r.Context(), exec, f))
		return
	}

	line := &tap{ResponseWriter: w}
	// Origins were checked in front, by a list that is exact. Nothing is compressed: what is secret would show in the
	// length.
	conn, err := websocket.Accept(line, r,
		&websocket.AcceptOptions{Subprotocols: []string{subprotocol}, InsecureSkipVerify: true})
	if err != nil {
		return
	}

	t.Opened(1)
	defer t.Opened(-1)
	conn.SetReadLimit(maxMessage)
	s := &socket{
		Socket:     t,
		exec:       exec,
		conn:       conn,
		line:       line.taken,
		headers:    r.Header,
		operations: newOperations(t.Operations),
		leave:      func() {},
	}
	s.serve(r.Context())
}

// socket is an open one.
type socket struct {
	Socket
	exec    graphql.GraphExecutor
	conn    *websocket.Conn
	line    net.Conn
	headers http.Header
	// end ends the socket, for a reason.
	end     context.CancelCauseFunc
	helpers sync.WaitGroup
	writing sync.Mutex
	// began is whether the peer has said who it is.
	began atomic.Bool
	// credential is set once it was found good, and leave makes room for another socket of its principal.
	credential *credential
	leave      func()
	operations *operations
}

// errGone is that the other side has closed the socket, or cannot be reached.
var errGone = fmt.Errorf("the other side is gone: %w", errUnheard)

var errGoingAway = closing{websocket.StatusGoingAway, "The server is stopping: connect again."}

func (s *socket) serve(ctx context.Context) {
	ctx, s.end = context.WithCancelCause(ctx)
	s.help(ctx, func() error { return s.read(ctx) })
	s.help(ctx, func() error { return s.ping(ctx) })
	s.end(s.wait(ctx))
	s.close(ctx, context.Cause(ctx))
	s.helpers.Wait()
	<-s.operations.close()
	s.leave()
}

// help does something beside, whose end is the socket's.
func (s *socket) help(ctx context.Context, do func() error) {
	s.helpers.Go(func() { s.end(s.safely(ctx, do)) })
}

// wait returns why the socket must end: something else ended it, nobody said who acts, or the server stops and what
// ran has ended.
func (s *socket) wait(ctx context.Context) error {
	init := time.NewTimer(s.pace.init)
	defer init.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-init.C:
			if !s.began.Load() {
				return closing{closeInitTimeout, "Connection initialisation timeout"}
			}
		case <-s.Stopping(ctx):
			select {
			case <-s.operations.close():
			case <-time.After(s.pace.drain):
			case <-ctx.Done():
			}

			return errGoingAway
		}
	}
}

// close says good-bye, and cuts the line if there is no answer.
func (s *socket) close(ctx context.Context, because error) {
	defer time.AfterFunc(s.pace.farewell, func() { _ = s.line.Close() }).Stop()
	if errors.Is(because, errGone) {
		_ = s.conn.CloseNow()
		return
	}

	c, known := closingFor(because)
	level := slog.LevelInfo
	if !known {
		level = slog.LevelError
	}

	s.Log.Log(ctx, level, "socket closed", "requestId", s.RequestID(ctx), "code", int(c.code), "error", because)
	_ = s.conn.Close(c.code, c.say)
}

func (s *socket) read(ctx context.Context) error {
	for ctx.Err() == nil {
		text, err := s.receive(ctx)
		if err == nil {
			err = s.handle(ctx, text)
		}

		if err != nil {
			return err
		}
	}

	return nil
}

// receive waits for a message. That wait has no end, but pings that are not answered end it; a message that has begun
// must arrive in time.
func (s *socket) receive(ctx context.Context) ([]byte, error) {
	// A context that ends would cut the line before the peer has the reason.
	kind, message, err := s.conn.Reader(context.WithoutCancel(ctx))
	if err != nil {
		return nil, errGone
	}

	if kind != websocket.MessageText {
		return nil, badMessage("Messages are text.")
	}

	_ = s.line.SetReadDeadline(time.Now().Add(s.pace.message))
	text, err := io.ReadAll(message)
	if errors.Is(err, websocket.ErrMessageTooBig) {
		return nil, closing{websocket.StatusMessageTooBig, "The message is too long."}
	}

	if err != nil {
		return nil, errGone
	}

	_ = s.line.SetReadDeadline(time.Time{})
	return text, nil
}

// handle returns why the socket must end, or nil.
func (s *socket) handle(ctx context.Context, text []byte) error {
	m, err := parseMessage(text, s.CheckMessage)
	if err != nil {
		return err
	}

	switch {
	case m.kind == typeInit:
		return s.init(ctx, m.payload)
	case m.kind == typePing:
		return s.write(ctx, reply{Type: typePong})
	case m.kind == typePong:
		return nil
	case s.credential == nil:
		return closing{closeUnauthorized, "Send connection_init first."}
	case m.kind == typeComplete:
		s.operations.complete(m.id)
		return nil
	}

	return s.subscribe(ctx, m)
}

// init finds out who acts.
func (s *socket) init(ctx context.Context, payload json.RawMessage) error {
	if s.began.Swap(true) {
		return closing{closeTooMany, "Too many initialisation requests"}
	}

	headers, err := withCredential(s.headers, payload)
	if err != nil {
		return err
	}

	c := newCredential(s.Connections, headers)
	asked, cancel := context.WithTimeout(ctx, s.Time)
	defer cancel()
	admitted, err := c.look(asked)
	if err != nil {
		return err
	}

	leave, err := s.crowd.enter(authz.ActorFrom(admitted))
	if err != nil {
		return err
	}

	s.credential, s.leave = c, leave
	s.help(ctx, func() error { return c.watch(ctx, s.operations.busy) })
	return s.write(ctx, reply{Type: typeAck})
}

// ping asks from time to time whether the other side is still there.
func (s *socket) ping(ctx context.Context) error {
	tick := time.NewTicker(s.pace.ping)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}

		asked, cancel := context.WithTimeout(ctx, s.pace.write)
		err := s.conn.Ping(asked)
		cancel()
		if err != nil {
			return errGone
		}
	}
}

// write sends a message, and waits until it is taken. What is not taken in time ends the socket.
func (s *socket) write(ctx context.Context, r reply) error {
	text, err := json.Marshal(r)
	if err != nil {
		return fault.New(fault.Internal, "").Because(err)
	}

	s.writing.Lock()
	defer s.writing.Unlock()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.pace.write)
	defer cancel()
	if err := s.conn.Write(ctx, websocket.MessageText, text); err != nil {
		s.end(errGone)
		return errGone
	}

	return nil
}
