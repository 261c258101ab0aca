package run

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/object"
)

// Writer writes what steps put out.
type Writer interface {
	// Put is that of object.Service.
	Put(ctx context.Context, a authz.Actor, r object.PutRequest, also object.OnRecord) (object.Version, error)
	// FindMade is that of object.Service.
	FindMade(ctx context.Context, a authz.Actor, done idempotency.Result) (*object.Version, error)
}

// The content types of what is put without one.
const (
	typeOfText  = "text/plain; charset=utf-8"
	typeOfBytes = "application/octet-stream"
)

func (s *Steps) put(ctx context.Context, a authz.Actor, step Step) (StepResult, error) {
	return idempotency.Do(ctx, s.once, a, step.call(),
		func(ctx context.Context, c idempotency.Claim) (StepResult, error) {
			v, err := s.writer.Put(ctx, a, step.putRequest(), func(e audit.Entry) audit.Entry {
				return step.onRecord(e, c.EventID)
			})
			return StepResult{Version: &v}, err
		}, func(ctx context.Context, done idempotency.Result) (StepResult, error) {
			v, err := s.writer.FindMade(ctx, a, done)
			return StepResult{Version: v}, err
		})
}

func (s Step) putRequest() object.PutRequest {
	field, content, contentType := s.content()
	if s.ContentType != nil {
		contentType = *s.ContentType
	}

	return object.PutRequest{
		DatastoreID:  s.DatastoreID,
		Key:          *s.Key,
		Content:      content,
		ContentField: field,
		ContentType:  contentType,
		IfVersion:    s.IfVersion,
		IfVersionID:  s.IfVersionID,
		Run:          &s.Run,
	}
}

// content is what a step puts, by which field it came, and of what type it is if nobody says so.
func (s Step) content() (field string, content []byte, contentType string) {
	if s.Text != nil {
		return "text", []byte(*s.Text), typeOfText
	}

	return "base64", s.Bytes, typeOfBytes
}

func (s Step) checkPut() error {
	switch {
	case s.Text == nil && s.Bytes == nil:
		return fault.Field(fault.Invalid, "text", "A step that does PUT needs its content, as `text` or as `base64`.")
	case s.Text != nil && s.Bytes != nil:
		return fault.Field(fault.Invalid, "base64", "Content comes as `text` or as `base64`, not as both.")
	}

	if field, content, _ := s.content(); len(content) > object.MaxContentBytes {
		return fault.Field(fault.Invalid, field, "A step puts at most %d bytes; these are %d. Larger outputs go "+
			"through createUploadURL, with `run`.",
			object.MaxContentBytes, len(content))
	}

	return nil
}
