package httpserver

import (
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	// goodFor is how long an API key that was good need not wait for other credentials of its address.
	goodFor = time.Hour
	// knownKeys is how many keys are remembered, at about 150 bytes each; the least recently seen makes room.
	knownKeys = 10_000
)

// goodKeys remembers the hashes of API keys that authenticated recently. It only lets them skip the queue: the server
// checks each key all the same.
type goodKeys struct {
	now  func() time.Time
	mu   sync.Mutex
	seen *simplelru.LRU[[sha256.Size]byte, time.Time]
}

func newGoodKeys(now func() time.Time) *goodKeys {
	seen, err := simplelru.NewLRU[[sha256.Size]byte, time.Time](knownKeys, nil)
	if err != nil {
		panic(err)
	}

	return &goodKeys{now: now, seen: seen}
}

// keyIn is the hash of the API key in the headers; ok is false if there is none.
func keyIn(h http.Header) (hash [sha256.Size]byte, ok bool) {
	key := h.Get("X-Api-Key")
	return sha256.Sum256([]byte(key)), key != ""
}

func (g *goodKeys) has(h http.Header) bool {
	hash, ok := keyIn(h)
	if !ok {
		return false
	}

	g.mu.Lock()
	defer g.mu.Unlock()
	at, seen := g.seen.Get(hash)
	return seen && g.now().Sub(at) < goodFor
}

func (g *goodKeys) add(h http.Header) {
	if hash, ok := keyIn(h); ok {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.seen.Add(hash, g.now())
	}
}

func (g *goodKeys) forget(h http.Header) {
	if hash, ok := keyIn(h); ok {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.seen.Remove(hash)
	}
}
