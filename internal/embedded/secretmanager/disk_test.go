package secretmanager_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"

	"github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/fault"
)

const canary = "canary-5f2c9b1e-do-not-leak"

func wantNowhere(t *testing.T, dir string, needles ...[]byte) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		for _, n := range needles {
			if bytes.Contains(text, n) {
				t.Errorf("%s holds %.40q", path, n)
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestDisk_HoldsNoPlaintextAndLogHoldsNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var log bytes.Buffer
	s := start(t, secretmanager.Options{
		Dir: dir,
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	c := connect(t, s, "Bearer "+bearer)
	secret := create(t, c, regional, "a").GetName()
	wantAccess(t, c, add(t, c, secret, canary).GetName(), canary, codes.OK)
	_, err := c.AddSecretVersion(t.Context(),
		&secretmanagerpb.AddSecretVersionRequest{
			Parent:  secret,
			Payload: &secretmanagerpb.SecretPayload{Data: []byte(strings.Repeat(canary, 5000))},
		})
	wantCode(t, err, codes.InvalidArgument)
	raw := []byte(canary)
	wantNowhere(t, dir, raw, []byte(base64.StdEncoding.EncodeToString(raw)), []byte(hex.EncodeToString(raw)))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String()+err.Error(), canary) || !strings.Contains(log.String(), "AddSecretVersion") {
		t.Errorf("log is %s", log.String())
	}
}

func TestDisk_EverythingIsThereAfterARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, secretmanager.Options{Dir: dir})
	c := connect(t, first, "Bearer "+bearer)
	secret := create(t, c, regional, "a").GetName()
	kept, ended := add(t, c, secret, "kept").GetName(), add(t, c, secret, "ended").GetName()
	_, err := c.DestroySecretVersion(t.Context(), &secretmanagerpb.DestroySecretVersionRequest{Name: ended})
	wantCode(t, err, codes.OK)
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	c = connect(t, start(t, secretmanager.Options{Dir: dir}), "Bearer "+bearer)
	wantAccess(t, c, kept, "kept", codes.OK)
	wantAccess(t, c, ended, "", codes.FailedPrecondition)
	if v := add(t, c, secret, "next").GetName(); !strings.HasSuffix(v, "/versions/3") {
		t.Errorf("the next version is %s", v)
	}
}

// TestDisk_CopyTakenWhileRunning_IsWhatAKillLeaves copies the files as they are on disk, without any shutdown.
func TestDisk_CopyTakenWhileRunning_IsWhatAKillLeaves(t *testing.T) {
	t.Parallel()
	dir, after := t.TempDir(), t.TempDir()
	c := connect(t, start(t, secretmanager.Options{Dir: dir}), "Bearer "+bearer)
	v := add(t, c, create(t, c, regional, "a").GetName(), "kept").GetName()
	if err := os.CopyFS(filepath.Join(after, "state"), os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(after, "state", "keyset.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	c = connect(t, start(t, secretmanager.Options{Dir: filepath.Join(after, "state")}), "Bearer "+bearer)
	wantAccess(t, c, v, "kept", codes.OK)
}

func ciphertexts(t *testing.T, dir string) (sealed [][]byte) {
	t.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "store.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	err = db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("payloads")).ForEach(func(_, v []byte) error {
			sealed = append(sealed, bytes.Clone(v[:min(len(v), 64)]), bytes.Clone(v[max(0, len(v)-64):]))
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestDestroyAndDelete_OverwriteTheCiphertext(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, secretmanager.Options{Dir: dir})
	c := connect(t, first, "Bearer "+bearer)
	a, b := create(t, c, regional, "a").GetName(), create(t, c, regional, "b").GetName()
	for _, size := range []int{1, 100, 5000, 64 << 10} {
		add(t, c, a, strings.Repeat("x", size))
		add(t, c, b, strings.Repeat("y", size))
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	sealed := ciphertexts(t, dir)
	c = connect(t, start(t, secretmanager.Options{Dir: dir}), "Bearer "+bearer)
	kept := add(t, c, create(t, c, regional, "kept").GetName(), "kept").GetName()
	for _, n := range []string{"1", "2", "3", "4"} {
		_, err := c.DestroySecretVersion(t.Context(),
			&secretmanagerpb.DestroySecretVersionRequest{Name: a + "/versions/" + n})
		wantCode(t, err, codes.OK)
	}
	if len(sealed) != 16 {
		t.Fatalf("%d pieces of ciphertext to look for", len(sealed))
	}
	wantNowhere(t, dir, sealed[:8]...)
	wantCode(t, c.DeleteSecret(t.Context(), &secretmanagerpb.DeleteSecretRequest{Name: b}), codes.OK)
	wantNowhere(t, dir, sealed...)
	wantAccess(t, c, kept, "kept", codes.OK)
}

func TestKeyset_IsTheOwnersAloneAndNeverReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "keyset.json")
	o := secretmanager.Options{Dir: dir, Listen: "127.0.0.1:0", Bearer: bearer}
	if err := start(t, o).Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("keyset: %v %v", info, err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := secretmanager.Start(t.Context(), o); !fault.Is(err, fault.Invalid) {
		t.Errorf("readable by others: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := secretmanager.Start(t.Context(), o); !fault.Is(err, fault.Invalid) {
		t.Errorf("missing: %v", err)
	}
}

func TestCiphertext_MovedToAnotherVersion_DoesNotOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := start(t, secretmanager.Options{Dir: dir})
	c := connect(t, first, "Bearer "+bearer)
	secret := create(t, c, regional, "a").GetName()
	add(t, c, secret, "one")
	two := add(t, c, secret, "two").GetName()
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(filepath.Join(dir, "store.db"), 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b := tx.Bucket([]byte("payloads"))
		first, sealed := b.Cursor().First()
		return b.Put(append(bytes.Clone(first[:len(first)-1]), '2'), bytes.Clone(sealed))
	})
	if err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	c = connect(t, start(t, secretmanager.Options{Dir: dir}), "Bearer "+bearer)
	wantAccess(t, c, two, "", codes.Internal)
}
