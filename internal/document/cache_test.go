package document

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
)

func TestCache_TooMuch_LosesTheOldest(t *testing.T) {
	t.Parallel()
	first, second, third := "{a}", "{b}", "{c}"
	for name, limits := range map[string]cacheLimits{
		"documents": {Documents: 2, Bytes: 1 << 20, DocumentBytes: 100},
		"bytes":     {Documents: 100, Bytes: 2 * weight(first), DocumentBytes: 100},
	} {
		c := newCache(limits)
		for _, query := range []string{first, second, second, third, strings.Repeat("x", 101)} {
			c.Add(t.Context(), query, &ast.QueryDocument{})
		}
		if _, ok := c.Get(t.Context(), first); ok || c.kept.Len() != 2 || c.bytes != 2*weight(first) {
			t.Errorf("%s: keeps the first: %v, %d documents, %d bytes", name, ok, c.kept.Len(), c.bytes)
		}
		if _, ok := c.Get(t.Context(), third); !ok {
			t.Errorf("%s: lost the last", name)
		}
	}
}

func TestCache_DocumentTooLong_IsNotKept(t *testing.T) {
	t.Parallel()
	limits := defaultCache()
	c := newCache(limits)
	for _, n := range []int{limits.DocumentBytes, limits.DocumentBytes + 1} {
		c.Add(t.Context(), strings.Repeat("x", n), &ast.QueryDocument{})
	}
	if c.kept.Len() != 1 {
		t.Fatalf("keeps %d", c.kept.Len())
	}
}
