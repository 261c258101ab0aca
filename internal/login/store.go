package login

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
	"github.com/zalando/go-keyring"

	"github.com/provenanceone/data-api/internal/fault"
)

// service is what the keyring calls the program.
const service = "provenanceone-data-api"

// Places where sessions are kept.
const (
	// Auto is the keyring of the operating system, or a file where there is none.
	Auto = "auto"
	// File is a file that its owner alone can read.
	File = "file"
)

// Store keeps the session of one API.
type Store struct {
	// API is the API's address.
	API string
	// Dir is where the file is, and the lock.
	Dir string
	// Place is Auto or File.
	Place string
}

// Dir returns the folder for sessions, in the user's folder for settings.
func Dir() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fault.New(fault.Invalid, "There is no folder to keep the sign-in in: set HOME.").Because(err)
	}

	return filepath.Join(dir, service), nil
}

func (s Store) path() string { return filepath.Join(s.Dir, url.PathEscape(s.API)+".json") }

// hasKeyring reports whether to ask for the keyring. On Linux that is a service on the session's bus: without a bus the
// library would start one.
func (s Store) hasKeyring() bool {
	return s.Place == Auto && (runtime.GOOS != "linux" || os.Getenv("DBUS_SESSION_BUS_ADDRESS") != "")
}

// lock keeps other commands out until the returned function is called: a refresh token is good once.
func (s Store) lock(ctx context.Context) (unlock func(), err error) {
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("keeping the sign-in: %w", err)
	}

	l := flock.New(s.path()+".lock", flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(ctx, 2*requestTime)
	defer cancel()
	if locked, err := l.TryLockContext(ctx, 50*time.Millisecond); err != nil || !locked {
		return nil, fault.New(fault.Unavailable, "Another command holds the sign-in: try again.").Because(err)
	}

	return func() { _ = l.Unlock() }, nil
}

// load returns the session; not known if there is none.
//
// Errors: fault.Invalid for a file that others can read.
func (s Store) load() (session Session, known bool, err error) {
	var raw []byte
	if s.hasKeyring() {
		text, err := keyring.Get(service, s.API)
		if raw = []byte(text); err != nil {
			raw = nil // a file may have it
		}
	}

	if raw == nil {
		if raw, err = s.read(); raw == nil {
			return Session{}, false, err
		}
	}

	if json.Unmarshal(raw, &session) != nil {
		return Session{}, false, fault.New(fault.Invalid, "What is kept of your sign-in is damaged. Sign in again: "+
			"data-api login")
	}

	return session, true, nil
}

func (s Store) read() ([]byte, error) {
	info, err := os.Stat(s.path())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}

	if err != nil {
		return nil, fmt.Errorf("reading the sign-in: %w", err)
	}

	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.Invalid, "%s must be readable by its owner alone (mode 0600).", s.path())
	}

	return os.ReadFile(s.path())
}

// save keeps the session in the keyring, else in the file, and nowhere twice. It returns where.
func (s Store) save(session Session) (place string, err error) {
	raw, err := json.Marshal(session) //nolint:gosec // it goes into the keyring, or a file of the owner's alone
	if err != nil {
		return "", err
	}

	if s.hasKeyring() && keyring.Set(service, s.API, string(raw)) == nil {
		return "the keyring", s.remove()
	}

	return s.path(), s.write(raw)
}

// write replaces the file whole, or not at all. Only its owner can read it, from the start.
func (s Store) write(raw []byte) (err error) {
	f, err := os.CreateTemp(s.Dir, ".sign-in-*") // mode 0600
	if err != nil {
		return fmt.Errorf("keeping the sign-in: %w", err)
	}

	_, err = f.Write(raw)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), s.path())
	}

	if err != nil {
		return fmt.Errorf("keeping the sign-in: %w", errors.Join(err, os.Remove(f.Name())))
	}

	return s.forgetKeyring()
}

// forget removes the session from wherever it is.
func (s Store) forget() error { return errors.Join(s.remove(), s.forgetKeyring()) }

func (s Store) remove() error {
	if err := os.Remove(s.path()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forgetting the sign-in: %w", err)
	}

	return nil
}

// forgetKeyring removes what an earlier sign-in left in a keyring that answers.
func (s Store) forgetKeyring() error {
	if !s.hasKeyring() {
		return nil
	}

	if _, err := keyring.Get(service, s.API); err != nil {
		return nil //nolint:nilerr // there is nothing in it, or no keyring
	}

	if err := keyring.Delete(service, s.API); err != nil {
		return fmt.Errorf("forgetting the sign-in: %w", err)
	}

	return nil
}
