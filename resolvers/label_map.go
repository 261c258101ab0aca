package resolvers

import (
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/label"
)

// labels are nil for a list that was left out, and empty for an empty one.
func labels(in []*graph.LabelInput) []label.Label {
	if in == nil {
		return nil
	}

	all := make([]label.Label, len(in))
	for i, l := range in {
		all[i] = label.Label{Key: l.Key, Value: l.Value}
	}

	return all
}

// newLabels are those that replace what a thing has; nil where they stay.
func newLabels(in []*graph.LabelInput) *[]label.Label {
	if in == nil {
		return nil
	}

	return new(labels(in))
}

func labelFilters(in []*graph.LabelFilter) []label.Filter {
	all := make([]label.Filter, len(in))
	for i, f := range in {
		all[i] = label.Filter{Key: f.Key, Value: f.Value}
	}

	return all
}

// labelsOf are the labels of each row of a list.
func labelsOf(rows [][]label.Label) [][]*graph.Label {
	all := make([][]*graph.Label, len(rows))
	for i, row := range rows {
		all[i] = each(row, func(l label.Label) *graph.Label { return &graph.Label{Key: l.Key, Value: l.Value} })
	}

	return all
}

// descending is whether a list begins at its greatest.
func descending(d *graph.OrderDirection) bool { return *d == graph.OrderDirectionDesc }
