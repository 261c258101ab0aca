package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

// BenchmarkList_TwentyDatastores answers a page of a list, from the checked document to the encoded answer, by one of several clients.
func BenchmarkList_TwentyDatastores(b *testing.B) {
	h := newHouse(b, 20)
	body := `{"query":"{ datastores(first: 20) { nodes { id name objectCount usedBytes createdAt createdBy { label } } } }"}`
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json")
			w := httptest.NewRecorder()
			h.handler.ServeHTTP(w, r.WithContext(authz.WithActor(r.Context(), h.admin)))
			if w.Code != http.StatusOK {
				b.Fatalf("%d %s", w.Code, w.Body)
			}
		}
	})
}
