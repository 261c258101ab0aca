package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// spent is the CPU time of everybody who has a part in an operation.
type spent struct{ server, postgres, emulators, clients time.Duration }

func (s spent) less(o spent) spent {
	return spent{s.server - o.server, s.postgres - o.postgres, s.emulators - o.emulators, s.clients - o.clients}
}

func (s spent) plus(o spent) spent {
	return spent{s.server + o.server, s.postgres + o.postgres, s.emulators + o.emulators, s.clients + o.clients}
}

func (s spent) each(n int) spent {
	by := time.Duration(max(n, 1))
	return spent{s.server / by, s.postgres / by, s.emulators / by, s.clients / by}
}

// String is in milliseconds, in the order of the table's header.
func (s spent) String() string {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.2f", d.Seconds()*1000) }
	return strings.Join([]string{ms(s.server), ms(s.postgres), ms(s.emulators), ms(s.clients)}, " + ")
}

// spent reads what everybody has spent so far. Postgres is the children of the backends' process, the emulators are
// that process itself.
func (s *stack) spent() (all spent, err error) {
	known := map[int]usage{}
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return all, err
	}

	for _, path := range paths {
		if u, err := readUsage(path); err == nil { // a process that has ended meanwhile is none of ours
			known[u.pid] = u
		}
	}

	backends := s.backends.cmd.Process.Pid
	all.server, all.emulators, all.clients = known[s.server.cmd.Process.Pid].cpu, known[backends].cpu, known[os.Getpid()].cpu
	for _, u := range known {
		for parent := u.parent; parent > 1; parent = known[parent].parent {
			if parent == backends {
				all.postgres += u.cpu
			}
		}
	}

	return all, nil
}

// usage is what /proc says of a process. Units: rss in bytes.
type usage struct {
	pid, parent int
	cpu         time.Duration
	rss         int64
}

// ticksPerSecond is USER_HZ, which Linux has fixed at 100 on every architecture that Go runs on.
const ticksPerSecond = 100

// readUsage reads /proc/PID/stat. Source: proc(5).
func readUsage(path string) (u usage, err error) {
	stat, err := os.ReadFile(path)
	if err != nil {
		return u, err
	}

	// The name stands in parentheses and may hold anything; the fields after it are counted from the third.
	name, fields := bytes.IndexByte(stat, '('), strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if name < 0 || len(fields) < 22 {
		return u, fmt.Errorf("%s has %d fields", path, len(fields))
	}

	var errs []error
	number := func(text string) int64 {
		n, err := strconv.ParseInt(text, 10, 64)
		errs = append(errs, err)
		return n
	}
	u.pid, u.parent = int(number(strings.TrimSpace(string(stat[:name])))), int(number(fields[1]))
	u.cpu = time.Duration(number(fields[11])+number(fields[12])) * time.Second / ticksPerSecond
	u.rss = number(fields[21]) * int64(os.Getpagesize())
	return u, errors.Join(errs...)
}
