package workspace_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/workspace"
)

func TestCountableRefuse_BeyondTheLimit(t *testing.T) {
	t.Parallel()
	for about, c := range map[string]struct {
		n, limit int
		refused  bool
	}{
		"below":            {2, 3, false},
		"as many":          {3, 3, false},
		"one more":         {4, 3, true},
		"without a limit":  {4, 0, false},
		"none and a limit": {0, 1, false},
	} {
		err := workspace.OpenLeases.Refuse(c.n, c.limit)
		if refused := fault.Is(err, fault.QuotaExceeded); refused != c.refused || !refused && err != nil {
			t.Errorf("%s: %v", about, err)
		}
	}

	want := "QUOTA_EXCEEDED: The workspace has 3 open leases, and may have no more."
	if err := workspace.OpenLeases.Refuse(4, 3); err.Error() != want {
		t.Errorf("said is %q", err)
	}
}
