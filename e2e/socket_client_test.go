package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/provenanceone/data-api/internal/testkit"
)

// socket is a client's end of one, by the subprotocol graphql-transport-ws.
type socket struct {
	t    testing.TB
	conn *websocket.Conn
}

// handshake is how a server answers who asks for a socket.
type handshake struct {
	status int
	header http.Header
	body   string
}

// dial opens a socket; headers come in pairs.
func (w *world) dial(address string, headers ...string) (*socket, handshake, error) {
	h := http.Header{"User-Agent": {"e2e-socket"}}
	for i := 0; i < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	protocol := "graphql-transport-ws"
	if given := h.Get("Sec-WebSocket-Protocol"); given != "" {
		protocol = given
		h.Del("Sec-WebSocket-Protocol")
	}
	ctx, cancel := context.WithTimeout(w.t.Context(), 30*time.Second)
	defer cancel()
	//nolint:bodyclose // Dial says that nobody need close it.
	conn, response, err := websocket.Dial(ctx, "ws://"+address+"/graphql",
		&websocket.DialOptions{HTTPHeader: h, Subprotocols: []string{protocol}})
	var answered handshake
	if response != nil {
		answered = handshake{status: response.StatusCode, header: response.Header}
	}
	if err != nil {
		if response != nil && response.Body != nil {
			body, _ := io.ReadAll(response.Body)
			answered.body = string(body)
		}
		return nil, answered, err
	}
	conn.SetReadLimit(4 << 20)
	w.t.Cleanup(func() { _ = conn.CloseNow() })
	return &socket{w.t, conn}, answered, nil
}

// open opens a socket and says who one is; more are further members of the payload, in pairs.
func (w *world) open(address string, who credential, more ...string) *socket {
	w.t.Helper()
	s, _, err := w.dial(address)
	testkit.Must(w.t, err)
	payload := map[string]string{strings.ToLower(who.header): who.value}
	for i := 0; i < len(more); i += 2 {
		payload[more[i]] = more[i+1]
	}
	s.send(map[string]any{"type": "connection_init", "payload": payload})
	if m := s.receive(); m.text("type") != "connection_ack" {
		w.t.Fatalf("got %v", m.tree)
	}
	return s
}

func (s *socket) send(m map[string]any) {
	s.t.Helper()
	raw, err := json.Marshal(m)
	testkit.Must(s.t, err)
	s.write(string(raw))
}

func (s *socket) write(text string) {
	s.t.Helper()
	testkit.Must(s.t, s.conn.Write(s.t.Context(), websocket.MessageText, []byte(text)))
}

func (s *socket) ask(id, query string, variables map[string]any) {
	s.t.Helper()
	s.send(map[string]any{
		"type":    "subscribe",
		"id":      id,
		"payload": map[string]any{"query": query, "variables": variables},
	})
}

func (s *socket) read() (answer, error) {
	ctx, cancel := context.WithTimeout(s.t.Context(), 30*time.Second)
	defer cancel()
	_, raw, err := s.conn.Read(ctx)
	a := answer{body: raw}
	return a, errors.Join(err, json.Unmarshal(append(raw, ' '), &a.tree))
}

func (s *socket) receive() answer {
	s.t.Helper()
	a, err := s.read()
	testkit.Must(s.t, err)
	return a
}

// do sends an operation and returns its answer, as if it had come by POST.
func (s *socket) do(query string, variables map[string]any) answer {
	s.t.Helper()
	s.ask("one", query, variables)
	a := s.receive()
	if a.text("type") == "error" {
		return answer{body: a.body, tree: map[string]any{"errors": a.tree["payload"]}}
	}
	if m := s.receive(); m.text("type") != "complete" || m.text("id") != "one" {
		s.t.Fatalf("got %s, then %s", a.body, m.body)
	}
	payload, _ := a.tree["payload"].(map[string]any)
	return answer{body: a.body, tree: payload}
}

// closed waits until the socket is closed and returns with which code.
func (s *socket) closed() (websocket.StatusCode, string) {
	s.t.Helper()
	for {
		_, err := s.read()
		var e websocket.CloseError
		if errors.As(err, &e) {
			return e.Code, e.Reason
		}
		if err != nil {
			s.t.Fatalf("the socket broke: %v", err)
		}
	}
}
