package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/provenanceone/data-api/internal/childproc"
)

const (
	startWithin = time.Minute
	stopWithin  = 15 * time.Second
)

// process is a program that runs beside this one, with its output in a file.
type process struct {
	cmd  *exec.Cmd
	log  string
	done chan error
}

// launch starts a program and waits until its output has a line that begins or contains the word.
func launch(
	ctx context.Context, log, word string, environment []string, program string, args ...string,
) (*process, error) {
	file, err := os.Create(log)
	if err != nil {
		return nil, err
	}

	//nolint:gosec // programs that this one has built
	cmd := exec.CommandContext(context.WithoutCancel(ctx), program, args...)
	p := &process{cmd: cmd, log: log, done: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), environment...)
	p.cmd.Stdout, p.cmd.Stderr = file, file
	p.cmd.SysProcAttr = childproc.Attributes(syscall.SIGTERM)
	if err := errors.Join(p.cmd.Start(), file.Close()); err != nil {
		return nil, err
	}

	go func() { p.done <- p.cmd.Wait() }()
	return p, p.await(ctx, word)
}

func (p *process) await(ctx context.Context, word string) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if _, found := p.line(word); found {
			return nil
		}

		select {
		case err := <-p.done:
			p.done <- err
			text, _ := os.ReadFile(p.log)
			return fmt.Errorf("%s ended: %w\n%s", filepath.Base(p.log), err, text)
		case <-ctx.Done():
			return fmt.Errorf("%s was not ready: %w", filepath.Base(p.log), ctx.Err())
		case <-tick.C:
		}
	}
}

// line returns the first whole line of the output that contains the word.
func (p *process) line(word string) (string, bool) {
	text, _ := os.ReadFile(p.log)
	for line := range bytes.Lines(text) {
		if bytes.Contains(line, []byte(word)) && bytes.HasSuffix(line, []byte("\n")) {
			return strings.TrimSpace(string(line)), true
		}
	}

	return "", false
}

func (p *process) stop() error {
	if p == nil {
		return nil
	}

	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}

	select {
	case err := <-p.done:
		p.done <- err
		return err
	case <-time.After(stopWithin):
		return errors.Join(fmt.Errorf("%s did not stop within %s", filepath.Base(p.log), stopWithin),
			p.cmd.Process.Kill())
	}
}

// memory is the resident memory of the process, in bytes.
func (p *process) memory() (int64, error) {
	u, err := readUsage(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	return u.rss, err
}
