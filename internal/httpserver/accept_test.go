package httpserver

import (
	"net/http"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestAccepted_BestOfWhatIsAsked(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]string{
		"application/graphql-response+json": graphQLResponse,
		"application/json":                  plainJSON,
		"*/*":                               plainJSON,
		"application/*":                     plainJSON,
		"application/graphql-response+json, application/json":       graphQLResponse,
		"application/json, application/graphql-response+json":       plainJSON,
		"application/json;q=0.9, application/graphql-response+json": graphQLResponse,
		"application/graphql-response+json;q=0.5, */*;q=0.8":        plainJSON,
		"application/graphql-response+json; charset=UTF-8":          graphQLResponse,
		"text/html, APPLICATION/JSON":                               plainJSON,
		"text/event-stream":                                         eventStream,
		"text/event-stream, */*":                                    eventStream,
		"*/*, text/event-stream":                                    plainJSON,
		"text/event-stream;q=0.1, application/json":                 plainJSON,
		"text/*":                          "",
		"text/html":                       "",
		"application/json;q=0":            "",
		"application/json;q=2":            "",
		"application/json;charset=utf-16": "",
		" ":                               plainJSON,
		"hunter2/,;;":                     "",
	} {
		if got, ok := chooseMediaType([]string{accept}); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v", accept, got, ok)
		}
	}
	if got, ok := chooseMediaType(nil); got != plainJSON || !ok {
		t.Errorf("no header: got %q, %v", got, ok)
	}
}

func TestNegotiated_NoAnswerOfOurs_IsNotAcceptable(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_,
			_ = w.Write([]byte(r.Header.Get("Accept")))
	})})
	isRefusal(t, s.post(t, fine, "Accept", "text/html"), http.StatusNotAcceptable, fault.BadRequest)
	if got := s.post(t, fine, "Accept",
		"text/html, application/graphql-response+json;q=0.1"); got.text != graphQLResponse {
		t.Errorf("the handler is asked for %q", got.text)
	}
}
