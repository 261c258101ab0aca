package httpserver

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/outcome"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestHandler_UnknownPathOrMethod_IsRefusedInJSON(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for _, path := range []string{"/hunter2", "/graphql/", "//graphql", "/graphql/hunter2", "/GraphQL",
		"/healthz/", "/%00"} {
		isRefusal(t, s.do(t, s.request(t, http.MethodPost, path, fine)), http.StatusNotFound, fault.BadRequest)
	}
	for _, method := range []string{http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete,
		http.MethodOptions, "HUNTER2"} {
		got := s.do(t, s.request(t, method, "/graphql?query={a}", "", "Authorization", "Bearer good"))
		if method != http.MethodHead { // which has no body
			isRefusal(t, got, http.StatusMethodNotAllowed, fault.BadRequest)
		}
		if got.StatusCode != http.StatusMethodNotAllowed || got.Header.Get("Allow") != "GET, POST" {
			t.Errorf("%s: Allow is %q", method, got.Header.Get("Allow"))
		}
	}
	got := s.do(t, s.request(t, http.MethodPost, "/healthz", ""))
	isRefusal(t, got, http.StatusMethodNotAllowed, fault.BadRequest)
	if got.Header.Get("Allow") != "GET, HEAD" || s.ran.Load() != 0 {
		t.Errorf("Allow is %q, %d were run", got.Header.Get("Allow"), s.ran.Load())
	}
}

func TestHandler_WhatABrowserSendsWithoutAsking_HasNoEffect(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded",
		"multipart/form-data; boundary=x"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			if got := s.do(t, s.request(t, method, "/graphql?query=mutation{a}", fine, "Content-Type", contentType,
				"Origin", "https://evil.example", "Authorization", "Bearer good")); got.StatusCode < 400 {
				t.Errorf("%s as %q: got %d", method, contentType, got.StatusCode)
			}
			// A link, an image or a form cannot set the header of a credential.
			if got := s.do(t, s.request(t, method, "/graphql?query={a}", "", "Content-Type", contentType, "Origin",
				"https://evil.example", "Cookie", "Authorization=good")); got.StatusCode < 400 {
				t.Errorf("%s as %q without a credential: got %d", method, contentType, got.StatusCode)
			}
		}
	}
	if got := s.do(t, s.request(t, http.MethodOptions, "/graphql", "", "Origin", "https://evil.example",
		"Access-Control-Request-Method", "POST")); got.Header.Get("Access-Control-Allow-Origin") != "" ||
		got.StatusCode != http.StatusForbidden {
		t.Errorf("got %d %v", got.StatusCode, got.Header)
	}
	if s.ran.Load() != 0 {
		t.Errorf("%d were run", s.ran.Load())
	}
}

func TestHandler_EveryAnswer_BearsTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for _, path := range []string{"/", "/graphql", "/healthz", "/readyz", "/gone"} {
		h := s.do(t, s.request(t, http.MethodGet, path, "")).Header
		for name, want := range map[string]string{
			"X-Content-Type-Options":    "nosniff",
			"Referrer-Policy":           "no-referrer",
			"Cache-Control":             "no-store",
			"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
			"Strict-Transport-Security": "",
		} {
			if h.Get(name) != want {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
	}
}

func TestHandler_OverTLS_AsksToStayThere(t *testing.T) {
	t.Parallel()
	request, recorder := httptest.NewRequest(http.MethodGet, "/", nil), httptest.NewRecorder()
	request.TLS = &tls.ConnectionState{}
	NewHandler(Options{Log: slog.New(slog.DiscardHandler)}).ServeHTTP(recorder, request)
	if !strings.HasPrefix(recorder.Header().Get("Strict-Transport-Security"), "max-age=") ||
		!strings.Contains(recorder.Body.String(), "/graphql") {
		t.Errorf("got %v %s", recorder.Header(), recorder.Body)
	}
}

func TestHandler_OtherHost_IsForbidden(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Hosts: []string{"localhost", "::1"}})
	for host, status := range map[string]int{
		"localhost":              200,
		"LOCALHOST:1":            200,
		"[::1]:80":               200,
		"[::1]":                  200,
		"127.0.0.1":              403,
		"evil.example":           403,
		"localhost.evil.example": 403,
	} {
		got := s.post(t, fine, "Host", host)
		if got.StatusCode != status {
			t.Errorf("%s: got %d", host, got.StatusCode)
		}
		if status == 403 {
			isRefusal(t, got, status, fault.Forbidden)
		}
	}
}

func TestHandler_RequestID_IsTheServersAndTheCallersIsKeptBeside(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, RequestID(r.Context())+" "+authz.ActorFrom(r.Context()).From.CallersRequestID)
	})})
	ids := map[string]bool{}
	for sent, kept := range map[string]bool{
		"a.B-3_":                true,
		strings.Repeat("x", 64): true,
		strings.Repeat("x", 65): false,
		"":                      false,
		"a b":                   false,
		"ä":                     false,
		"<x>":                   false,
	} {
		for range 2 {
			got := s.post(t, fine, "X-Request-Id", sent)
			id, callers, _ := strings.Cut(got.text, " ")
			if parsed, err := uuid.Parse(id); err != nil || parsed.Version() != 7 || ids[id] ||
				got.Header.Get("X-Request-Id") != id {
				t.Errorf("%q: got %q, and %q in the handler", sent, got.Header.Get("X-Request-Id"), id)
			}
			if ids[id] = true; kept != (callers == sent && sent != "") || !kept && callers != "" {
				t.Errorf("%q is kept as %q", sent, callers)
			}
			if logged := strings.Contains(s.log.String(), `"callersRequestId":"`+sent+`"`); sent != "" &&
				logged != kept {
				t.Errorf("%q: logged is %v", sent, logged)
			}
		}
	}
	if RequestID(t.Context()) != "" {
		t.Error("there is an id outside of a request")
	}
}

