package schema_test

import (
	"strings"
	"testing"
)

// TestContract_WhatIsRefusedOrCut_SaysSo is for behaviour that a caller would otherwise learn from an error.
func TestContract_WhatIsRefusedOrCut_SaysSo(t *testing.T) {
	t.Parallel()
	s := load(t)
	for coordinate, c := range map[string]struct{ description, says string }{
		"AuditFilter":  {s.Types["AuditFilter"].Description, "An empty text is BAD_USER_INPUT"},
		"SecretFilter": {s.Types["SecretFilter"].Description, "An empty text is BAD_USER_INPUT"},
		"datastores(nameContains:)": {s.Query.Fields.ForName("datastores").Arguments.ForName("nameContains").Description,
			"An empty text is BAD_USER_INPUT"},
		"content(maxBytes:)": {s.Types["ObjectVersion"].Fields.ForName("content").Arguments.ForName("maxBytes").Description,
			"after its last whole character"},
	} {
		if !strings.Contains(c.description, c.says) {
			t.Errorf("%s does not say %q: %s", coordinate, c.says, c.description)
		}
	}
}
