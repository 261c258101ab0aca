package ident_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

func TestRun_IdsOfThePlatform_AreShortPrintableASCII(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("~", ident.MaxExternalID)
	if err := (ident.Run{RunID: longest, StepID: " "}).Check(); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", longest + "a", "a\n", "a\x00", "ü", "\x7f"} {
		for field, r := range map[string]ident.Run{
			"runId":  {RunID: bad, StepID: "s"},
			"stepId": {RunID: "r", StepID: bad},
		} {
			var e *fault.Error
			if err := r.Check(); !errors.As(err, &e) || e.Kind != fault.Invalid || e.Details["field"] != field {
				t.Errorf("%q as %s: %v", bad, field, err)
			}
		}
	}
}
