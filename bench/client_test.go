package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestClient_AsksOverOneConnection_AndReadsEveryKindOfAnswer(t *testing.T) {
	t.Parallel()
	connections := map[string]bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr] = true
		body := new(strings.Builder)
		_ = r.Write(body)
		switch r.URL.Path {
		case "/chunks":
			_, _ = w.Write([]byte("one "))
			_ = http.NewResponseController(w).Flush()
			_, _ = w.Write([]byte("two"))
		case "/errors":
			_, _ = w.Write([]byte(`{"errors":[]}`))
		case "/refused":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			_, _ = w.Write([]byte(body.String()[strings.Index(body.String(), "\r\n\r\n")+4:]))
		}
	}))
	t.Cleanup(server.Close)
	address := server.Listener.Addr().String()
	c, err := dial(t.Context(), address, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	for path, want := range map[string]string{
		"/":        "it is fresh-000000001234.",
		"/chunks":  "one two",
		"/errors":  "",
		"/refused": "",
	} {
		answer, err := c.ask(render("POST", address, path, "", "it is "+freshText+"."), 1234)
		if (err != nil) != (want == "") || (err == nil && string(answer) != want) {
			t.Errorf("%s: %q, %v", path, answer, err)
		}
	}
	if len(connections) != 1 {
		t.Errorf("it took %d connections", len(connections))
	}
}

func TestCheck_OfAnAnswerOfAnotherShape_Fails(t *testing.T) {
	t.Parallel()
	var s side
	for _, same := range []string{`{"a": [{"b": "x"}]}`, `{"a": [{"b": "y"}]}`} {
		if err := s.check(turn{answer: []byte(same)}); err != nil {
			t.Error(err)
		}
	}
	for _, other := range []string{`{"a": [{"b": null}]}`, `{"a": []}`, `{"c": [{"b": "x"}]}`, `{}`, ``} {
		if s.check(turn{answer: []byte(other)}) == nil {
			t.Errorf("%s passes for the same", other)
		}
	}
}