func TestHandler_AccessLog_SaysWhoAndWhatButNoContent(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		outcome.From(r.Context()).Ran("datastores")
		outcome.From(r.Context()).Refused("NOT_FOUND")
		_, _ = io.Copy(w, r.Body)
	})})
	s.do(t, s.request(t, http.MethodPost, "/graphql?hunter2", `{"query":"hunter2"}`, "Content-Type", "application/json",
		"Authorization", "Bearer good", "X-Request-Id", "one", "X-Other", "hunter2"))
	s.do(t, s.request(t, "HUNTER2", "/hunter2", "hunter2", "X-Request-Id", "two", "User-Agent", "hunter2",
		"X-Api-Key", "hunter2"))
	log := s.log.String()
	for _, want := range []string{
		`"method":"POST","route":"/graphql","status":200,"operation":"datastores","code":"NOT_FOUND","bytes":19,"durationMs":`,
		`"ip":"127.0.0.1","workspaceId":"workspace-1","actorKind":"USER","actorId":"member-1","callersRequestId":"one"`,
		`"method":"other","route":"none","status":404,"operation":"","code":"BAD_REQUEST",`, `"callersRequestId":"two"`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("%s is not in %s", want, log)
		}
	}
	if strings.Contains(strings.ToLower(log), "hunter2") || strings.Contains(log, "ada@example.com") {
		t.Errorf("logged %s", log)
	}
}

func TestHandler_Panic_IsInternalWithItsStackInTheLogOnly(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("hunter2") })})
	got := s.post(t, fine, "X-Request-Id", "mine")
	isRefusal(t, got, http.StatusInternalServerError, fault.Internal)
	log := s.log.String()
	if got.Errors[0].Extensions["requestId"] != got.Header.Get("X-Request-Id") ||
		!strings.Contains(log, "httpserver_test.go") || !strings.Contains(log, `"status":500`) ||
		strings.Contains(log, "hunter2") {
		t.Errorf("got %s, logged %s", got.text, log)
	}
}

func TestHandler_PanicInAnAnswer_CutsTheConnection(t *testing.T) {
	t.Parallel()
	var none map[string]int
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":`)
		_ = http.NewResponseController(w).Flush()
		none["a"] = 1
	})})
	response, err := s.client.Do(s.request(t, http.MethodPost, "/graphql", fine, "Content-Type", "application/json",
		"Authorization", "Bearer good"))
	testkit.Must(t, err)
	defer response.Body.Close()
	if _, err := io.ReadAll(response.Body); err == nil {
		t.Error("the answer looks whole")
	}
	if !strings.Contains(s.log.String(), "assignment to entry in nil map") {
		t.Errorf("logged %s", s.log)
	}
}

func TestHandler_TimeLimit_EndsTheContext(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{
		Limits: Limits{Request: time.Millisecond},
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			_, _ = io.WriteString(w, r.Context().Err().Error())
		}),
	})
	if got := s.post(t, fine); got.text != context.DeadlineExceeded.Error() {
		t.Errorf("got %s", got.text)
	}
}

func TestHandler_Health_NeedsNoCredential(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Ready: func(context.Context) error { return errors.New("hunter2") }})
	if got := s.do(t, s.request(t, http.MethodGet, "/healthz", "")); got.StatusCode != http.StatusOK ||
		got.text != "{\"status\":\"ok\"}\n" {
		t.Errorf("got %d %s", got.StatusCode, got.text)
	}
	if got := s.do(t, s.request(t, http.MethodGet, "/readyz", "")); got.StatusCode != http.StatusServiceUnavailable ||
		got.text != `{"status":"unavailable","reason":"What the server needs did not answer in time."}`+"\n" {
		t.Errorf("got %d %s", got.StatusCode, got.text)
	}
	change := serve(t, Options{Ready: func(context.Context) error {
		return fault.New(fault.Unavailable, "Change this.").Because(errors.New("hunter2"))
	}})
	if got := change.do(t, change.request(t, http.MethodGet, "/readyz", "")); got.StatusCode !=
		http.StatusServiceUnavailable || got.text != `{"status":"unavailable","reason":"Change this."}`+"\n" {
		t.Errorf("got %d %s", got.StatusCode, got.text)
	}
	const finding = `{"check":"issuer","status":"FAULT"}`
	found := serve(t, Options{Findings: func() []Finding { return []Finding{{"issuer", "FAULT"}} }})
	for path, want := range map[string]string{
		"/readyz":         `{"status":"ready"}`,
		"/readyz?verbose": `{"status":"ready","checks":[` + finding + `]}`,
	} {
		got := found.do(t, found.request(t, http.MethodGet, path, ""))
		if got.StatusCode != http.StatusOK || got.text != want+"\n" {
			t.Errorf("%s: got %d %s", path, got.StatusCode, got.text)
		}
	}
	well := serve(t, Options{})
	if got := well.do(t, well.request(t, http.MethodGet, "/readyz", "")); got.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", got.StatusCode, got.text)
	}
}
