package secretmanager

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"github.com/provenanceone/data-api/internal/fault"
)

const keysetFile = "keyset.json"

// loadKeyset reads the keyset that opens the store, and makes one where there is neither keyset nor store:
// a keyset that was lost is never replaced, because the payloads would be lost with it.
func loadKeyset(dir string, storeExists bool) (tink.AEAD, error) {
	path := filepath.Join(dir, keysetFile)
	text, err := fs.ReadFile(os.DirFS(dir), keysetFile)
	switch {
	case errors.Is(err, fs.ErrNotExist) && storeExists:
		return nil, fault.New(fault.Invalid, "The emulated Secret Manager has a store but no keyset: restore %s, or "+
			"remove the store.", path)
	case errors.Is(err, fs.ErrNotExist):
		return makeKeyset(dir)
	case err != nil:
		return nil, fmt.Errorf("reading keyset: %w", err)
	}

	if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.Invalid, "The keyset %s must be readable by its owner alone (mode 0600).", path)
	}

	handle, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(text)))
	if err != nil {
		return nil, fmt.Errorf("parsing keyset: %w", err)
	}

	return aead.New(handle)
}

func makeKeyset(dir string) (tink.AEAD, error) {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, fmt.Errorf("making keyset: %w", err)
	}

	var text bytes.Buffer
	if err := insecurecleartextkeyset.Write(handle, keyset.NewJSONWriter(&text)); err != nil {
		return nil, fmt.Errorf("encoding keyset: %w", err)
	}

	if err := writeDurably(dir, keysetFile, text.Bytes()); err != nil {
		return nil, fmt.Errorf("writing keyset: %w", err)
	}

	return aead.New(handle)
}

// writeDurably leaves the whole file or none, whenever the process dies.
func writeDurably(dir, name string, text []byte) (err error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, root.Close()) }()
	f, err := root.OpenFile(name+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}

	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}

	if err := root.Rename(name+".new", name); err != nil {
		return err
	}

	return syncDir(root)
}

// syncDir makes a rename last.
func syncDir(root *os.Root) error {
	d, err := root.Open(".")
	if err != nil {
		return err
	}

	return errors.Join(d.Sync(), d.Close())
}
