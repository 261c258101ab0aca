package client

import (
	"context"
	"crypto/md5" //nolint:gosec // it is what storage compares with, and guards against accidents alone
	"encoding/base64"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"time"
)

// partSize is how much of a file is in memory at a time, and the most that is sent in one PUT: a multiple of 256 KiB.
const partSize = 8 << 20

// cancelTimeout is how long an upload that failed may take to free what it reserved.
const cancelTimeout = 10 * time.Second

// RejectedError says why the bytes of an upload did not become a version.
type RejectedError struct {
	UploadID string
	// State is not UploadStateCompleted.
	State UploadState
	// Reason is empty unless State is UploadStateRejected.
	Reason UploadRejection
}

// Error says how the upload ended.
func (e *RejectedError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("data-api client: upload %s did not become a version: it is %s", e.UploadID, e.State)
	}

	return fmt.Sprintf("data-api client: upload %s was rejected: %s", e.UploadID, e.Reason)
}

// uploading is an upload under way.
type uploading struct {
	client   *Client
	input    CreateUploadURLInput
	progress func(sent, total int64)
	source   io.Reader
	// size is how long the source is, in bytes; -1 if only its end will tell.
	size int64

	grant *CreateUploadURLPayload
	// most is how many bytes the grant takes.
	most int64
	// read is how much of the source has been read, crc its checksum; ended is whether that is all.
	read  int64
	crc   uint32
	ended bool
}

// Upload stores what content holds as the next version of a key, and returns that version.
//
// It holds no more than 8 MiB of the content at a time. A content that fits goes in one PUT, a longer one in parts.
// After a broken connection or a fault of storage it goes on from where it was. The checksum of what was read is
// compared with that of the version. A content whose length is known, by WithSize, Len or Seek, may be as long as the
// datastore takes; of others WithMaxBytes says the most.
//
// Errors: those of the API: ErrNotFound, ErrBadUserInput, ErrQuotaExceeded, ErrConflict; *RejectedError if the version
// was refused; *StorageError; ErrChecksum; those of content. If it fails, or ctx ends, the upload is cancelled.
func (c *Client) Upload(
	ctx context.Context, datastoreID, key string, content io.Reader, options ...UploadOption,
) (*ObjectVersion, error) {
	u := &uploading{
		client:   c,
		source:   content,
		size:     lengthOf(content),
		progress: func(int64, int64) {},
		input: CreateUploadURLInput{
			DatastoreId:    datastoreID,
			Key:            key,
			ContentType:    "application/octet-stream",
			IdempotencyKey: NewIdempotencyKey(),
		},
	}
	for _, option := range options {
		option(u)
	}

	room := int64(partSize)
	if 0 <= u.size && u.size < partSize {
		room = u.size + 1 // one more shows that there is more
	}

	part, err := u.next(make([]byte, room))
	if err != nil {
		return nil, err
	}

	if err := u.begin(ctx, part); err != nil {
		return nil, err
	}

	version, err := u.transfer(ctx, part)
	if err != nil {
		u.cancel(ctx)
	}

	return version, err
}

// lengthOf is how much a reader still has; -1 if it cannot say.
func lengthOf(content io.Reader) int64 {
	if counted, ok := content.(interface{ Len() int }); ok {
		return int64(counted.Len())
	}

	if s, ok := content.(io.Seeker); ok {
		here, err := s.Seek(0, io.SeekCurrent)
		if err != nil {
			return -1
		}

		end, err := s.Seek(0, io.SeekEnd)
		if _, back := s.Seek(here, io.SeekStart); err == nil && back == nil && end >= here {
			return end - here
		}
	}

	return -1
}

// next reads the next part of the source into the buffer.
func (u *uploading) next(buffer []byte) ([]byte, error) {
	n, err := io.ReadFull(u.source, buffer)
	u.ended = errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
	if err != nil && !u.ended {
		return nil, fmt.Errorf("reading what to upload: %w", err)
	}

	u.read += int64(n)
	u.crc = crc32.Update(u.crc, castagnoli, buffer[:n])
	if u.most > 0 && u.read > u.most {
		return nil, &RejectedError{
			UploadID: u.grant.Upload.Id,
			State:    UploadStateCancelled,
			Reason:   UploadRejectionTooLarge,
		}
	}

	if u.size >= 0 && (u.read > u.size || u.ended && u.read < u.size) {
		return nil, fmt.Errorf("data-api client: what to upload has not the %d bytes that it said", u.size)
	}

	return buffer[:n], nil
}

