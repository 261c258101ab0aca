package fair

import (
	"context"
	"sync"
)

// scope is what is held for an answer, until it is written.
type scope struct {
	mu   sync.Mutex
	held []*Share
}

type scopeKey struct{}

// Scope returns a context for one answer, and what gives back all that was kept in it, once the answer is written.
func Scope(ctx context.Context) (scoped context.Context, end func()) {
	s := &scope{}
	return context.WithValue(ctx, scopeKey{}, s), s.end
}

// Keep holds a share until the context's innermost scope ends; without one, until the context does.
func (h *Share) Keep(ctx context.Context) {
	s, ok := ctx.Value(scopeKey{}).(*scope)
	if !ok {
		context.AfterFunc(ctx, h.Release)
		return
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = append(s.held, h)
}

func (s *scope) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, h := range s.held {
		h.Release()
	}

	s.held = nil
}
