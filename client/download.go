package client

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
)

// DownloadOption changes what Download reads.
type DownloadOption func(*CreateDownloadURLInput)

// AtVersion reads a version that is kept, by its number, instead of the current one.
func AtVersion(number int) DownloadOption {
	return func(input *CreateDownloadURLInput) { input.Version = &number }
}

// Download is the content of one version, while it is read. One goroutine may read it.
type Download struct {
	// Version is what is read, whatever is written to the key meanwhile.
	Version ObjectVersion

	client *Client
	ctx    context.Context //nolint:containedctx // Read takes none
	input  CreateDownloadURLInput
	url    string
	size   int64

	body io.ReadCloser
	// end ends the request under way.
	end context.CancelFunc
	// etag and generation name the blob that the first bytes came from.
	etag, generation string
	read             int64
	crc              uint32
	failures         int
	err              error
}

var errOtherVersion = errors.New("data-api client: storage serves another version than the one that was begun")

// Download begins to read an object: its current version, unless AtVersion says otherwise. Close it.
//
// After a broken connection or a fault of storage, reading goes on from where it was, of the same version. The last
// Read compares the checksum of all that came with that of the version.
//
// Errors: those of the API: ErrNotFound, ErrForbidden. Read returns ErrChecksum, *StorageError, and the end of ctx.
// Effects: it is on record as a download URL, and again where reading goes on after the URL has expired.
func (c *Client) Download(
	ctx context.Context, datastoreID, key string, options ...DownloadOption,
) (*Download, error) {
	d := &Download{client: c, ctx: ctx, input: CreateDownloadURLInput{DatastoreId: datastoreID, Key: key}}
	for _, option := range options {
		option(&d.input)
	}

	made, err := CreateDownloadURL(ctx, c, d.input)
	if err != nil {
		return nil, err
	}

	d.Version, d.url = made.CreateDownloadURL.Version, made.CreateDownloadURL.Url
	d.input.Version = &d.Version.Version
	if d.size, err = strconv.ParseInt(d.Version.SizeBytes, 10, 64); err != nil {
		return nil, fmt.Errorf("data-api client: the size of a version: %w", err)
	}

	if err := d.open(ctx); err != nil {
		if err := d.recover(err); err != nil {
			return nil, err
		}
	}

	return d, nil
}

// Read reads the next bytes of the version.
func (d *Download) Read(p []byte) (int, error) {
	for d.err == nil && len(p) > 0 {
		n, err := d.some(p)
		if n > 0 {
			d.failures = 0
			d.read += int64(n)
			d.crc = crc32.Update(d.crc, castagnoli, p[:n])
		}

		switch {
		case d.read == d.size:
			if d.err = d.finish(); d.err != io.EOF { //nolint:errorlint // finish returns it bare
				return 0, d.err // whoever reads by length must not take these bytes for good ones
			}

			return n, nil
		case err != nil:
			d.err = d.recover(err)
		}

		if n > 0 {
			return n, nil
		}
	}

	return 0, d.err
}

// some reads what has come of the request under way, or begins another.
func (d *Download) some(p []byte) (int, error) {
	if d.read == d.size {
		return 0, nil
	}

	if d.body == nil {
		return 0, d.open(d.ctx)
	}

	watch := watched(d.end)
	defer watch.Stop()
	n, err := d.body.Read(p[:min(int64(len(p)), d.size-d.read)])
	if err != nil {
		err = broken(fmt.Errorf("storage broke off: %w", err))
	}

	return n, err
}

func (d *Download) finish() error {
	if err := d.close(); err != nil {
		return err
	}

	if d.Version.Crc32c != crc32cText(d.crc) {
		return ErrChecksum
	}

	return io.EOF
}

// open asks storage for what has not come yet.
func (d *Download) open(ctx context.Context) error {
	ctx, end := context.WithCancel(ctx)
	header := http.Header{"Accept-Encoding": {"identity"}}
	want := http.StatusOK
	if d.read > 0 {
		header.Set("Range", fmt.Sprintf("bytes=%d-", d.read))
		want = http.StatusPartialContent
	}

	if d.etag != "" {
		header.Set("If-Match", d.etag)
	}

	watch := watched(end)
	defer watch.Stop()
	res, err := d.client.toStorage(ctx, http.MethodGet, d.url, header, nil)
	if err != nil {
		end()
		return err
	}

	if err := d.accept(res, want); err != nil {
		end()
		_ = res.Body.Close()
		return err
	}

	d.body, d.end = res.Body, end
	return nil
}

// accept checks that an answer goes on where the download is, in the same blob.
func (d *Download) accept(res *http.Response, want int) error {
	etag, generation := res.Header.Get("ETag"), res.Header.Get("X-Goog-Generation")
	switch {
	case res.StatusCode != want && res.StatusCode >= http.StatusMultipleChoices:
		return &StorageError{res.StatusCode}
	case res.StatusCode != want,
		want == http.StatusPartialContent &&
			res.Header.Get("Content-Range") != fmt.Sprintf("bytes %d-%d/%d", d.read, d.size-1, d.size),
		d.read > 0 && (etag != d.etag || generation != d.generation):
		return errOtherVersion
	}

	d.etag, d.generation = etag, generation
	return nil
}

// recover waits after a failure until the next try; it returns why there is none.
func (d *Download) recover(err error) error {
	_ = d.close()
	d.failures++
	if d.ctx.Err() != nil {
		return context.Cause(d.ctx)
	}

	var refused *StorageError
	expired := errors.As(err, &refused) && !passing(err) && (d.read > 0 || d.failures > 1)
	if d.failures == storageTries || !passing(err) && !expired {
		return err
	}

	if err := pause(d.ctx, gap(d.failures)); err != nil {
		return err
	}

	if expired {
		return d.renew()
	}

	return nil
}

// renew gets another URL of the same version.
func (d *Download) renew() error {
	made, err := CreateDownloadURL(d.ctx, d.client, d.input)
	if err != nil {
		return err
	}

	if made.CreateDownloadURL.Version.Id != d.Version.Id {
		return errOtherVersion
	}

	d.url = made.CreateDownloadURL.Url
	return nil
}

// Close ends the download. It may be called before the end, and twice.
func (d *Download) Close() error {
	if d.err == nil {
		d.err = errors.New("data-api client: the download is closed")
	}

	return d.close()
}

func (d *Download) close() error {
	if d.body == nil {
		return nil
	}

	d.end()
	err := d.body.Close()
	d.body = nil
	return err
}
