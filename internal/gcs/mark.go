package gcs

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"cloud.google.com/go/storage"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reconcile"
)

// markName names the object that says which deployment owns a bucket. No blob or upload has such a name.
const markName = "instance"

// mark is the content of that object.
type mark struct {
	Instance string `json:"instance"`
	Run      int64  `json:"run"`
}

var errNoMark = errors.New("what marks the bucket is nothing that this server has written")

// Mark returns a bucket's mark; the zero value if it has none. Errors: fault.Unavailable.
func (s *Store) Mark(ctx context.Context, region string) (reconcile.Mark, error) {
	handle, err := s.blob(object.Place{Region: region, Name: markName})
	if err != nil {
		return reconcile.Mark{}, err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	reader, err := handle.NewReader(ctx)
	switch {
	case isGone(err):
		return reconcile.Mark{}, nil
	case err != nil:
		return reconcile.Mark{}, unavailable(notListed, err)
	}

	content, err := io.ReadAll(reader)
	var m mark
	if err = errors.Join(err, reader.Close(), json.Unmarshal(content, &m)); err != nil || m.Instance == "" {
		return reconcile.Mark{}, unavailable(notListed, errors.Join(errNoMark, err))
	}

	return reconcile.Mark{Instance: m.Instance, Run: m.Run, Generation: reader.Attrs.Generation}, nil
}

// SetMark marks a bucket if its mark is still of that generation, 0 for none.
//
// Errors: fault.Conflict if it is not; fault.Unavailable.
func (s *Store) SetMark(ctx context.Context, region string, m reconcile.Mark) error {
	handle, err := s.blob(object.Place{Region: region, Name: markName})
	if err != nil {
		return err
	}

	content, err := json.Marshal(mark{Instance: m.Instance, Run: m.Run})
	if err != nil {
		return unavailable("The bucket was not marked.", err)
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	when := storage.Conditions{GenerationMatch: m.Generation, DoesNotExist: m.Generation == 0}
	w := handle.If(when).NewWriter(ctx)
	w.ContentType, w.ChunkSize = "application/json", 0
	_, err = w.Write(content)
	switch err = errors.Join(err, w.Close()); {
	case answered(err, http.StatusPreconditionFailed):
		return fault.New(fault.Conflict,
			"Somebody else has marked the bucket of %s just now. Nothing was touched.", region)
	case err != nil:
		return unavailable("Storage did not answer: the bucket was not marked.", err)
	}

	return nil
}
