package gcs_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestSignPut_LivesUntilItsExpiryToTheSecond(t *testing.T) {
	t.Parallel()
	store := open(t, options("http://127.0.0.1:1"))
	for _, ttl := range []time.Duration{time.Second, time.Minute, 24 * time.Hour} {
		ends := object.ExpiryOf(time.Now(), ttl)
		put, err := store.SignPut(t.Context(), object.Place{Region: region, Name: "staging/a"}, upload.PutRule{
			ContentType: "text/plain",
			MaxBytes:    10,
			ExpiresAt:   ends,
		})
		testkit.Must(t, err)
		u, err := url.Parse(put.URL)
		testkit.Must(t, err)
		began, err := time.Parse("20060102T150405Z", u.Query().Get("X-Goog-Date"))
		testkit.Must(t, err)
		life, err := strconv.Atoi(u.Query().Get("X-Goog-Expires"))
		testkit.Must(t, err)
		if got := began.Add(time.Duration(life) * time.Second); !got.Equal(ends) {
			t.Errorf("for %s it ends at %s, want %s", ttl, got, ends)
		}
	}
}
