// Package doctor checks each thing that a server depends on, and says of what is wrong how to mend it.
//
// A check asks a store by a port that the store's package implements, and judges the answer. It changes nothing, but
// for the rules of buckets where it is told to, and for what a round trip makes and removes again.
package doctor

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Longest is how long one check may take, but for removing what it has made.
const Longest = 10 * time.Second

// Status is how a check ended.
type Status string

// The statuses. A server cannot do all of its work beside a Fault; a Warning may be meant so.
const (
	OK      Status = "ok"
	Warning Status = "warning"
	Fault   Status = "FAULT"
)

// Finding is what a check found.
type Finding struct {
	// Check names what was checked.
	Check  string `json:"check"`
	Status Status `json:"status"`
	// Says is what is wrong, or what was mended just now; empty for neither.
	Says string `json:"says,omitempty"`
	// Cause is what a store said; for whoever runs the server.
	Cause string `json:"cause,omitempty"`
	// Mend is what to type to mend it, or to see more of it.
	Mend string `json:"mend,omitempty"`
}

// Check is a question about one thing. It has one finding, or one for each rule that the thing is held to.
type Check func(ctx context.Context) []Finding

// Examine runs the checks side by side, and returns their findings in the order of the checks. None waits for another.
func Examine(ctx context.Context, checks []Check) []Finding {
	found := make([][]Finding, len(checks))
	var all sync.WaitGroup
	for i, check := range checks {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, Longest)
			defer cancel()
			found[i] = check(ctx)
		})
	}

	all.Wait()
	return slices.Concat(found...)
}

// HasFault reports whether a server cannot do all of its work.
func HasFault(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Status == Fault })
}

// Failed returns the check of something that could not even be asked. Errors: none.
func Failed(name, says string, cause error, mend string) Check {
	return func(context.Context) []Finding { return []Finding{fault(name, says, mend).because(cause)} }
}

func ok(name string) Finding { return Finding{Check: name, Status: OK} }

func fault(name, says, mend string) Finding {
	return Finding{Check: name, Status: Fault, Says: says, Mend: mend}
}

func warning(name, says, mend string) Finding {
	return Finding{Check: name, Status: Warning, Says: says, Mend: mend}
}

func (f Finding) because(err error) Finding {
	if err != nil {
		f.Cause = err.Error()
	}

	return f
}
