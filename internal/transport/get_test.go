package transport

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

func get(t testing.TB, server http.Handler, accept, query string) (documenttest.Answer, http.Header) {
	t.Helper()
	request := httptest.NewRequest(http.MethodGet, "/graphql?"+query, http.NoBody)
	request.Header.Set("Accept", accept)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	got := documenttest.Answer{Status: recorder.Code, Text: recorder.Body.String()}
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		t.Fatalf("the answer is no JSON: %v: %s", err, got.Text)
	}
	return got, recorder.Header()
}

func TestGET_Query_IsRunAsByPOST(t *testing.T) {
	t.Parallel()
	var ran graphql.CollectedField
	server, _ := newTestServer(func(_ context.Context, field graphql.CollectedField) error { ran = field; return nil })
	params := url.Values{
		"query":         {`query A($n:Int){echo(n:$n)} query B{viewer{id}}`},
		"operationName": {"A"},
		"variables":     {`{"n":12345678}`},
		"extensions":    {`{"a":1}`},
	}
	for _, accept := range []string{graphQLResponse, "application/json"} {
		got, header := get(t, server, accept, params.Encode())
		if got.Status != 200 || got.Errors != nil || string(got.Data) != `{"echo":null}` ||
			header.Get("Content-Type") != accept+"; charset=utf-8" {
			t.Errorf("got %d %s %v", got.Status, got.Text, header)
		}
	}
	if ran.Name != "echo" {
		t.Errorf("ran %s", ran.Name)
	}
	if got, _ := get(t, server, "", "query="+url.QueryEscape("{viewer{id}}")+"&variables=null"); got.Errors != nil {
		t.Errorf("got %s", got.Text)
	}
}

func TestGET_Mutation_IsNotAllowedAndNotRun(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(func(context.Context, graphql.CollectedField) error {
		t.Error("it was run")
		return nil
	})
	for _, params := range []url.Values{
		{"query": {`mutation{revealSecret(id:"1")}`}},
		{"query": {`query A{viewer{id}} mutation B{revealSecret(id:"1")}`}, "operationName": {"B"}},
	} {
		for _, accept := range []string{graphQLResponse, "application/json"} {
			got, header := get(t, server, accept, params.Encode())
			if got.Status != http.StatusMethodNotAllowed || header.Get("Allow") != "POST" ||
				got.Code() != string(fault.BadRequest) || strings.Contains(got.Text, `"data"`) {
				t.Errorf("got %d %s %v", got.Status, got.Text, header)
			}
		}
	}
}

func TestGET_RefusedRequest_HasTheStatusOfItsMediaType(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for name, query := range map[string]string{
		"no GraphQL": "{",
		"invalid":    "{hunter2}",
		"too many tokens": strings.Repeat("{",
			1001),
		"too costly":   "{people(first:100){nodes{people(first:100){nodes{id}}}}}",
		"nothing":      "",
		"bad variable": "query($n:Int!){echo(n:$n)}",
	} {
		for accept, status := range map[string]int{graphQLResponse: 400, "application/json": 200, "": 200} {
			got, _ := get(t, server, accept, url.Values{"query": {query}}.Encode())
			if got.Status != status || strings.Contains(got.Text, `"data"`) || len(got.Errors) == 0 {
				t.Errorf("%s as %q: got %d %s", name, accept, got.Status, got.Text)
			}
		}
	}
}

func TestGET_NoRequest_IsBadInEveryMediaType(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for _, query := range []string{"query={echo}&variables=hunter2", "query={echo}&variables=[]",
		"query={echo}&variables={}{}", "query={echo}&variables={}}", "query={echo}&extensions=1",
		"query={echo}&variables=", "query=%zz", "query={echo};hunter2"} {
		for _, accept := range []string{graphQLResponse, "application/json"} {
			got, _ := get(t, server, accept, query)
			if got.Status != 400 || got.Code() != string(fault.BadRequest) || strings.Contains(got.Text, "hunter2") {
				t.Errorf("%s as %q: got %d %s", query, accept, got.Status, got.Text)
			}
		}
	}
}
