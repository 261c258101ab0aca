// Package label has the labels of datastores and secrets: a word or two on a thing, to find it by. Everybody who may
// read the thing reads its labels, and the audit log has them, so they are no place for values of secrets.
package label

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// Bounds of what is put on one thing, and of what a list is filtered by.
const (
	// Max is how many labels a thing has at most.
	Max = 32
	// MaxFilters is how many labels a list is filtered by at most.
	MaxFilters = 10
	// MaxValue is how many characters a value has at most.
	MaxValue = 63
)

// Label says something of a thing. A thing has each key at most once.
type Label struct{ Key, Value string }

// Filter keeps the things that have a label.
type Filter struct {
	Key string
	// Value is nil for whatever value.
	Value *string `json:",omitzero"`
}

var key = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,62}$`)

// Sorted returns the labels in the order of their keys, however a caller wrote them; nil for none.
//
// Errors: fault.Invalid naming `labels` if they are too many, or the part of a label at fault, such as `labels[3].key`.
func Sorted(all []Label) ([]Label, error) {
	if len(all) > Max {
		return nil, fault.Field(fault.Invalid, "labels", "A thing has at most %d labels.", Max)
	}

	seen := make(map[string]bool, len(all))
	for i, l := range all {
		if err := check(i, l.Key, &l.Value); err != nil {
			return nil, err
		}

		if seen[l.Key] {
			return nil, fault.Field(fault.Invalid, at(i, "key"), "The key %s is there twice.", l.Key)
		}

		seen[l.Key] = true
	}

	if len(all) == 0 {
		return nil, nil
	}

	return slices.SortedFunc(slices.Values(all), func(a, b Label) int { return cmp.Compare(a.Key, b.Key) }), nil
}

// Filters returns the filters in one order, each once, however a caller wrote them: a list under the same filters is
// the same list. nil is none.
//
// Errors: fault.Invalid naming `labels` if they are too many, or the part of a filter that no label can have.
func Filters(all []Filter) ([]Filter, error) {
	if len(all) > MaxFilters {
		return nil, fault.Field(fault.Invalid, "labels", "A list is filtered by at most %d labels.", MaxFilters)
	}

	for i, f := range all {
		if err := check(i, f.Key, f.Value); err != nil {
			return nil, err
		}
	}

	if len(all) == 0 {
		return nil, nil
	}

	sorted := slices.SortedFunc(slices.Values(all), compare)
	return slices.CompactFunc(sorted, func(a, b Filter) bool { return compare(a, b) == 0 }), nil
}

func compare(a, b Filter) int {
	return cmp.Or(cmp.Compare(a.Key, b.Key), strings.Compare(a.text(), b.text()))
}

// text tells filters of one key apart.
func (f Filter) text() string {
	if f.Value == nil {
		return ""
	}

	return "=" + *f.Value
}

// check returns fault.Invalid naming the part of the label that no label may have; a nil value is none.
func check(i int, k string, value *string) error {
	if !key.MatchString(k) {
		return fault.Field(fault.Invalid, at(i, "key"), "A label's key is 1 to 63 of the letters a to z, digits, `-`, "+
			"`_` and `.`, the first a letter or a digit.")
	}

	switch {
	case value == nil:
		return nil
	case utf8.RuneCountInString(*value) > MaxValue:
		return fault.Field(fault.Invalid, at(i, "value"), "A label's value has at most %d characters.", MaxValue)
	case strings.ContainsFunc(*value, unicode.IsControl):
		return fault.Field(fault.Invalid, at(i, "value"), "A label's value has no control characters.")
	}

	return ident.CheckVisible(at(i, "value"), *value)
}

func at(i int, part string) string { return fmt.Sprintf("labels[%d].%s", i, part) }

// Details are labels as an audit event has them: values by key.
func Details(all []Label) map[string]string {
	details := make(map[string]string, len(all))
	for _, l := range all {
		details[l.Key] = l.Value
	}

	return details
}
