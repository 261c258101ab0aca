package document

import "github.com/99designs/gqlgen/graphql"

// charge is what an answer says of the cost of its operation, in points, by the names that Shopify's API has for it.
type charge struct {
	Requested int `json:"requestedQueryCost"`
	// Maximum is what an operation may cost.
	Maximum int `json:"maximumQueryCost"`
}

// tell puts the charge into an answer.
func (c *charge) tell(response *graphql.Response) {
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}

	response.Extensions["cost"] = c
}
