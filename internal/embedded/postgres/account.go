package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// account is the operating system account that the server runs as.
type account struct {
	name     string
	uid, gid uint32
	// other is set when that is not the account of this process, which is root then.
	other bool
}

// accountFor chooses the account: the owner of a data directory that is there, else this process's own,
// but for root, which Postgres refuses, postgres or nobody.
func accountFor(data string) (account, error) {
	info, err := os.Stat(data)
	switch {
	case err == nil:
		return ownerOf(info)
	case !errors.Is(err, fs.ErrNotExist):
		return account{}, fmt.Errorf("opening the data directory: %w", err)
	case os.Geteuid() != 0:
		return current()
	}

	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}

	return account{}, errors.New("postgres does not run as root, and there is no account postgres or nobody to run " +
		"it as")
}

func ownerOf(info fs.FileInfo) (account, error) {
	owner, _ := idsOf(info)
	if int(owner) == os.Geteuid() && owner != 0 {
		return current()
	}

	u, err := user.LookupId(strconv.FormatUint(uint64(owner), 10))
	switch {
	case err != nil:
		return account{}, fmt.Errorf("looking up who owns the data directory: %w", err)
	case owner == 0:
		return account{}, errors.New("the data directory belongs to root, as which postgres does not run: give it to " +
			"another account, or use another directory")
	case os.Geteuid() != 0:
		return account{}, fmt.Errorf("the data directory belongs to user %s: start as that user or as root, or use "+
			"another directory", u.Username)
	}

	return accountOf(u)
}

func current() (account, error) {
	u, err := user.Current()
	if err != nil {
		return account{}, fmt.Errorf("looking up the current user: %w", err)
	}

	return accountOf(u)
}

func accountOf(u *user.User) (account, error) {
	uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(errUID, errGID); err != nil {
		return account{}, fmt.Errorf("reading the ids of user %s: %w", u.Username, err)
	}

	return account{name: u.Username, uid: uint32(uid), gid: uint32(gid), other: int(uid) != os.Geteuid()}, nil
}

// credential is nil for this process's own account, which needs no right to change it.
func (a account) credential() *syscall.Credential {
	if !a.other {
		return nil
	}

	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// give makes a directory that belongs to the account alone.
func (a account) give(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}

	if !a.other {
		return nil
	}

	return os.Chown(dir, int(a.uid), int(a.gid))
}

// admitted are the names of the accounts that may connect: who starts the server, who runs it, and root.
func (a account) admitted() ([]string, error) {
	self, err := current()
	if err != nil {
		return nil, err
	}

	names := []string{self.name, a.name, "root"}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// checkReach makes sure that the account may pass through directories that belong to others.
//
// Errors: one that names the first directory that keeps it out, and what to do.
func (a account) checkReach(dirs ...string) error {
	if !a.other {
		return nil
	}

	for _, dir := range dirs {
		closed, err := a.closedParent(dir)
		if err != nil {
			return fmt.Errorf("checking the way to %s: %w", dir, err)
		}

		if closed != "" {
			return fmt.Errorf("user %s, which root runs postgres as, cannot reach %s: %s keeps it out; "+
				"use a directory such as /var/lib/data-api, or run chmod o+x %s", a.name, dir, closed, closed)
		}
	}

	return nil
}

func (a account) closedParent(dir string) (string, error) {
	steps := strings.Split(strings.Trim(dir, "/"), "/")
	for i := range len(steps) + 1 {
		step := "/" + filepath.Join(steps[:i]...)
		info, err := os.Stat(step)
		if err != nil {
			return "", err
		}

		if !a.mayEnter(info) {
			return step, nil
		}
	}

	return "", nil
}

func (a account) mayEnter(info fs.FileInfo) bool {
	owner, group := idsOf(info)
	mode := info.Mode().Perm()
	switch {
	case owner == a.uid:
		return mode&0o100 != 0
	case group == a.gid:
		return mode&0o010 != 0
	default:
		return mode&0o001 != 0
	}
}

// idsOf are the owner and the group of a file.
func idsOf(info fs.FileInfo) (uid, gid uint32) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		panic("a file of this operating system has no owner")
	}

	return stat.Uid, stat.Gid
}
