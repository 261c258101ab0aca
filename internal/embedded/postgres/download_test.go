package postgres

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const fakeVersion = "#!/bin/sh\necho 'postgres (PostgreSQL) 17.10'\n"

func TestInstall_UnpacksOnceWithLinks(t *testing.T) {
	t.Parallel()
	p, requests := registryOf(t, tarballOf(t, map[string]string{
		"package/package.json":             `{}`,
		"package/native/bin/postgres":      fakeVersion,
		"package/native/bin/initdb":        "#!/bin/sh\n",
		"package/native/lib/libpq.so.5.17": "library",
		"package/native/pg-symlinks.json":  `[{"source":"native/lib/libpq.so.5.17","target":"native/lib/libpq.so.5"}]`,
	}))
	var told []string
	for range 2 {
		bin, err := p.install(t.Context(), func(line string) { told = append(told, line) })
		if err != nil {
			t.Fatal(err)
		}
		if b, err := inspect(t.Context(), bin); err != nil || b.major != 17 {
			t.Errorf("found %+v, error %v", b, err)
		}
		if got, err := os.ReadFile(filepath.Join(bin, "../lib/libpq.so.5")); err != nil || string(got) != "library" {
			t.Errorf("through the link: %q, error %v", got, err)
		}
	}
	if requests.Load() != 2 || len(told) != 1 || !strings.HasPrefix(told[0], "Downloading Postgres") {
		t.Errorf("%d requests; told %q", requests.Load(), told)
	}
}

func TestInstall_ManyAtOnce_AllFindOne(t *testing.T) {
	t.Parallel()
	p, _ := registryOf(t, tarballOf(t, map[string]string{
		"package/native/bin/postgres":     fakeVersion,
		"package/native/pg-symlinks.json": `[]`,
	}))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := p.install(t.Context(), func(string) {}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if left, err := os.ReadDir(p.cache); err != nil || len(left) != 1 {
		t.Errorf("in the cache: %v, error %v", left, err)
	}
}

func TestInstall_OtherBytes_AreRefusedAndNotKept(t *testing.T) {
	t.Parallel()
	p, _ := registryOf(t, tarballOf(t, map[string]string{"package/native/bin/postgres": "trojan"}))
	p.sha512 = "another"
	if _, err := p.install(t.Context(), func(string) {}); err == nil || !strings.Contains(err.Error(), "sha512") {
		t.Errorf("the error is %v", err)
	}
	if left, err := os.ReadDir(p.cache); err != nil || len(left) != 0 {
		t.Errorf("in the cache: %v, error %v", left, err)
	}
}

func TestInstall_UnknownVersion_IsAnError(t *testing.T) {
	t.Parallel()
	p, _ := registryOf(t, nil)
	p.version = "99.0.0"
	if _, err := p.install(t.Context(), func(string) {}); err == nil ||
		!strings.Contains(err.Error(), "does not have it") {
		t.Errorf("the error is %v", err)
	}
}

func TestUnpack_OutsideOfItsDirectory_IsRefused(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"file": {"package/native/../../../out": "x", "package/native/pg-symlinks.json": `[]`},
		"link": {"package/native/pg-symlinks.json": `[{"source":"../../etc/passwd","target":"native/passwd"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "a", "b")
			if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := unpack(bytes.NewReader(tarballOf(t, files)), dir); err == nil {
				t.Error("no error")
			}
		})
	}
}

func TestRegistryURL_IsWhatTheEnvironmentSays(t *testing.T) {
	for _, want := range []string{"https://npm.example.com/", "https://npm.example.com/deep/"} {
		t.Setenv(registryEnv, strings.TrimSuffix(want, "/"))
		if got := (npmPackage{}).registryURL(); got != want {
			t.Errorf("the registry is %s, not %s", got, want)
		}
	}
	t.Setenv(registryEnv, "")
	if got := (npmPackage{}).registryURL(); got != publicRegistry {
		t.Errorf("the registry is %s, not the public one", got)
	}
}

// registryOf is a registry that has one version of one package; it counts requests.
func registryOf(t *testing.T, tarball []byte) (npmPackage, *atomic.Int64) {
	t.Helper()
	var requests atomic.Int64
	mux := http.NewServeMux()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	mux.HandleFunc("GET /tarballs/some.tgz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(tarball) })
	mux.HandleFunc("GET /{name}", func(w http.ResponseWriter, r *http.Request) {
		if r.PathValue("name") != "@some/postgres" {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprintf(w, `{"versions":{"1.0.0":{"dist":{"tarball":"%s/tarballs/some.tgz"}}}}`, server.URL)
	})
	sum := sha512.Sum512(tarball)
	return npmPackage{
		name:     "@some/postgres",
		version:  "1.0.0",
		major:    17,
		sha512:   base64.StdEncoding.EncodeToString(sum[:]),
		cache:    t.TempDir(),
		registry: server.URL,
	}, &requests
}

func tarballOf(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	zipped := gzip.NewWriter(&buffer)
	archive := tar.NewWriter(zipped)
	for name, content := range files {
		err := archive.WriteHeader(&tar.Header{
			Name:     name,
			Mode:     0o755,
			Size:     int64(len(content)),
			Typeflag: tar.TypeReg,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := zipped.Close(); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}
