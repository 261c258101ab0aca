package object

import (
	"context"
	"strings"
	"time"
	"unicode"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
)

// DownloadRequest asks for a URL that serves one object version.
type DownloadRequest struct {
	DatastoreID datastore.ID
	Key         string
	// Version defaults to the current one.
	Version *int32
	TTL     time.Duration
	// Filename is what a browser saves it under; nil for the last part of the key.
	Filename *string
}

// Download is a URL that serves one object version for a while.
type Download struct {
	URL       string
	ExpiresAt time.Time
	Version   Version
}

// Download signs a URL, once the read is on record.
//
// Units: TTL in [1 s, MaxURLAge]. Errors: fault.Invalid naming `expiresIn` or `filename`; fault.NotFound;
// fault.Unavailable.
func (s *Service) Download(ctx context.Context, a authz.Actor, r DownloadRequest) (Download, error) {
	if err := CheckTTL(r.TTL); err != nil {
		return Download{}, err
	}

	if r.Filename != nil && !goodFilename(*r.Filename) {
		return Download{}, fault.Field(fault.Invalid, "filename",
			"A file name has 1 to 255 bytes, no slash and no control characters.")
	}

	o, v, err := s.findVersion(ctx, a, GetRequest{DatastoreID: r.DatastoreID, Key: r.Key, Version: r.Version})
	if err != nil {
		return Download{}, err
	}

	return s.sign(ctx, a, o, v, r, nil)
}

func (s *Service) sign(
	ctx context.Context, a authz.Actor, o Object, v Version, r DownloadRequest, also OnRecord,
) (Download, error) {
	expires := ExpiryOf(s.now(), r.TTL)
	name := o.Key[strings.LastIndexByte(o.Key, '/')+1:]
	if r.Filename != nil {
		name = *r.Filename
	}

	url, err := s.blobs.SignGet(ctx, BlobPlace(a.Region, v.BlobID), GetRule{
		ExpiresAt:   expires,
		ContentType: v.ContentType,
		Filename:    name,
	})
	if err != nil {
		return Download{}, err
	}

	entry := readEntry(a, o, v).With("how", "download-url").With("expiresAt", expires)
	if err := s.store.Record(ctx, also.of(entry)); err != nil {
		return Download{}, err
	}

	return Download{URL: url, ExpiresAt: expires, Version: v}, nil
}

// CheckTTL returns fault.Invalid naming `expiresIn` unless a signed URL may live that long.
func CheckTTL(ttl time.Duration) error {
	if ttl < time.Second || ttl > MaxURLAge {
		return fault.Field(fault.Invalid, "expiresIn", "A signed URL lives from PT1S to P1D.")
	}

	return nil
}

// ExpiryOf is when a URL signed now ends: a whole second, as signatures count, and never before its life is over.
func ExpiryOf(now time.Time, ttl time.Duration) time.Time {
	return now.UTC().Add(ttl + time.Second - time.Nanosecond).Truncate(time.Second)
}

func goodFilename(name string) bool {
	return name != "" && len(name) <= 255 && !strings.ContainsAny(name, `/\`) &&
		!strings.ContainsFunc(name, unicode.IsControl)
}
