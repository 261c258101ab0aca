package client

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/url"
	"time"
)

const (
	// partTimeout is how long sending a part may take. What has arrived of it by then need not be sent again.
	partTimeout = 2 * time.Minute
	// stalled is how long a download may wait for the next bytes.
	stalled = 30 * time.Second
	// storageTries is how often storage may fail in a row, without a byte of progress.
	storageTries = 8
)

// ErrChecksum is about bytes that are not those that were stored.
var ErrChecksum = errors.New("data-api client: the bytes have another CRC32C than the stored version")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// crc32cText is the checksum as the API and storage write it.
func crc32cText(sum uint32) string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, sum))
}

// StorageError is a refusal of storage.
type StorageError struct {
	// Status is that of HTTP.
	Status int
}

// Error says what storage answered, without its address: that is a credential.
func (e *StorageError) Error() string {
	return fmt.Sprintf("storage answered with HTTP status %d %s", e.Status, http.StatusText(e.Status))
}

// toStorage sends a request to a signed URL, which is a credential: no error has it.
func (c *Client) toStorage(
	ctx context.Context, method, address string, header http.Header, body []byte,
) (*http.Response, error) {
	if !safe(address) {
		return nil, errors.New("data-api client: the API gave an address of storage that is neither https nor loopback")
	}

	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, errors.New("data-api client: the API gave an address of storage that is none")
	}

	r.Header = header
	res, err := c.storage.Do(r)
	var of *url.Error
	if errors.As(err, &of) {
		return nil, broken(fmt.Errorf("storage did not answer: %w", of.Err))
	}

	return res, err
}

// watched ends a request from which nothing comes, unless it is stopped before.
func watched(end context.CancelFunc) *time.Timer { return time.AfterFunc(stalled, end) }

// passing reports whether another try at storage may do better.
func passing(err error) bool {
	var refused *StorageError
	if errors.As(err, &refused) {
		return refused.Status >= http.StatusInternalServerError || refused.Status == http.StatusTooManyRequests ||
			refused.Status == http.StatusRequestTimeout
	}

	var cut brokenError
	return errors.As(err, &cut)
}
