package httpserver

import (
	"net/netip"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

const (
	failureWindow = time.Minute
	// knownAddresses is how many addresses are remembered, at about 150 bytes each; the least recently seen makes room.
	knownAddresses = 10_000
)

// failures counts bad credentials by address, in windows of a minute from the first one.
// IPv6 addresses count by their /64, which is what one subscriber has.
type failures struct {
	limit int
	now   func() time.Time
	mu    sync.Mutex
	known *simplelru.LRU[netip.Prefix, failureCount]
}

type failureCount struct {
	since time.Time
	times int
}

func newFailures(limit int, now func() time.Time) *failures {
	known, err := simplelru.NewLRU[netip.Prefix, failureCount](knownAddresses, nil)
	if err != nil {
		panic(err)
	}

	return &failures{limit: limit, now: now, known: known}
}

// wait returns how long until the failures of an address expire; zero while it is below the limit.
func (f *failures) wait(address netip.Addr) time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	seen, ok := f.known.Get(network(address))
	if !ok || seen.times < f.limit {
		return 0
	}

	return max(0, seen.since.Add(failureWindow).Sub(f.now()))
}

// add counts a bad credential from an address.
func (f *failures) add(address netip.Addr) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := network(address)
	seen, ok := f.known.Get(key)
	if now := f.now(); !ok || now.Sub(seen.since) >= failureWindow {
		seen = failureCount{since: now}
	}

	seen.times++
	f.known.Add(key, seen)
}

func network(address netip.Addr) netip.Prefix {
	bits := 64
	if address.Is4() {
		bits = 32
	}

	// The zero address, of a connection without one, stands for itself.
	prefix, _ := address.Prefix(bits)
	return prefix
}
