package object

import (
	"context"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// maxReads is how many contents one request reads at the same time.
const maxReads = 8

// Content is the first bytes of an object version.
type Content struct {
	Bytes     []byte
	Truncated bool
}

// Text returns the bytes as text, or nil when they are not UTF-8.
func (c Content) Text() *string {
	if !utf8.Valid(c.Bytes) {
		return nil
	}

	text := string(c.Bytes)
	return &text
}

// Reading is what came of reading one version: its content, or why there is none.
type Reading struct {
	Content Content
	Err     error
}

// Read returns the first bytes of each version, in order, once all those reads are on record.
//
// Units:  most in bytes, 1 to MaxContentBytes.
// Errors: fault.Invalid naming `maxBytes`; fault.Unavailable if they could not be put on record, and nothing was read.
// That of one Reading: fault.NotFound if the version is gone; fault.Unavailable.
func (s *Service) Read(ctx context.Context, a authz.Actor, versions []Version, most int32) ([]Reading, error) {
	if most < 1 || most > MaxContentBytes {
		return nil, fault.Field(fault.Invalid, "maxBytes", "Content has 1 to %d bytes; get a download URL for more.",
			MaxContentBytes)
	}

	readable, err := s.recordReads(ctx, a, versions)
	if err != nil {
		return nil, err
	}

	readings := make([]Reading, len(versions))
	var group errgroup.Group
	group.SetLimit(maxReads)
	for i, v := range versions {
		if !readable[v.ObjectID] {
			readings[i].Err = NotFound()
			continue
		}

		group.Go(func() error {
			bytes, err := s.blobs.Read(ctx, BlobPlace(a.Region, v.BlobID), int64(most))
			readings[i] = Reading{Content: contentOf(v, bytes), Err: err}
			return nil
		})
	}

	return readings, group.Wait()
}

// contentOf is the first bytes of a version. Text ends with a whole character: a cut through one would turn all of it
// into bytes that are no text.
func contentOf(v Version, first []byte) Content {
	c := Content{Bytes: first, Truncated: v.SizeBytes > int64(len(first))}
	if !c.Truncated {
		return c
	}

	start := max(len(first)-1, 0)
	for start > 0 && len(first)-start < utf8.UTFMax && !utf8.RuneStart(first[start]) {
		start--
	}

	if cut := first[start:]; !utf8.FullRune(cut) && utf8.Valid(first[:start]) {
		c.Bytes = first[:start]
	}

	return c
}

// recordReads puts on record that the versions of objects that are still there are about to be read, and tells which
// objects those are.
func (s *Service) recordReads(ctx context.Context, a authz.Actor, versions []Version) (map[ID]bool, error) {
	ids := make([]ID, len(versions))
	for i, v := range versions {
		ids[i] = v.ObjectID
	}

	objects, err := s.store.Get(ctx, a.Workspace, ids)
	if err != nil {
		return nil, err
	}

	there, of := map[ID]bool{}, map[ID]Object{}
	for _, o := range objects {
		there[o.ID], of[o.ID] = true, o
	}

	var reads []audit.Entry
	for _, v := range versions {
		if there[v.ObjectID] {
			reads = append(reads, readEntry(a, of[v.ObjectID], v).With("how", "content"))
		}
	}

	return there, s.store.Record(ctx, reads...)
}

func readEntry(a authz.Actor, o Object, v Version) audit.Entry {
	return audit.Record(a, audit.ObjectRead).On("object", o.ID.String(), o.Key).
		With("datastoreId", o.DatastoreID).With("versionId", v.ID).With("version", v.Version)
}
