package document_test

import (
	"net/http/httptest"
	"strings"
	"testing"
)

func TestCost_OfAnOperation_IsToldInItsAnswer(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for query, want := range map[string]string{
		`{__typename}`:                    `,"extensions":{"cost":{"requestedQueryCost":1,"maximumQueryCost":2000}}}`,
		`{content(maxBytes:26000){text}}`: `,"extensions":{"cost":{"requestedQueryCost":6,"maximumQueryCost":2000}}}`,
		`{people(first:100){nodes{id}}}`:  `,"extensions":{"cost":{"requestedQueryCost":101,"maximumQueryCost":2000}}}`,
		`mutation{revealSecret(id:1)}`:    `,"extensions":{"cost":{"requestedQueryCost":500,"maximumQueryCost":2000}}}`,
		`{people{nodes{wrong}}}`:          "",
		`{`:                               "",
	} {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, asks("ann", query))
		if body := w.Body.String(); !strings.HasSuffix(body, want) || strings.Contains(body, `"cost"`) != (want != "") {
			t.Errorf("%s: %d %s", query, w.Code, body)
		}
	}
}
