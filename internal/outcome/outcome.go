// Package outcome is what became of a request, or of an operation on a socket: which root fields ran, with which code
// it was refused, and which limit it hit. The server in front makes an Outcome, whoever runs or refuses something fills
// it in, and the log and the metrics show it.
//
// All that is in one is of the contract or of the settings: nothing in it was made up by a caller.
package outcome

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"
)

// maxFields is how many names Operation has at most.
const maxFields = 20

// Outcome is filled in by several goroutines at once. A nil one takes everything and keeps nothing.
type Outcome struct {
	mu     sync.Mutex
	fields []string
	code   string
	limit  string
}

type outcomeKey struct{}

// New returns a context with an outcome of its own.
func New(ctx context.Context) (context.Context, *Outcome) {
	o := &Outcome{}
	return context.WithValue(ctx, outcomeKey{}, o), o
}

// From returns the innermost outcome of a context, or nil.
func From(ctx context.Context) *Outcome {
	o, _ := ctx.Value(outcomeKey{}).(*Outcome)
	return o
}

// Ran notes that a root field of the contract ran.
func (o *Outcome) Ran(field string) {
	if o == nil {
		return
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	if at, known := slices.BinarySearch(o.fields, field); !known {
		o.fields = slices.Insert(o.fields, at, field)
	}
}

// Milliseconds returns the attribute of a log line that says how long something took: a number of milliseconds, with
// three decimals.
func Milliseconds(took time.Duration) slog.Attr {
	return slog.Float64("durationMs", float64(took.Microseconds())/1000)
}

// Refused notes the code of an answer's first error. The last call counts: the answer that the caller gets.
func (o *Outcome) Refused(code string) {
	if o == nil {
		return
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	o.code = code
}

// Hit notes the limit that was hit, by its name; empty for none.
func (o *Outcome) Hit(limit string) {
	if o == nil || limit == "" {
		return
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	o.limit = limit
}

// Limit returns the limit that Hit noted last; empty for none.
func (o *Outcome) Limit() string {
	if o == nil {
		return ""
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	return o.limit
}

// Operation returns the names of the root fields that ran, in order and joined by commas, the first 20 of them; empty
// if none did.
func (o *Outcome) Operation() string {
	if o == nil {
		return ""
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	return strings.Join(o.fields[:min(len(o.fields), maxFields)], ",")
}

// Code returns the code that Refused noted; empty when all was well.
func (o *Outcome) Code() string {
	if o == nil {
		return ""
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	return o.code
}
