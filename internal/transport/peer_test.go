package transport

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// peer is the other end of a socket.
type peer struct {
	t    testing.TB
	conn *websocket.Conn
}

func (g *rig) dial(headers ...string) *peer {
	g.t.Helper()
	h := http.Header{}
	for i := 0; i < len(headers); i += 2 {
		h.Add(headers[i], headers[i+1])
	}
	//nolint:bodyclose // Dial says that nobody need close it.
	conn, _, err := websocket.Dial(g.t.Context(), g.url,
		&websocket.DialOptions{HTTPHeader: h, Subprotocols: []string{"other", subprotocol}})
	if err != nil {
		g.t.Fatal(err)
	}
	if conn.Subprotocol() != subprotocol {
		g.t.Fatalf("got %q", conn.Subprotocol())
	}
	conn.SetReadLimit(4 << 20)
	g.t.Cleanup(func() { _ = conn.CloseNow() })
	return &peer{t: g.t, conn: conn}
}

// join is dial, and saying who one is.
func (g *rig) join(name string) *peer {
	g.t.Helper()
	p := g.dial()
	p.send(`{"type":"connection_init","payload":{"authorization":"` + name + `"}}`)
	p.expect(`{"type":"connection_ack"}`)
	return p
}

func (p *peer) send(text string) {
	p.t.Helper()
	if err := p.conn.Write(p.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) ask(id, query string) {
	p.t.Helper()
	payload, _ := json.Marshal(map[string]string{"query": query})
	p.send(`{"type":"subscribe","id":"` + id + `","payload":` + string(payload) + `}`)
}

func (p *peer) receive() (string, error) {
	ctx, cancel := context.WithTimeout(p.t.Context(), 10*time.Second)
	defer cancel()
	_, text, err := p.conn.Read(ctx)
	return string(text), err
}

// toldCost is what an answer says of its cost.
var toldCost = regexp.MustCompile(`,"extensions":\{"cost":\{[^{}]*\}\}`)

// expect expects a message, whatever its answer cost.
func (p *peer) expect(want string) {
	p.t.Helper()
	if got, err := p.receive(); err != nil || toldCost.ReplaceAllString(got, "") != want {
		p.t.Fatalf("got %s, %v; want %s", got, err, want)
	}
}

// expectCode expects an error for an operation.
func (p *peer) expectCode(id, code string) {
	p.t.Helper()
	text, err := p.receive()
	var got struct {
		Type, ID string
		Payload  []struct{ Extensions struct{ Code string } }
	}
	if json.Unmarshal([]byte(text), &got) != nil || err != nil || got.Type != "error" || got.ID != id ||
		len(got.Payload) == 0 || got.Payload[0].Extensions.Code != code {
		p.t.Fatalf("got %s, %v; want %s for %s", text, err, code, id)
	}
}

// expectClose passes over messages until the socket is closed.
func (p *peer) expectClose(code websocket.StatusCode, say string) {
	p.t.Helper()
	for {
		_, err := p.receive()
		if err == nil {
			continue
		}
		var got websocket.CloseError
		if !errors.As(err, &got) || got.Code != code || !strings.Contains(got.Reason, say) {
			p.t.Fatalf("got %v; want %d %q", err, code, say)
		}
		return
	}
}

// events are an answer that is still coming.
type events struct {
	status int
	header http.Header
	body   io.Reader
}

// text waits for the end, and leaves out what each answer cost.
func (e events) text(t testing.TB) string {
	t.Helper()
	all, err := io.ReadAll(e.body)
	if err != nil {
		t.Fatal(err)
	}
	return toldCost.ReplaceAllString(string(all), "")
}

// stream sends an operation whose answers are to come as events.
func (g *rig) stream(method, name, query string) events {
	g.t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	r, err := http.NewRequestWithContext(g.t.Context(), method, g.url, strings.NewReader(string(body)))
	if err != nil {
		g.t.Fatal(err)
	}
	if method == http.MethodGet {
		r.Body, r.ContentLength = http.NoBody, 0
		r.URL.RawQuery = "query=" + strings.ReplaceAll(query, " ", "%20")
	}
	r.Header = http.Header{"Accept": {eventStream}, "Content-Type": {"application/json"}, "Authorization": {name}}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { _ = response.Body.Close() })
	return events{response.StatusCode, response.Header, response.Body}
}
