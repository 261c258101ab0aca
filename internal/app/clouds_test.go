package app

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/testkit"
)

const (
	needsStorage = `{ datastores(first: 1) { nodes { object(key: "kept") { current { content { text } } } } } }`
	needsVault   = `mutation One($id: ID!) { revealSecret(input: {secretId: $id, reason: "r"}) { value } }`
)

// TestClouds_StorageStallsAndSecretManagerIsDown_OthersAreServed has sixteen clients ask for what no cloud answers,
// beside one who needs none. Not parallel: it counts the goroutines of the process.
func TestClouds_StorageStallsAndSecretManagerIsDown_OthersAreServed(t *testing.T) {
	h := newHouse(t, 1)
	c := h.serve(t, h.withoutClouds(t, time.Second), authz.DatastoresRead, authz.SecretsList, authz.SecretsRead)
	testkit.Must(t, h.super.QueryRow(`SELECT id FROM secret WHERE state = 'ACTIVE' LIMIT 1`).Scan(&c.secret))
	list := c.request(t, reads["list"].query)
	c.answer(t, list)
	before := runtime.NumGoroutine()

	var clients sync.WaitGroup
	var toldWhen, over atomic.Bool
	asked := &http.Client{Transport: &http.Transport{}}
	for n := range 16 {
		query := []string{needsStorage, needsVault}[n%2]
		clients.Go(func() {
			for until := time.Now().Add(time.Minute); !over.Load() && time.Now().Before(until); {
				code, said := c.refusal(t, asked, query)
				if code != "UNAVAILABLE" {
					t.Errorf("%s answers %s", query, said)
					return
				}
				if n%2 == 0 && strings.Contains(said, "Try again in 2 seconds.") {
					toldWhen.Store(true)
				}
			}
		})
	}
	served, slowest := 0, time.Duration(0)
	for began := time.Now(); !toldWhen.Load() && time.Since(began) < time.Minute; served++ {
		from := time.Now()
		c.answer(t, list)
		slowest = max(slowest, time.Since(from))
	}
	over.Store(true)
	clients.Wait()
	t.Logf("%d lists were answered, the slowest after %s", served, slowest)
	if !toldWhen.Load() {
		t.Error("storage's callers are not told when to try again")
	}
	asked.CloseIdleConnections()
	wantGoroutines(t, before)
}

// TestClouds_StorageStalls_TheRequestEndsAtItsDeadline gives storage more time than a request has. Not parallel, as
// above.
func TestClouds_StorageStalls_TheRequestEndsAtItsDeadline(t *testing.T) {
	h := newHouse(t, 1)
	c := h.serve(t, h.withoutClouds(t, time.Hour), authz.DatastoresRead, authz.SecretsList)
	c.answer(t, c.request(t, reads["list"].query))
	before := runtime.NumGoroutine()

	asked, began := &http.Client{Transport: &http.Transport{}}, time.Now()
	if code, said := c.refusal(t, asked, needsStorage); code != "UNAVAILABLE" || time.Since(began) > time.Minute {
		t.Errorf("after %s it answers %s", time.Since(began), said)
	}
	asked.CloseIdleConnections()
	wantGoroutines(t, before)
}

// withoutClouds are stores of which only the database answers: nobody listens where Secret Manager should be, and
// storage takes what is sent and says nothing. A call of storage ends after a while by itself.
func (h house) withoutClouds(t *testing.T, timeout time.Duration) *Stores {
	t.Helper()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	down, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	testkit.Must(t, down.Close())
	blobs, err := gcs.New(t.Context(), gcs.Options{
		Buckets:  map[string]string{"eu": "blobs-eu"},
		Signer:   gcs.NoSigner(),
		Endpoint: "http://" + silent.Addr().String(),
		Timeout:  timeout,
	})
	testkit.Must(t, err)
	vault, err := secretmanager.New(t.Context(), secretmanager.Options{
		Project:   "dev",
		Locations: map[string]string{"eu": "europe-west1"},
		Endpoint:  down.Addr().String(),
	})
	testkit.Must(t, err)
	go func() {
		for {
			conn, err := silent.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
		}
	}()
	t.Cleanup(func() {
		_ = silent.Close()
		testkit.Must(t, blobs.Close())
		testkit.Must(t, vault.Close())
	})
	return &Stores{DB: h.db, Blobs: blobs, Vault: secret.NewCache(vault)}
}

// refusal sends a request of its own, and returns the code of the answer's first error.
func (c *caller) refusal(t *testing.T, by *http.Client, query string) (code, said string) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"id": c.secret}})
	testkit.Must(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+c.conn.RemoteAddr().String()+"/graphql",
		bytes.NewReader(body))
	testkit.Must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-API-Key", c.token)
	response, err := by.Do(r)
	if err != nil {
		return "", err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	var answer struct {
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err != nil || json.Unmarshal(text, &answer) != nil || len(answer.Errors) == 0 {
		return "", string(text)
	}
	return answer.Errors[0].Extensions.Code, string(text)
}

// wantGoroutines waits until the process has no more goroutines than before, but for a few that connections keep.
func wantGoroutines(t *testing.T, before int) {
	t.Helper()
	const few = 8
	for until := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > before+few; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			text := make([]byte, 1<<20)
			t.Fatalf("%d goroutines have become %d:\n%s", before, runtime.NumGoroutine(),
				text[:runtime.Stack(text, true)])
		}
	}
}
