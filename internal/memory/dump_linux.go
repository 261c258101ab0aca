package memory

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// denyReaders keeps other processes of the same account from reading this one's memory, by ptrace or /proc.
func denyReaders() error {
	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("making the process not dumpable: %w", err)
	}

	return nil
}
