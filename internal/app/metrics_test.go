package app

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// TestMetrics_Uploads_AreCountedOnceByTheirEnd completes an upload twice, and one whose key had a later write.
func TestMetrics_Uploads_AreCountedOnceByTheirEnd(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	storage := testkit.NewStorage(t, nil)
	stores := &Stores{DB: h.db, Blobs: storage.Store}
	_, err := New(stores, secret.ServerKeys{make([]byte, 32)}, config.Serve{MaxUploadBytes: 1 << 20, MaxAnswerBytes: 10 << 20},
		slog.New(slog.DiscardHandler))
	testkit.Must(t, err)
	in, err := datastore.NewService(h.db.Datastores(), nil, nil, time.Now).
		Create(t.Context(), h.admin, datastore.CreateRequest{Name: "reports"})
	testkit.Must(t, err)
	log := slog.New(slog.DiscardHandler)
	uploads := upload.NewService(h.db.Uploads(), storage.Store, object.NewReaper(h.db.Objects(), storage.Store, log),
		upload.Options{Keys: [][]byte{make([]byte, 32)}, MaxBytes: 1 << 20, Now: time.Now, Log: log})
	first := landed(t, storage, uploads, h.admin, in.ID, "same")
	second := landed(t, storage, uploads, h.admin, in.ID, "same")
	for _, id := range []upload.ID{second, second, first} {
		_, _ = uploads.Complete(t.Context(), h.admin, id) // the first one is refused
	}

	w := httptest.NewRecorder()
	stores.Metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		`data_api_uploads_total{end="completed"} 1`,
		`data_api_uploads_total{end="superseded"} 1`,
	} {
		if !strings.Contains(w.Body.String(), "\n"+want+"\n") {
			t.Errorf("there is no %s in\n%s", want, w.Body)
		}
	}
}
