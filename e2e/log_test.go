package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/testkit"
)

// lines are those of the log so far that are called a name, and that mark is in.
func (p *process) lines(t testing.TB, name, mark string) (found []map[string]any) {
	t.Helper()
	for text := range strings.Lines(string(p.said())) {
		var line map[string]any
		if strings.Contains(text, mark) && json.Unmarshal([]byte(text), &line) == nil && line["msg"] == name {
			found = append(found, line)
		}
	}
	return found
}

// awaitLines waits until there are so many.
func (p *process) awaitLines(t testing.TB, n int, name, mark string) (found []map[string]any) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if found = p.lines(t, name, mark); len(found) >= n {
			return found
		}
	}
	t.Fatalf("of %d lines %q with %s there are %d", n, name, mark, len(found))
	return nil
}

// TestLog_Requests_SayWhichOperationFailedHow asks one server in each way there is, and reads its lines.
func TestLog_Requests_SayWhichOperationFailedHow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	p := shared.serveWith(t, "log-requests")
	w.address = p.address
	who, unknown := w.user("acme", authz.Admin), ident.New[stack]().String()
	const two = `query Hunter2($id: ID!) { hunter2: datastore(id: $id) { name } b: datastores { totalCount } }`
	w.do(who, two, map[string]any{"id": unknown})
	w.do(who, `mutation($id: ID!) { deleteDatastore(input: {datastoreId: $id}) { __typename } }`,
		map[string]any{"id": unknown})
	w.do(who, `{ hunter2 }`, nil)
	w.do(credential{"Authorization", "Bearer hunter2"}, `{ datastores { totalCount } }`, nil)
	w.fetch(who, http.MethodGet, "/secrets/"+unknown, "", "")
	w.fetch(who, http.MethodPost, "/graphql", `{"query":"{hunter2:datastores{totalCount}}"}`, "text/event-stream")
	var got []string
	for _, line := range p.awaitLines(t, 6, "request", "") {
		took, isNumber := line["durationMs"].(float64)
		if !isNumber || took <= 0 || line["ip"] != "127.0.0.1" || line["duration"] != nil || line["address"] != nil {
			t.Errorf("the line is %v", line)
		}
		bound := line["workspaceId"] == w.acme.String()
		got = append(got, fmt.Sprintf("%v %v %v %v", line["status"], line["operation"], line["code"], bound))
	}
	want := []string{
		"200 datastore,datastores  true", "200 deleteDatastore NOT_FOUND true",
		"200  GRAPHQL_VALIDATION_FAILED true", "401  UNAUTHENTICATED false",
		"404 secret NOT_FOUND true", "200 datastores  true",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the log says\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if strings.Contains(strings.ToLower(string(p.said())), "hunter2") {
		t.Errorf("what the caller made up is in the log: %s", p.said())
	}
}

// fetch sends a request in the media types named, and reads the answer to its end.
func (w *world) fetch(who credential, method, path, body, accept string) string {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, "http://"+w.address+path, strings.NewReader(body))
	testkit.Must(w.t, err)
	r.Header.Set(who.header, who.value)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	text, err := io.ReadAll(response.Body)
	testkit.Must(w.t, errors.Join(err, response.Body.Close()))
	return string(text)
}

func TestLog_OperationsOfASocket_SayWhichFailedHow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	p := shared.serveWith(t, "log-sockets")
	s := w.open(p.address, w.user("acme", authz.Viewer))
	s.do(`{ hunter2: datastores { totalCount } }`, nil)
	s.do(`{ auditEvents { nodes { id } } }`, nil)
	s.do(`{ hunter2 }`, nil)
	s.send(map[string]any{"type": "subscribe", "id": "one", "payload": []string{"hunter2"}})
	s.receive()
	var got []string
	for _, line := range p.awaitLines(t, 4, "operation", "") {
		if took, isNumber := line["durationMs"].(float64); !isNumber || took < 0 || line["ip"] != "127.0.0.1" ||
			line["workspaceId"] != w.acme.String() || line["actorKind"] != "USER" {
			t.Errorf("the line is %v", line)
		}
		got = append(got, fmt.Sprintf("%v %v %v", line["kind"], line["operation"], line["code"]))
	}
	want := "query datastores \nquery auditEvents FORBIDDEN\nnone  GRAPHQL_VALIDATION_FAILED\nnone  BAD_REQUEST"
	if strings.Join(got, "\n") != want {
		t.Errorf("the log says\n%s\nnot\n%s", strings.Join(got, "\n"), want)
	}
	testkit.Must(t, s.conn.CloseNow())
	for _, line := range p.awaitLines(t, 1, "request", `"status":101`) {
		if line["code"] != "" || line["operation"] != "" || line["workspaceId"] != w.acme.String() {
			t.Errorf("the socket's own line is %v", line)
		}
	}
	if strings.Contains(string(p.said()), "hunter2") {
		t.Errorf("what the caller made up is in the log: %s", p.said())
	}
}

func TestLog_ALife_BeginsWithVersionAndRegionsAndEndsWithWhy(t *testing.T) {
	t.Parallel()
	p := shared.serveWith(t, "log-life")
	testkit.Must(t, p.stop())
	begun, stopping := p.lines(t, "listening", p.address), p.lines(t, "stopping", "terminated")
	if len(begun) != 1 || begun[0]["version"] == "" || fmt.Sprint(begun[0]["regions"]) != "[europe-west1]" {
		t.Errorf("it begins with %v", begun)
	}
	if len(stopping) != 1 || len(p.lines(t, "stopped", "")) != 1 {
		t.Errorf("it ends with %v: %s", stopping, p.said())
	}
}
