// Package memory keeps the memory of a process, which holds values of secrets, out of core dumps.
package memory

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// NoCoreDumps keeps the kernel from writing the memory of this process, with the secret values in it, to a file when
// it crashes, and other processes of the same account from reading it.
//
// Effects: on the whole process, and its limit on its children too. Source: prctl(2), PR_SET_DUMPABLE; getrlimit(2),
// RLIMIT_CORE.
func NoCoreDumps() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("limiting core dumps to nothing: %w", err)
	}

	if err := unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0); err != nil {
		return fmt.Errorf("making the process not dumpable: %w", err)
	}

	return nil
}
