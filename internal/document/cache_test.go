package document

import (
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

func TestCache_TooMuch_LosesTheOldest(t *testing.T) {
	t.Parallel()
	first, second, third := "{a}", "{b}", "{c}"
	weigh := cacheOf(1000).weight
	for name, limits := range map[string]cacheLimits{
		"documents": {Documents: 2, Bytes: 1 << 20, Tokens: 1000},
		"bytes":     {Documents: 100, Bytes: 2 * weigh(first), Tokens: 1000},
	} {
		c := newCache(limits, nil)
		for _, query := range []string{first, second, second, third} {
			c.Add(t.Context(), query, &ast.QueryDocument{})
		}
		if _, ok := c.Get(t.Context(), first); ok || c.kept.Len() != 2 || c.bytes != 2*weigh(first) {
			t.Errorf("%s: keeps the first: %v, %d documents, %d bytes", name, ok, c.kept.Len(), c.bytes)
		}
		if _, ok := c.Get(t.Context(), third); !ok {
			t.Errorf("%s: lost the last", name)
		}
	}
}

func TestCache_PinnedDocument_StaysWhateverElseIsKept(t *testing.T) {
	t.Parallel()
	pinned := &ast.QueryDocument{}
	c := newCache(cacheLimits{Documents: 1, Bytes: 1 << 20}, map[string]*ast.QueryDocument{"{a}": pinned})
	for _, query := range []string{"{b}", "{c}"} {
		c.Add(t.Context(), query, &ast.QueryDocument{})
	}
	if doc, ok := c.Get(t.Context(), "{a}"); !ok || doc != pinned || c.kept.Len() != 1 {
		t.Errorf("got %v, %v of %d documents", doc, ok, c.kept.Len())
	}
}
