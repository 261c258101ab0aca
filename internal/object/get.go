package object

import (
	"context"
	"errors"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/ident"
)

// getTTL is how long the URL of a large object serves it.
const getTTL = 15 * time.Minute

// OnRecord adds to what goes on record of an object, for example what it is part of. It may be asked several times.
type OnRecord func(audit.Entry) audit.Entry

func (also OnRecord) of(e audit.Entry) audit.Entry {
	if also == nil {
		return e
	}

	return also(e)
}

// GetRequest asks for what an object version holds.
type GetRequest struct {
	DatastoreID datastore.ID
	Key         string
	// Version is the number of one; nil for the current one.
	Version *int32
}

// GetResult has the content of an object version or, where an answer cannot carry that, a URL that serves it for a
// while.
type GetResult struct {
	Version Version
	// Content is nil where URL is not empty.
	Content *Content
	URL     string
}

// Get returns what an object version holds, once the read is on record; an upload that has landed at the key is
// included.
//
// Errors: fault.NotFound; fault.Unavailable, and if the read was on record already, it is once more, as failed.
func (s *Service) Get(ctx context.Context, a authz.Actor, r GetRequest, also OnRecord) (GetResult, error) {
	o, v, err := s.findVersion(ctx, a, r)
	if err != nil {
		return GetResult{}, err
	}

	if v.SizeBytes > MaxContentBytes {
		d, err := s.sign(ctx, a, o, v, DownloadRequest{TTL: getTTL}, also)
		return GetResult{Version: v, URL: d.URL}, err
	}

	read := readEntry(a, o, v).With("how", "content")
	if err := s.store.Record(ctx, also.of(read)); err != nil {
		return GetResult{}, err
	}

	bytes, err := s.blobs.Read(ctx, BlobPlace(a.Region, v.BlobID), MaxContentBytes)
	if err != nil {
		failed := also.of(read.Named(ident.New[audit.Event]()).Ended(audit.Failed).With("eventId", read.ID))
		return GetResult{}, errors.Join(err, s.store.Record(context.WithoutCancel(ctx), failed))
	}

	return GetResult{Version: v, Content: &Content{Bytes: bytes}}, nil
}

// findVersion returns one version of the object at a key, the current one if none is named.
func (s *Service) findVersion(ctx context.Context, a authz.Actor, r GetRequest) (Object, Version, error) {
	o, err := s.Find(ctx, a, r.DatastoreID, r.Key)
	if err != nil || r.Version == nil || *r.Version == o.Current.Version {
		return o, o.Current, err
	}

	v, found, err := s.store.VersionAt(ctx, a.Workspace, o.ID, *r.Version)
	if err == nil && !found {
		err = NotKept()
	}

	return o, v, err
}
