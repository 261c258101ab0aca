package e2e

import (
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestSocket_QueryAndMutation_DoWhatTheyDoByPOST(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	for i, who := range []credential{w.user("acme", authz.Editor), w.apiKey("acme", authz.DatastoresWrite)} {
		s := w.open(w.address, who)
		made := s.do(`mutation($n: String!) { createDatastore(input: {name: $n}) { datastore { id } } }`,
			map[string]any{"n": "d" + string(rune('0'+i))})
		got := s.do(`query($id: ID!) { datastore(id: $id) { name } }`,
			map[string]any{"id": made.text("data", "createDatastore", "datastore", "id")})
		if got.text("data", "datastore", "name") != "d"+string(rune('0'+i)) {
			t.Errorf("got %s after %s", got.body, made.body)
		}
		if got := s.do(`{ auditEvents { nodes { id } } }`, nil); got.code() != "FORBIDDEN" {
			t.Errorf("got %s", got.body)
		}
		if got := s.do(`{ nothing }`, nil); got.code() != "GRAPHQL_VALIDATION_FAILED" {
			t.Errorf("got %s", got.body)
		}
	}
	if a := w.do(w.user("globex", authz.Viewer), `{ datastores { totalCount } }`, nil); a.at("data", "datastores",
		"totalCount") != 0.0 {
		t.Errorf("got %s", a.body)
	}
}

func TestSocket_Reveal_IsOnRecordWithWhoAndWhence(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	id := w.keepSecret()
	admin := w.user("acme", authz.Admin)
	trusting := shared.serveWith(t, "trusting-sockets", "--trusted-proxies", "127.0.0.1/32").address
	s, response, err := w.dial(trusting, admin.header, admin.value, "X-Forwarded-For", "192.0.2.7", "X-Request-Id",
		"the-socket")
	testkit.Must(t, err)
	if got := response.header.Get("X-Request-Id"); got == "the-socket" || got == "" {
		t.Errorf("got %q", got)
	}
	s.write(`{"type":"connection_init"}`)
	s.receive()
	ids := map[string]bool{}
	for range 2 {
		a := s.do(`mutation($id: ID!) { revealSecret(input: {secretId: $id}) { value auditEventId } }`,
			map[string]any{"id": id})
		event := w.do(admin, `query($id: ID!) { auditEvent(id: $id) { ip userAgent requestId action details } }`,
			map[string]any{"id": a.text("data", "revealSecret", "auditEventId")})
		if event.text("data", "auditEvent", "ip") != "192.0.2.7" ||
			event.text("data", "auditEvent", "userAgent") != "e2e-socket" ||
			event.text("data", "auditEvent", "details", "callersRequestId") != "the-socket" {
			t.Errorf("got %s", event.body)
		}
		ids[event.text("data", "auditEvent", "requestId")] = true
	}
	if len(ids) != 2 || ids["the-socket"] || ids[""] {
		t.Errorf("the operations have the ids %v", ids)
	}
	a := s.do(`mutation($id: ID!) { a: revealSecret(input: {secretId: $id}) { value } b: revealSecret(input: {secretId: $id}) { value } }`, map[string]any{"id": id})
	if a.code() != "BAD_USER_INPUT" {
		t.Errorf("two reveals at once: %s", a.body)
	}
}

func TestSocket_Init_DecidesWhoActsAndWhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	viewer, key := w.user("acme", authz.Viewer), w.apiKey("acme", authz.DatastoresRead)
	s := w.open(w.address, viewer, "X-WORKSPACE-ID", string(w.acme))
	if a := s.do(`{ viewer { workspace { id } } }`, nil); a.text("data", "viewer", "workspace",
		"id") != string(w.acme) {
		t.Errorf("got %s", a.body)
	}
	if a := w.open(w.address, viewer, "x-workspace-id", string(w.globex)).
		do(`{ datastores { totalCount } }`, nil); a.code() != "FORBIDDEN" {
		t.Errorf("another's workspace: %s", a.body)
	}
	for name, test := range map[string]struct {
		headers []string
		payload string
		want    websocket.StatusCode
	}{
		"nobody":           {nil, `{}`, 4401},
		"a bad token":      {nil, `{"authorization":"Bearer nothing"}`, 4401},
		"a key as a token": {nil, `{"authorization":"Bearer ` + key.value + `"}`, 4401},
		"two credentials": {nil, `{"authorization":"` + viewer.value + `","x-api-key":"` + key.value +
			`"}`, 4401},
		"one here, one there": {[]string{viewer.header, viewer.value}, `{"x-api-key":"` + key.value + `"}`, 4401},
		"a key's other place": {nil, `{"x-api-key":"` + key.value + `","x-workspace-id":"` + string(w.globex) +
			`"}`, 4403},
		"workspace is a number": {nil, `{"x-api-key":"` + key.value + `","x-workspace-id":1}`, 4400},
	} {
		s, _, err := w.dial(w.address, test.headers...)
		testkit.Must(t, err)
		s.write(`{"type":"connection_init","payload":` + test.payload + `}`)
		if code, reason := s.closed(); code != test.want || reason == "" {
			t.Errorf("%s: got %d %q", name, code, reason)
		}
	}
	if _, response, err := w.dial(w.address, "Authorization", "Bearer nothing"); err == nil ||
		response.status != http.StatusUnauthorized {
		t.Errorf("got %v, %v", response, err)
	}
}

func TestSocket_NoInit_IsClosedAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	start := time.Now()
	s, _, err := w.dial(w.address)
	testkit.Must(t, err)
	if code, _ := s.closed(); code != 4408 || time.Since(start) < 5*time.Second ||
		time.Since(start) > promised(8*time.Second) {
		t.Errorf("got %d after %v", code, time.Since(start))
	}
}

