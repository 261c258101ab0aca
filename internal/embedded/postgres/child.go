package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"github.com/provenanceone/data-api/internal/childproc"
)

// child is a process that does not outlive this one.
type child struct {
	process *os.Process
	// ended is closed once the process is gone, and err then says how.
	ended chan struct{}
	err   error
}

// startChild runs a command as an account. On Linux the kernel sends it the signal when this process ends, even by
// SIGKILL.
//
// "This process" is, to the kernel, the thread that forked; so a goroutine holds that thread for the life of the child.
// A process group of its own keeps the terminal's Ctrl-C from it: who stops it, and in which order, is ours to say.
func startChild(cmd *exec.Cmd, runAs account, onOurEnd syscall.Signal) (*child, error) {
	cmd.Env = environment()
	cmd.SysProcAttr = childproc.Attributes(onOurEnd)
	cmd.SysProcAttr.Setpgid, cmd.SysProcAttr.Credential = true, runAs.credential()
	c := &child{ended: make(chan struct{}), err: errors.New("exited by itself")}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}

		if err := cmd.Wait(); err != nil {
			c.err = err
		}

		close(c.ended)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("as user %s: %w", runAs.name, err)
	}

	c.process = cmd.Process
	return c, nil
}

// signal sends a signal; a process that is gone needs none.
func (c *child) signal(s syscall.Signal) {
	_ = c.process.Signal(s)
}

// environment leaves out what would steer Postgres from outside (PGDATA, PGPORT, LC_ALL …).
func environment() []string {
	env := []string{"LC_ALL=C", "TZ=UTC"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH"} {
		if value, set := os.LookupEnv(name); set {
			env = append(env, name+"="+value)
		}
	}

	return env
}

// lastLines keeps the end of a program's output, for an error.
func lastLines(output string, most int) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}
