package document

import (
	"context"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

// cacheLimits bound the parsed documents that are kept.
type cacheLimits struct {
	// Documents is how many are kept.
	Documents int
	// Bytes is how much memory they may take together, by an estimate that errs on the high side.
	Bytes int
	// Tokens is how many a document has at most.
	Tokens int
}

// cacheOf returns room for a thousand documents of so many tokens at most, in at most 64 MiB.
func cacheOf(tokens int) cacheLimits {
	return cacheLimits{Documents: 1000, Bytes: 64 << 20, Tokens: tokens}
}

// tokenBytes is what a parsed token takes in memory, measured on documents of one-letter fields, which are the dearest.
const tokenBytes = 350

// cache keeps the documents last used; the oldest go when there are too many or they take too much.
type cache struct {
	limits cacheLimits
	// pinned are documents that stay, whatever else is used.
	pinned map[string]*ast.QueryDocument
	mu     sync.Mutex
	kept   *simplelru.LRU[string, *ast.QueryDocument]
	bytes  int
}

func newCache(limits cacheLimits, pinned map[string]*ast.QueryDocument) *cache {
	c := &cache{limits: limits, pinned: pinned}
	kept, err := simplelru.NewLRU(limits.Documents,
		func(query string, _ *ast.QueryDocument) { c.bytes -= limits.weight(query) })
	if err != nil {
		panic(err)
	}

	c.kept = kept
	return c
}

// Get returns a document that was parsed and validated before.
func (c *cache) Get(_ context.Context, query string) (*ast.QueryDocument, bool) {
	if doc, ok := c.pinned[query]; ok {
		return doc, true
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept.Get(query)
}

// Add keeps a document that was parsed and validated. Every new document passes here before it runs.
func (c *cache) Add(_ context.Context, query string, doc *ast.QueryDocument) {
	dropNulls(doc)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept.Contains(query) {
		return
	}

	c.bytes += c.limits.weight(query)
	c.kept.Add(query, doc)
	for c.bytes > c.limits.Bytes {
		c.kept.RemoveOldest()
	}
}

// weight estimates what a document takes in memory, from above: no token is shorter than a byte.
func (l cacheLimits) weight(query string) int {
	return len(query) + tokenBytes*min(len(query), l.Tokens)
}
