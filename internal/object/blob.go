package object

import (
	"context"
	"time"
)

// Place says where a blob is: the bucket of a region, and the blob's name there.
type Place struct {
	Region string
	Name   string
}

// GetRule holds the conditions of a signed GET.
type GetRule struct {
	ExpiresAt time.Time
	// ContentType is what storage answers with.
	ContentType string
	// Filename is what a browser saves the blob under; empty to leave it to the browser.
	Filename string
}

// WriteResult describes a blob that storage has written.
type WriteResult struct {
	// CRC32C is base64 of four big-endian bytes, MD5 of sixteen.
	CRC32C, MD5 string
	// At is when storage had all bytes, by its own clock.
	At time.Time
}

// Blobs is the storage that objects are read from, and that small ones are written to.
type Blobs interface {
	// Write keeps bytes, at most MaxContentBytes, as a new blob; one that is there already is described as it is.
	// Errors: fault.Unavailable.
	Write(ctx context.Context, p Place, content []byte, contentType string) (WriteResult, error)
	// SignGet signs a GET of a blob. Errors: fault.Unavailable if the signer is down.
	SignGet(ctx context.Context, p Place, rule GetRule) (url string, err error)
	// Read returns the first bytes of a blob, at most `most`. Errors: fault.NotFound; fault.Unavailable.
	Read(ctx context.Context, p Place, most int64) ([]byte, error)
	// Drop deletes a blob; one that is gone already is no error. Errors: fault.Unavailable.
	Drop(ctx context.Context, p Place) error
}
