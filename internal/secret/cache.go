package secret

import (
	"context"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// The bounds of what a Cache keeps.
const (
	maxCached      = 10_000
	maxCachedBytes = 32 << 20
)

// Cache is a vault that reads each version once. Versions never change and are asked for by number, so what it has is
// never stale: whether somebody may have a value, and whether it still stands, is decided in the index before each
// use. What it drops, it overwrites.
type Cache struct {
	Vault
	mu     sync.Mutex
	recent *simplelru.LRU[cacheKey, Value]
	bytes  int
	mostIn int
	// flights are the versions that are being read.
	flights map[cacheKey]*flight
	// hits and misses count what was asked for.
	hits, misses int64
}

// Reads returns how often a value was had without a reading of its own, and how often with one.
func (c *Cache) Reads() (hits, misses int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hits, c.misses
}

// cacheKey names a version: ids of secrets are unique in all workspaces.
type cacheKey struct {
	place  Place
	number Number
}

// flight is one reading of a version, however many wait for it.
type flight struct {
	done    chan struct{}
	value   Value
	err     error
	waiting int
	// gone says that the version was ended meanwhile.
	gone bool
}

// NewCache returns a cache in front of a vault.
func NewCache(v Vault) *Cache { return newCache(v, maxCached, maxCachedBytes) }

func newCache(v Vault, entries, bytes int) *Cache {
	c := &Cache{Vault: v, mostIn: bytes, flights: map[cacheKey]*flight{}}
	recent, err := simplelru.NewLRU(entries, func(_ cacheKey, v Value) {
		c.bytes -= v.Len()
		v.Wipe()
	})
	if err != nil {
		panic(err)
	}

	c.recent = recent
	return c
}

// Access implements Vault. The value is the caller's own: it stays when the cache drops its copy. Several who ask at
// once cause one reading, which goes on if they leave.
func (c *Cache) Access(ctx context.Context, p Place, n Number) (Value, error) {
	key := cacheKey{p, n}
	c.mu.Lock()
	if v, found := c.recent.Get(key); found {
		defer c.mu.Unlock()
		c.hits++
		return v.Clone(), nil
	}

	f, flying := c.flights[key]
	if flying {
		c.hits++
	} else {
		c.misses++
		f = &flight{done: make(chan struct{})}
		c.flights[key] = f
		go c.fly(context.WithoutCancel(ctx), key, f)
	}

	f.waiting++
	c.mu.Unlock()
	select {
	case <-f.done:
	case <-ctx.Done():
	}

	return c.land(ctx, f)
}

// fly reads a version for all who wait for it.
func (c *Cache) fly(ctx context.Context, key cacheKey, f *flight) {
	v, err := c.Vault.Access(ctx, key.place, key.number)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.flights, key)
	if err == nil && !f.gone {
		c.keep(key, v.Clone())
	}

	f.value, f.err = v, err
	if f.waiting == 0 {
		v.Wipe()
	}

	close(f.done)
}

// land returns a copy of what was read; the last who waits wipes it.
func (c *Cache) land(ctx context.Context, f *flight) (Value, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f.waiting--
	select {
	case <-f.done:
	default:
		return Value{}, ctx.Err()
	}

	if f.waiting == 0 {
		defer f.value.Wipe()
	}

	if f.err != nil {
		return Value{}, f.err
	}

	return f.value.Clone(), nil
}

func (c *Cache) keep(key cacheKey, v Value) {
	c.bytes += v.Len()
	c.recent.Add(key, v)
	for c.bytes > c.mostIn {
		c.recent.RemoveOldest()
	}
}

// Destroy implements Vault, and forgets the version.
func (c *Cache) Destroy(ctx context.Context, p Place, n Number) error {
	defer c.forget(func(key cacheKey) bool { return key == cacheKey{p, n} })
	return c.Vault.Destroy(ctx, p, n)
}

// Delete implements Vault, and forgets all versions.
func (c *Cache) Delete(ctx context.Context, p Place) error {
	defer c.forget(func(key cacheKey) bool { return key.place == p })
	return c.Vault.Delete(ctx, p)
}

func (c *Cache) forget(which func(cacheKey) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, key := range c.recent.Keys() {
		if which(key) {
			c.recent.Remove(key)
		}
	}

	for key, f := range c.flights {
		f.gone = f.gone || which(key)
	}
}

// Wipe drops everything.
func (c *Cache) Wipe() { c.forget(func(cacheKey) bool { return true }) }
