package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

var errLost = errors.New("data-api client: storage has lost bytes that it had taken")

// inParts sends a file to a session, part by part.
//
// Source: Google Cloud Storage, "Resumable uploads".
func (u *uploading) inParts(ctx context.Context, first []byte) error {
	buffer := first[:cap(first)]
	for part := first; ; {
		if err := u.sendPart(ctx, part); err != nil {
			return err
		}

		u.progress(u.read, u.size)
		if u.ended {
			return nil
		}

		var err error
		if part, err = u.next(buffer); err != nil {
			return err
		}
	}
}

// sendPart sends the part that ends where the source was read to, until storage has it; of the last part, until
// storage has made it an object. After a failure it asks how much has arrived.
func (u *uploading) sendPart(ctx context.Context, part []byte) error {
	begin, failures, asking := u.read-int64(len(part)), 0, false
	for have := begin; ; {
		body := part[have-begin:]
		if asking {
			body = nil
		}

		took, err := u.put(ctx, u.partHeader(have, body), body)
		if err != nil {
			failures, asking = failures+1, true
			if !passing(err) || failures == storageTries || ctx.Err() != nil {
				return err
			}

			if err := pause(ctx, gap(failures)); err != nil {
				return err
			}

			continue
		}

		if took.done {
			return u.atEnd()
		}

		now := arrived(took.header)
		switch {
		case now < begin || now > u.read:
			return errLost
		case now == u.read && !u.ended:
			return nil
		case now > have:
			failures = 0
		case !asking:
			failures++ // it took nothing, and did not say why
		}

		have, asking = now, false
		if failures == storageTries {
			return fmt.Errorf("data-api client: storage takes no more than the first %d bytes", have)
		}
	}
}

func (u *uploading) atEnd() error {
	if !u.ended {
		return fmt.Errorf("data-api client: storage took the first %d bytes for all", u.read)
	}

	return nil
}

// partHeader says which bytes of the whole come, or, without a body, asks for how many have arrived. With the last
// ones goes the checksum of all, which storage compares.
func (u *uploading) partHeader(from int64, body []byte) http.Header {
	span, total := "*", "*"
	if len(body) > 0 {
		span = fmt.Sprintf("%d-%d", from, from+int64(len(body))-1)
	}

	header := http.Header{}
	if u.ended {
		total = strconv.FormatInt(u.read, 10)
		header.Set("X-Goog-Hash", "crc32c="+crc32cText(u.crc))
	}

	header.Set("Content-Range", "bytes "+span+"/"+total)
	return header
}

// arrived is how many bytes storage has, by its `Range: bytes=0-41`.
func arrived(h http.Header) int64 {
	last, err := strconv.ParseInt(strings.TrimPrefix(h.Get("Range"), "bytes=0-"), 10, 64)
	if err != nil {
		return 0
	}

	return last + 1
}
