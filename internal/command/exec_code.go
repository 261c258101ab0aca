package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
)

// What env(1) answers where the command did not run.
const (
	execFailed  = 125
	cannotBeRun = 126
	notFound    = 127
)

// exitError ends the program with a code, and nothing to say.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// startError ends the program with a code, after what it says.
type startError struct {
	error

	code int
}

func (e startError) Unwrap() error { return e.error }

// notStarted says whether a program was not found, or cannot be run.
func notStarted(program string, err error) error {
	code := cannotBeRun
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, exec.ErrNotFound) && !isInPath(program) {
		code = notFound
	}

	return startError{err, code}
}

// isInPath reports whether a folder of PATH has the file, be it executable or not.
func isInPath(program string) bool {
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		_, err := os.Stat(filepath.Join(folder, program)) //nolint:gosec // whoever calls this says what to run
		if err == nil {
			return true
		}
	}

	return false
}

// failureCode is the exit code where the command that the arguments name failed: `other`, unless that is exec.
func failureCode(args []string, other int) int {
	if len(args) > 0 && args[0] == "exec" {
		return execFailed
	}

	return other
}
