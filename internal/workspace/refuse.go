package workspace

import "github.com/provenanceone/data-api/internal/fault"

// RefuseMore returns fault.QuotaExceeded, naming the input field, if the workspace has no room for that many more
// bytes.
func (u Usage) RefuseMore(field string, bytes int64) error {
	if u.LimitBytes == nil || u.UsedBytes+u.ReservedBytes+bytes <= *u.LimitBytes {
		return nil
	}

	return fault.Field(fault.QuotaExceeded, field, "The workspace has no room for %d more bytes.", bytes).
		With("limitBytes", *u.LimitBytes).With("usedBytes", u.UsedBytes).With("reservedBytes", u.ReservedBytes)
}

// Countable is a kind of row that a workspace may have a limited number of, in the words of the refusal.
type Countable string

// These are the kinds of row with a limit.
const (
	Secrets          Countable = "secrets, with those that can be restored"
	UsableKeys       Countable = "API keys that can be used"
	RunningDeletions Countable = "deletions under way"
	OpenLeases       Countable = "open leases"
)

// Refuse returns fault.QuotaExceeded if n rows are more than the limit; nil if they are not, or the limit is 0.
func (c Countable) Refuse(n, limit int) error {
	if limit == 0 || n <= limit {
		return nil
	}

	return fault.New(fault.QuotaExceeded, "The workspace has %d %s, and may have no more.", limit, c).
		With("limit", limit)
}

// IDTaken says that another workspace has the id.
func IDTaken() *fault.Error { return fault.New(fault.Conflict, "A workspace with this id exists.") }