func (u *uploading) begin(ctx context.Context, first []byte) error {
	if u.ended {
		sum := md5.Sum(first) //nolint:gosec // see the import
		u.size, u.input.Md5 = u.read, new(base64.StdEncoding.EncodeToString(sum[:]))
	} else {
		u.input.Mode = new(UploadModeResumable)
	}

	if u.size >= 0 {
		u.input.MaxBytes = new(strconv.FormatInt(max(u.size, 1), 10))
	}

	made, err := CreateUploadURL(ctx, u.client, u.input)
	if err != nil {
		return err
	}

	u.grant = made.CreateUploadURL
	if u.grant.Url == nil {
		return &RejectedError{UploadID: u.grant.Upload.Id, State: u.grant.Upload.State}
	}

	u.most, err = strconv.ParseInt(u.grant.Upload.MaxBytes, 10, 64)
	return err
}

func (u *uploading) transfer(ctx context.Context, first []byte) (*ObjectVersion, error) {
	var err error
	if u.input.Mode == nil {
		err = u.whole(ctx, first)
	} else {
		err = u.inParts(ctx, first)
	}

	if err != nil {
		return nil, err
	}

	settled, err := CompleteUpload(ctx, u.client, CompleteUploadInput{UploadId: u.grant.Upload.Id})
	if err != nil {
		return nil, err
	}

	upload := settled.CompleteUpload.Upload
	switch {
	case upload.State != UploadStateCompleted:
		rejected := &RejectedError{UploadID: upload.Id, State: upload.State}
		if upload.Rejection != nil {
			rejected.Reason = *upload.Rejection
		}

		return nil, rejected
	case upload.Version == nil:
		return nil, errNone("The upload became a version that is no longer kept.")
	case upload.Version.Crc32c != crc32cText(u.crc):
		return nil, ErrChecksum
	}

	return upload.Version, nil
}

// whole sends a file in one PUT, which storage takes once: a second one finds what the first has left.
func (u *uploading) whole(ctx context.Context, content []byte) error {
	header := http.Header{}
	for _, h := range u.grant.Headers {
		header.Set(h.Name, h.Value)
	}

	for n := 1; ; n++ {
		_, err := u.put(ctx, header, content)
		var refused *StorageError
		if errors.As(err, &refused) && refused.Status == http.StatusPreconditionFailed && n > 1 {
			err = nil
		}

		if err == nil {
			u.progress(u.size, u.size)
			return nil
		}

		if !passing(err) || n == storageTries {
			return err
		}

		if err := pause(ctx, gap(n)); err != nil {
			return err
		}
	}
}

// put sends bytes to the upload's address, and returns the headers of the answer: of a session that waits for more,
// too.
func (u *uploading) put(ctx context.Context, header http.Header, body []byte) (answer, error) {
	within, cancel := context.WithTimeout(ctx, partTimeout)
	defer cancel()
	res, err := u.client.toStorage(within, http.MethodPut, *u.grant.Url, header, body)
	if err != nil {
		return answer{}, errors.Join(context.Cause(ctx), err)
	}

	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, mostOfAnError))
	_ = res.Body.Close()
	switch {
	case res.StatusCode == http.StatusPermanentRedirect:
		return answer{header: res.Header}, nil
	case res.StatusCode >= http.StatusMultipleChoices:
		return answer{}, &StorageError{res.StatusCode}
	case err != nil:
		return answer{}, broken(err)
	}

	return answer{header: res.Header, done: true}, nil
}

// answer is what storage says to bytes that it took.
type answer struct {
	header http.Header
	// done is whether it has all of them.
	done bool
}

// cancel frees what the upload reserved, even if the caller has gone. An upload that has ended stays as it is.
func (u *uploading) cancel(ctx context.Context) {
	ctx, end := context.WithTimeout(context.WithoutCancel(ctx), cancelTimeout)
	defer end()
	// what comes of it changes nothing: an upload that stays open expires
	_, _ = CancelUpload(ctx, u.client, CancelUploadInput{UploadId: u.grant.Upload.Id})
}