func TestSocket_PagesOfOtherOriginsAndOtherProtocols_GetNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	listed := shared.serveWith(t, "origins", "--allowed-origins", "https://app.example").address
	for _, test := range []struct {
		address, header, value string
		status                 int
	}{
		{w.address, "Origin", "https://evil.example", 403}, {w.address, "Origin", "null", 403}, {w.address, "Origin",
			"https://app.example", 403},
		{w.address, "Origin", "http://" + w.address, 101}, {listed, "Origin", "https://app.example", 101},
		{listed, "Origin", "https://app.example.evil.example", 403},
		{w.address, "Sec-WebSocket-Protocol", "graphql-ws", 400}, {w.address, "Sec-WebSocket-Protocol", "chat", 400},
	} {
		_, response, err := w.dial(test.address, test.header, test.value)
		if response.status != test.status || (err == nil) != (test.status == 101) {
			t.Errorf("%s %s: got %v, %v", test.header, test.value, response, err)
			continue
		}
		if test.status != 101 {
			if !strings.Contains(response.body, `"code":"`) {
				t.Errorf("%s %s: got %s", test.header, test.value, response.body)
			}
		}
	}
}

func TestSocket_BadMessages_CloseItAndAreNeitherEchoedNorLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	secret := w.canaries.add("socket")
	for name, text := range map[string]string{
		"cut off":   `{"type":"subscribe","id":"1","payload":{"query":"mutation{rotateSecret(value:\"` + secret,
		"member":    `{"type":"subscribe","id":"1","` + secret + `":1}`,
		"type":      `{"type":"` + secret + `"}`,
		"NUL":       `{"type":"subscribe","id":"1","payload":{"query":"` + secret + `\u0000"}}`,
		"surrogate": `{"type":"subscribe","id":"1","payload":{"query":"` + secret + `\ud800"}}`,
		"deep": `{"type":"ping","payload":` + strings.Repeat("[", 65) + `"` + secret + `"` +
			strings.Repeat("]", 65) + `}`,
	} {
		s := w.open(w.address, admin)
		s.write(text)
		if code, reason := s.closed(); code != 4400 || strings.Contains(reason, secret) {
			t.Errorf("%s: got %d %q", name, code, reason)
		}
	}
	s := w.open(w.address, admin)
	for _, payload := range []string{`"` + secret + `"`, `{"query":["` + secret + `"]}`, `{"query":"{a}","` + secret +
		`":1}`, `{"query":"{viewer{` + secret + `"}`} {
		s.write(`{"type":"subscribe","id":"1","payload":` + payload + `}`)
		if a := s.receive(); a.text("type") != "error" || strings.Contains(string(a.body), secret) {
			t.Errorf("got %s", a.body)
		}
	}
	s.write(`{"type":"ping","payload":"` + strings.Repeat(secret, 1<<20/len(secret)) + `"}`)
	if code, _ := s.closed(); code != websocket.StatusMessageTooBig {
		t.Errorf("got %d", code)
	}
	if strings.Contains(w.logged(), secret) {
		t.Error("the log has it")
	}
}

func TestSocket_ManyOperationsAtOnce_AreEachAnsweredOrRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	s := w.open(w.address, w.user("acme", authz.Viewer))
	const many = 200
	go func() {
		for i := range many {
			s.ask("op"+string(rune('a'+i/26))+string(rune('a'+i%26)), `{ datastores { totalCount } }`, nil)
		}
	}()
	refused := 0
	for ended := 0; ended < many; {
		switch m := s.receive(); m.text("type") {
		case "complete":
			ended++
		case "error":
			ended++
			refused++
			if !strings.Contains(string(m.body), "RATE_LIMITED") {
				t.Fatalf("got %s", m.body)
			}
		}
	}
	t.Logf("%d of %d were refused", refused, many)
	if a := s.do(`{ viewer { role } }`, nil); a.text("data", "viewer", "role") != "VIEWER" {
		t.Errorf("got %s", a.body)
	}
}

func TestSocket_BadCredentials_AreLimitedAndGoodOnesAreNot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	address := shared.serveWith(t, "locking").address
	for i := range 20 {
		s, _, err := w.dial(address)
		if err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		s.write(`{"type":"connection_init","payload":{"x-api-key":"p1_nothing"}}`)
		if code, _ := s.closed(); code != 4401 {
			t.Fatalf("%d: got %d", i, code)
		}
	}
	for message, want := range map[string]websocket.StatusCode{
		`{"type":"connection_init","payload":{"x-api-key":"p1_nothing"}}`:                                     4429,
		`{"type":"connection_init","payload":{"authorization":"` + w.user("acme", authz.Viewer).value + `"}}`: 0,
	} {
		s, _, err := w.dial(address)
		testkit.Must(t, err)
		if s.write(message); want == 0 {
			if m, err := s.read(); err != nil || m.text("type") != "connection_ack" {
				t.Errorf("a good credential: %s, %v", m.body, err)
			}
		} else if code, _ := s.closed(); code != want {
			t.Errorf("one more bad credential: got %d", code)
		}
	}
}

func TestSocket_RawBytesThatAreNoFrame_EndIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	connection, err := net.Dial("tcp", w.address)
	testkit.Must(t, err)
	defer connection.Close()
	_ = connection.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(connection, "GET /graphql HTTP/1.1\r\nHost: "+w.address+
		"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "+
		"AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n")
	_, _ = connection.Write([]byte(strings.Repeat("\xff", 4096)))
	if _, err := io.ReadAll(connection); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}
