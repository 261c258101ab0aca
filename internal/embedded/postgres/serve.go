package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	readyPoll = 2 * time.Millisecond
	// readyLine is the line of postmaster.pid that says what the server is doing.
	readyLine = 7
	// immediateGrace is what an immediate shutdown gets before it is killed.
	immediateGrace = 5 * time.Second
)

// serve starts the server and returns once it accepts connections.
func (c *Cluster) serve(ctx context.Context, runAs account) (err error) {
	if c.journal, err = openJournal(c.at.journal); err != nil {
		return err
	}

	//nolint:gosec,noctx // it outlives the start
	cmd := exec.Command(c.bin.path("postgres"), "-D", c.at.data, "-c", "config_file="+c.at.config)
	cmd.Stdout, cmd.Stderr = c.journal.file, c.journal.file
	c.server, err = startChild(cmd, runAs, syscall.SIGINT)
	if err = errors.Join(err, c.journal.file.Close()); err != nil {
		return fmt.Errorf("running the server: %w", err)
	}

	go c.watch()
	if err := c.awaitReady(ctx); err != nil {
		err = c.journal.explain(err)
		_ = c.Stop(ctx) // it never served; what it says about its end is said by err
		return err
	}

	return nil
}

// watch reports a server that ends by itself.
func (c *Cluster) watch() {
	<-c.server.ended
	select {
	case <-c.stopping:
	default:
		c.log.Error("postgres ended unexpectedly", "pid", c.PID(), "error", c.server.err)
		close(c.done)
	}
}

func (c *Cluster) awaitReady(ctx context.Context) error {
	tick := time.NewTicker(readyPoll)
	defer tick.Stop()
	for {
		select {
		case <-c.server.ended:
			return fmt.Errorf("the server ended: %w", c.server.err)
		case <-ctx.Done():
			return fmt.Errorf("waiting for the server: %w", context.Cause(ctx))
		case <-tick.C:
			if c.ready() {
				return nil
			}
		}
	}
}

// ready reads what pg_ctl reads: the server keeps its state in postmaster.pid.
func (c *Cluster) ready() bool {
	content, err := os.ReadFile(c.at.pidFile)
	if err != nil {
		return false
	}

	lines := strings.Split(string(content), "\n")
	return len(lines) > readyLine && lines[0] == strconv.Itoa(c.PID()) && strings.TrimSpace(lines[readyLine]) == "ready"
}

// Stop shuts the server down: sessions are ended, and the data is left clean. It takes about 25 ms.
//
// When ctx ends first the server is ended at once, without a loss: the next start recovers from its write-ahead log.
// Later calls return what the first one did.
//
// Errors: how the server ended, if that was not by Stop; ctx's error if the shutdown had to be hurried.
func (c *Cluster) Stop(ctx context.Context) error {
	c.stop.Do(func() {
		if err := errors.Join(c.shutDown(ctx), c.lock.release()); err != nil {
			c.stopErr = fmt.Errorf("stopping postgres in %s: %w", c.at.dir, err)
		}
	})
	return c.stopErr
}

func (c *Cluster) shutDown(ctx context.Context) error {
	select {
	case <-c.server.ended:
		return c.journal.explain(fmt.Errorf("the server had ended: %w", c.server.err))
	default:
		close(c.stopping)
	}

	c.server.signal(syscall.SIGINT)
	select {
	case <-c.server.ended:
		return nil
	case <-ctx.Done():
		c.endAtOnce()
		return context.Cause(ctx)
	}
}

func (c *Cluster) endAtOnce() {
	c.server.signal(syscall.SIGQUIT)
	grace := time.NewTimer(immediateGrace)
	defer grace.Stop()
	select {
	case <-c.server.ended:
	case <-grace.C:
		c.server.signal(syscall.SIGKILL)
		<-c.server.ended
	}
}
