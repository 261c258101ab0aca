package transport

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestPOST_RefusedRequest_HasTheStatusOfItsMediaType(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for name, body := range map[string]string{
		"no GraphQL": `{"query":"{"}`,
		"invalid":    `{"query":"{gone}"}`,
		"too costly": `{"query":"` +
			strings.Repeat("{", 1001) + `"}`,
		"bad variable": `{"query":"query($n:Int){echo(n:$n)}","variables":{"n":"x"}}`,
	} {
		for accept, status := range map[string]int{graphQLResponse: 400, "application/json": 200, "": 200} {
			got := documenttest.SendRaw(t, server, accept, body)
			if got.Status != status || strings.Contains(got.Text, `"data"`) || len(got.Errors) == 0 {
				t.Errorf("%s as %q: got %d %s", name, accept, got.Status, got.Text)
			}
		}
	}
}

func TestPOST_NoRequest_IsBadInEveryMediaType(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for _, body := range []string{"", "hunter2", `{"query":1,"x":"hunter2"}`, `{"query":"{echo}"}{"query":"{echo}"}`,
		`{"query":"{echo}"} hunter2`, `{"query":"` + strings.Repeat(" ", 1<<20) + `"}`} {
		for _, accept := range []string{graphQLResponse, "application/json"} {
			got := documenttest.SendRaw(t, server, accept, body)
			if got.Status != 400 || got.Code() != string(fault.BadRequest) || strings.Contains(got.Text, "hunter2") {
				t.Errorf("%.40s as %q: got %d %s", body, accept, got.Status, got.Text)
			}
		}
	}
}

func TestPOST_NullMembers_AreAsIfAbsent(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	if got := documenttest.SendRaw(t, server, "",
		`{"query":"{echo}","variables":null,"operationName":null,"extensions":null}`); got.Errors != nil ||
		string(got.Data) != `{"echo":null}` {
		t.Fatalf("got %s", got.Text)
	}
}

func TestPOST_RequestEndedBefore_IsUnavailable(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", strings.NewReader(`{"query":"{echo}"}`))
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("Accept", graphQLResponse)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	if recorder.Code != 503 || !strings.Contains(recorder.Body.String(), string(fault.Unavailable)) {
		t.Fatalf("got %d %s", recorder.Code, recorder.Body)
	}
	if got := recorder.Header().Get("Content-Type"); got != graphQLResponse+"; charset=utf-8" {
		t.Fatalf("got %s", got)
	}
}
