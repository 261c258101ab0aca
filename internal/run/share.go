package run

import (
	"time"

	"github.com/provenanceone/data-api/internal/fair"
)

const (
	// leastShare is what the smallest lease counts as, in secrets: a workspace prepares four at once at most.
	leastShare = MaxSecrets / 4
	// shareWait is how long somebody waits for a share.
	shareWait = 5 * time.Second
)

// newShares bounds how many secrets are read and prepared for redaction at once: that takes memory and time.
func newShares(wait time.Duration) *fair.Gate {
	return fair.NewGate(fair.Limits{All: 2 * MaxSecrets, Workspace: MaxSecrets, Caller: MaxSecrets, Wait: wait})
}
