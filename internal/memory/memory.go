// Package memory sets how a process uses its memory: out of files, and with room for requests.
package memory

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// NoCoreDumps keeps the kernel from writing the memory of this process, with the secret values in it, to a file when
// it crashes, and on Linux other processes of the same account from reading it.
//
// Effects: on the whole process, and its limit on its children too. Source: prctl(2), PR_SET_DUMPABLE; getrlimit(2),
// RLIMIT_CORE.
func NoCoreDumps() error {
	if err := unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{}); err != nil {
		return fmt.Errorf("limiting core dumps to nothing: %w", err)
	}

	return denyReaders()
}
