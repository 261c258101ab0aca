package transport

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestSocket_Query_IsAnsweredOnce(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	p := g.join("ann")
	p.ask("1", `{echo(text:"hi")}`)
	p.expect(`{"id":"1","type":"next","payload":{"data":{"echo":"hi"}}}`)
	p.expect(`{"id":"1","type":"complete"}`)
	p.ask("1", `{who}`)
	p.expect(`{"id":"1","type":"next","payload":{"data":{"who":"ADMIN"}}}`)
	p.expect(`{"id":"1","type":"complete"}`)
	p.send(`{"type":"ping","payload":{"hunter2":1}}`)
	p.expect(`{"type":"pong"}`)
	p.send(`{"type":"pong"}`)
	p.send(`{"type":"complete","id":"unknown"}`)
	p.ask("2", `mutation{act}`)
	p.expect(`{"id":"2","type":"next","payload":{"data":{"act":null}}}`)
	p.expect(`{"id":"2","type":"complete"}`)
	if err := p.conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
	for range 100 {
		if strings.Count(g.book.String(), "msg=operation") == 3 {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if log := g.book.String(); strings.Count(log, "msg=operation") != 3 || !strings.Contains(log, "kind=mutation") ||
		strings.Contains(log, "hunter2") {
		t.Errorf("logged %s", log)
	}
}

func TestSocket_Subscription_AnswersUntilItEndsOrIsCompleted(t *testing.T) {
	t.Parallel()
	p := newRig(t, quick()).join("ann")
	p.ask("s", `subscription{ticks(n:2)}`)
	p.expect(`{"id":"s","type":"next","payload":{"data":{"ticks":1}}}`)
	p.expect(`{"id":"s","type":"next","payload":{"data":{"ticks":2}}}`)
	p.expect(`{"id":"s","type":"complete"}`)
	for range 100 {
		p.ask("s", `subscription{silence}`)
		p.send(`{"type":"complete","id":"s"}`)
	}
	p.ask("last", `subscription{ticks(n:0)}`)
	p.expect(`{"id":"last","type":"complete"}`)
}

func TestSocket_RefusedOperation_LeavesTheSocketOpen(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	p := g.join("ann")
	for query, code := range map[string]fault.Kind{
		`{nothing}`:          fault.ValidationFailed,
		`{`:                  fault.ParseFailed,
		`{silent}`:           fault.Unavailable,
		`{boom}`:             fault.Internal,
		`subscription{boom}`: fault.Internal,
		`mutation{a:revealSecret b:revealSecret}`: fault.Invalid,
		`{` + strings.Repeat("a:who ", 40) + `}`:  fault.TooCostly,
	} {
		p.ask("1", query)
		p.expectCode("1", string(code))
	}
	p.send(`{"type":"subscribe","id":"2","payload":["hunter2"]}`)
	p.expectCode("2", string(fault.BadRequest))
	p.ask("1", `{who}`)
	p.expect(`{"id":"1","type":"next","payload":{"data":{"who":"ADMIN"}}}`)
	if strings.Contains(g.book.String(), "hunter2") {
		t.Errorf("logged %s", g.book)
	}
}

func TestSocket_Query_HasTenSecondsOrWhatIsSaid(t *testing.T) {
	t.Parallel()
	p := newRig(t, quick()).join("ann")
	start := time.Now()
	p.ask("1", `{slow}`)
	p.expect(`{"id":"1","type":"next","payload":{"data":null}}`)
	if took := time.Since(start); took < time.Second || took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestSocket_TooManyOperations_AreRefusedOneByOne(t *testing.T) {
	t.Parallel()
	p := newRig(t, quick()).join("ann")
	for i := range DefaultOperations {
		p.ask(string(rune('a'+i)), `subscription{silence}`)
	}
	for range 3 * DefaultOperations {
		p.ask("more", `{who}`)
		p.expectCode("more", string(fault.RateLimited))
	}
	p.send(`{"type":"complete","id":"a"}`)
	p.ask("more", `{who}`)
	p.expect(`{"id":"more","type":"next","payload":{"data":{"who":"ADMIN"}}}`)
	p.expect(`{"id":"more","type":"complete"}`)
	p.ask("b", `{who}`)
	p.expectClose(closeExists, "id")
}

func TestSocket_Misbehaviour_ClosesIt(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	const init = `{"type":"connection_init","payload":{"AUTHORIZATION":"ann","other":1,"x-workspace-id":null}}`
	for name, test := range map[string]struct {
		sends []string
		code  websocket.StatusCode
	}{
		"no JSON":             {[]string{`{"hunter2`}, 4400},
		"a list":              {[]string{`["hunter2"]`}, 4400},
		"another member":      {[]string{`{"type":"ping","hunter2":1}`}, 4400},
		"a member twice":      {[]string{`{"type":"ping","type":"pong"}`}, 4400},
		"an unknown type":     {[]string{`{"type":"hunter2"}`}, 4400},
		"a type of server":    {[]string{init, `{"type":"next","id":"1"}`}, 4400},
		"type is a number":    {[]string{`{"type":1}`}, 4400},
		"no id":               {[]string{init, `{"type":"subscribe","payload":{"query":"{who}"}}`}, 4400},
		"a long id":           {[]string{init, `{"type":"complete","id":"` + strings.Repeat("x", 129) + `"}`}, 4400},
		"subscribe first":     {[]string{`{"type":"subscribe","id":"1","payload":{"query":"{who}"}}`}, 4401},
		"complete first":      {[]string{`{"type":"complete","id":"1"}`}, 4401},
		"no credential":       {[]string{`{"type":"connection_init"}`}, 4401},
		"a bad credential":    {[]string{`{"type":"connection_init","payload":{"authorization":"hunter2"}}`}, 4401},
		"two spellings":       {[]string{`{"type":"connection_init","payload":{"authorization":"ann","Authorization":"ann"}}`}, 4401},
		"credential is a map": {[]string{`{"type":"connection_init","payload":{"authorization":{"hunter2":1}}}`}, 4400},
		"payload is a list":   {[]string{`{"type":"connection_init","payload":["hunter2"]}`}, 4400},
		"init twice":          {[]string{init, init}, 4429},
		"too long": {[]string{init, `{"type":"ping","payload":"` + strings.Repeat("x", maxMessage) +
			`"}`}, 1009},
	} {
		t.Log(name)
		p := g.dial()
		for _, text := range test.sends {
			p.send(text)
		}
		p.expectClose(test.code, "")
	}
	p := g.dial()
	if err := p.conn.Write(t.Context(), websocket.MessageBinary, []byte(init)); err != nil {
		t.Fatal(err)
	}
	p.expectClose(4400, "text")
	if strings.Contains(g.book.String(), "hunter2") {
		t.Errorf("logged %s", g.book)
	}
}

func TestSocket_MessageAtTheLimit_IsTaken(t *testing.T) {
	t.Parallel()
	p := newRig(t, quick()).join("ann")
	text := `{"type":"ping","payload":""}`
	p.send(strings.Replace(text, `""`, `"`+strings.Repeat("x", maxMessage-len(text))+`"`, 1))
	p.expect(`{"type":"pong"}`)
}

func TestSocket_HeaderCredential_CountsUnlessThePayloadHasOneToo(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	p := g.dial("Authorization", "ann")
	p.send(`{"type":"connection_init","payload":{}}`)
	p.expect(`{"type":"connection_ack"}`)
	p = g.dial("Authorization", "ann")
	p.send(`{"type":"connection_init","payload":{"authorization":"ann"}}`)
	p.expectClose(closeUnauthorized, "one credential")
}

func TestSocket_NoInit_ClosesInTime(t *testing.T) {
	t.Parallel()
	impatient := quick()
	impatient.init = 200 * time.Millisecond
	p := newRig(t, impatient).dial()
	p.send(`{"type":"ping"}`)
	p.expectClose(closeInitTimeout, "timeout")
}

func TestSocket_LimitsOfSettings_AreItsOwn(t *testing.T) {
	t.Parallel()
	patient := quick()
	patient.init = time.Hour
	hit := make(chan string, 9)
	g := newRigOf(t, Connections{
		pace:       patient,
		Operations: 2,
		Init:       300 * time.Millisecond,
		Sockets:    8,
		Observe:    func(_, code, limit string, _ time.Duration) { hit <- code + " " + limit },
	})
	p := g.join("ann")
	p.ask("a", `subscription{silence}`)
	p.ask("b", `{who}`)
	p.expect(`{"id":"b","type":"next","payload":{"data":{"who":"ADMIN"}}}`)
	p.expect(`{"id":"b","type":"complete"}`)
	p.ask("c", `subscription{silence}`)
	p.ask("d", `{who}`)
	if text, err := p.receive(); err != nil || !strings.Contains(text, "At most 2 operations") ||
		!strings.Contains(text, `"id":"d"`) {
		t.Errorf("got %s, %v", text, err)
	}
	if first, second := <-hit, <-hit; first != " " || second != "RATE_LIMITED max-socket-operations" {
		t.Errorf("counted are %q and %q", first, second)
	}
	p = g.dial()
	p.send(`{"type":"ping"}`)
	p.expectClose(closeInitTimeout, "timeout")
}

func TestSocket_OutageAtInit_SaysToTryAgain(t *testing.T) {
	t.Parallel()
	for err, code := range map[error]websocket.StatusCode{
		fault.New(fault.Unavailable, "Not now."): 1013,
		errors.New("hunter2"):                    4500,
		fault.New(fault.RateLimited,
			"Too many."): 4429,
		fault.New(fault.Forbidden, "No."): 4403,
	} {
		g := newRig(t, quick())
		g.fail(err)
		p := g.dial()
		p.send(`{"type":"connection_init","payload":{"authorization":"ann"}}`)
		p.expectClose(code, "")
	}
}

func TestSocket_BadHandshake_IsRefusedInJSON(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	for name, change := range map[string]func(http.Header){
		"the old protocol": func(h http.Header) { h.Set("Sec-WebSocket-Protocol", "graphql-ws") },
		"no protocol":      func(h http.Header) { h.Del("Sec-WebSocket-Protocol") },
		"no key":           func(h http.Header) { h.Del("Sec-WebSocket-Key") },
		"a short key":      func(h http.Header) { h.Set("Sec-WebSocket-Key", "aHVudGVyMg==") },
		"an old version":   func(h http.Header) { h.Set("Sec-WebSocket-Version", "8") },
		"no connection":    func(h http.Header) { h.Set("Connection", "keep-alive") },
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, g.url, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range map[string]string{
			"Connection":             "Upgrade",
			"Upgrade":                "websocket",
			"Sec-WebSocket-Version":  "13",
			"Sec-WebSocket-Key":      "AAAAAAAAAAAAAAAAAAAAAA==",
			"Sec-WebSocket-Protocol": subprotocol,
		} {
			r.Header.Set(name, value)
		}
		change(r.Header)
		response, err := (&http.Client{Transport: &http.Transport{}}).Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := (events{body: response.Body}).text(t); response.StatusCode != http.StatusBadRequest ||
			!strings.Contains(got, "BAD_REQUEST") || strings.Contains(got, "hunter2") {
			t.Errorf("%s: got %d %s", name, response.StatusCode, got)
		}
		_ = response.Body.Close()
	}
}

func TestSocket_ServerStops_FinishesWhatEndsByItself(t *testing.T) {
	t.Parallel()
	p := quick()
	p.drain = time.Minute
	g := newRig(t, p)
	idle, busy := g.join("ann"), g.join("ann")
	busy.ask("s", `subscription{silence}`)
	busy.ask("q", `{slow}`)
	for g.slow.Load() < 1 {
		time.Sleep(time.Millisecond)
	}
	close(g.stopped)
	idle.expectClose(websocket.StatusGoingAway, "stopping")
	for refused := false; !refused; {
		busy.ask("late", `{who}`)
		text, err := busy.receive()
		if err != nil {
			t.Fatal(err)
		}
		if refused = strings.Contains(text, "UNAVAILABLE"); !refused {
			busy.expect(`{"id":"late","type":"complete"}`)
		}
	}
	close(g.release)
	busy.expect(`{"id":"q","type":"next","payload":{"data":{"slow":null}}}`)
	busy.expectClose(websocket.StatusGoingAway, "stopping")
}
