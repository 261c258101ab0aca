package transport

import (
	"context"
	"sync"

	"github.com/vektah/gqlparser/v2/ast"
)

// DefaultOperations is how many operations may run at once on a socket.
const DefaultOperations = 20

// operations are those that run on a socket.
type operations struct {
	most    int
	mu      sync.Mutex
	byID    map[string]*operation
	endless map[*operation]struct{}
	closed  bool
	// slots are for what runs or still writes its last words: a peer that does not read cannot pile those up.
	slots chan struct{}
	done  sync.WaitGroup
}

// operation is one of them.
type operation struct {
	id string
	// kind is `none` until the document is read.
	kind   ast.Operation
	cancel context.CancelFunc
}

func newOperations(most int) *operations {
	return &operations{
		most:    most,
		byID:    map[string]*operation{},
		endless: map[*operation]struct{}{},
		slots:   make(chan struct{}, 2*most),
	}
}

// verdict is whether an operation may begin.
type verdict int

const (
	begun verdict = iota
	taken
	full
	over
)

// begin makes room for an operation, which must call release and finish, in a context that ends when the peer
// completes it or the socket ends. It waits while too many are writing their last words.
func (o *operations) begin(ctx context.Context, id string) (context.Context, *operation, verdict) {
	select {
	case o.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, over
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	if v := o.judge(id); v != begun {
		<-o.slots
		return nil, nil, v
	}

	ctx, cancel := context.WithCancel(ctx)
	op := &operation{id: id, kind: "none", cancel: cancel}
	o.byID[id] = op
	o.done.Add(1)
	return ctx, op, begun
}

func (o *operations) judge(id string) verdict {
	switch {
	case o.closed:
		return over
	case o.byID[id] != nil:
		return taken
	case len(o.byID) >= o.most:
		return full
	}

	return begun
}

// complete ends an operation that the peer wants to hear no more of.
func (o *operations) complete(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if op := o.byID[id]; op != nil {
		op.cancel()
		delete(o.byID, id)
	}
}

// subscribed notes that an operation does not end by itself: once no more may begin, it ends too.
func (o *operations) subscribed(op *operation) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.endless[op] = struct{}{}
	if o.closed {
		op.cancel()
	}
}

// release makes room for the next one, and lets its id be used again.
func (o *operations) release(op *operation) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.endless, op)
	if o.byID[op.id] == op {
		delete(o.byID, op.id)
	}
}

// finish ends an operation whose last words are written.
func (o *operations) finish(op *operation) {
	o.release(op)
	op.cancel()
	<-o.slots
	o.done.Done()
}

// busy reports whether any runs.
func (o *operations) busy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.byID) > 0
}

// close lets no more begin, ends those that do not end by themselves, and returns what is closed when none is left.
func (o *operations) close() <-chan struct{} {
	o.mu.Lock()
	o.closed = true
	for op := range o.endless {
		op.cancel()
	}

	o.mu.Unlock()
	left := make(chan struct{})
	go func() {
		o.done.Wait()
		close(left)
	}()
	return left
}
