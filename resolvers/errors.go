package resolvers

import "github.com/provenanceone/data-api/internal/fault"

// orNull answers a query for something that does not exist with null instead of an error.
func orNull[T any](v *T, err error) (*T, error) {
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // null is the answer
	}

	if err != nil {
		return nil, err
	}

	return v, nil
}
