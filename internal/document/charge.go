package document

import (
	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/internal/ratelimit"
)

// charge is what an answer says of the cost of its operation, in points, by the names that Shopify's API has for it.
type charge struct {
	Requested int `json:"requestedQueryCost"`
	// Maximum is what an operation may cost.
	Maximum  int       `json:"maximumQueryCost"`
	Throttle *throttle `json:"throttleStatus,omitempty"`
}

// throttle is the caller's budget.
type throttle struct {
	Maximum   int `json:"maximumAvailable"`
	Available int `json:"currentlyAvailable"`
	// Restore is how many points come back within a second.
	Restore float64 `json:"restoreRate"`
}

func newCharge(points, limit int, left ratelimit.Balance) charge {
	c := charge{Requested: points, Maximum: limit}
	if left.PerMinute > 0 {
		c.Throttle = &throttle{left.PerMinute, left.Left, float64(left.PerMinute) / 60}
	}

	return c
}

// tell puts the charge into an answer.
func (c *charge) tell(response *graphql.Response) {
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}

	response.Extensions["cost"] = c
}
