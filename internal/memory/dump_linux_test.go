package memory_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/provenanceone/data-api/internal/memory"
)

func TestNoCoreDumps_LeavesTheProcessToNoOtherReader(t *testing.T) {
	t.Parallel()
	if err := memory.NoCoreDumps(); err != nil {
		t.Fatal(err)
	}
	if dumpable, err := unix.PrctlRetInt(unix.PR_GET_DUMPABLE, 0, 0, 0, 0); err != nil || dumpable != 0 {
		t.Errorf("the process is dumpable: %d, %v", dumpable, err)
	}
}
