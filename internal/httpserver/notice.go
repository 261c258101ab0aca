package httpserver

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/provenanceone/data-api/internal/fault"
)

// maxNotice is in bytes. A notice of storage, with all that storage says of the object, has a few thousand.
const maxNotice = 256 << 10

// finalized is the event of an object that is there now.
const finalized = "OBJECT_FINALIZE"

// Notices handle the notifications of storage that Pub/Sub pushes.
type Notices struct {
	// Check returns nil if the headers bear the sender's credential. Errors: fault.Unauthenticated; fault.Unavailable.
	Check func(ctx context.Context, h http.Header) error
	// Landed handles an untrusted notification that an object was finalised; an error makes Pub/Sub deliver it again.
	Landed func(ctx context.Context, bucket, name string) error
}

// notice is the part of a push's body that says where to look. The server does not trust what the body says of the
// object.
//
// Source: Google Cloud Pub/Sub, "Receive push messages"; Google Cloud Storage, "Pub/Sub notifications", attributes.
type notice struct {
	Message *struct {
		Attributes struct {
			EventType string `json:"eventType"`
			BucketID  string `json:"bucketId"`
			ObjectID  string `json:"objectId"`
		} `json:"attributes"`
	} `json:"message"`
}

// receiveNotice handles a notice. Pub/Sub delivers it again unless the answer is a success.
func (g *authenticator) receiveNotice(n *Notices) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		check := func(ctx context.Context) error { return n.Check(ctx, r.Header) }
		if err := g.connection(r).check(r.Context(), r.Header, check); err != nil {
			refuseError(w, r, g.log, err)
			return
		}

		received, err := noticeIn(w, r)
		if err != nil {
			refuseError(w, r, g.log, err)
			return
		}

		if about := received.Message.Attributes; about.EventType == finalized {
			err = n.Landed(r.Context(), about.BucketID, about.ObjectID)
		}

		if err != nil {
			refuseError(w, r, g.log, outage(err))
			return
		}

		w.WriteHeader(http.StatusNoContent)
	})
}

// noticeIn reads a body. Errors: fault.BadRequest.
func noticeIn(w http.ResponseWriter, r *http.Request) (received notice, err error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return received, bad("A notice has at most %d bytes.", maxNotice)
	}

	if err != nil {
		return received, bad("The body ended before it was complete.")
	}

	if err := json.Unmarshal(body, &received); err != nil || received.Message == nil {
		return received, bad("The body must be a message that Pub/Sub pushes.")
	}

	return received, nil
}

// outage turns an error of any kind into one of the server: Pub/Sub has done nothing wrong, and delivers again.
func outage(err error) error {
	if fault.Is(err, fault.Unavailable) || errors.Is(err, context.DeadlineExceeded) {
		return fault.New(fault.Unavailable, "The object was not looked at yet: tell it again.").Because(err)
	}

	return errors.Join(errors.New("settling what a notice is about"), inTextError{err})
}

// inTextError keeps a fault from being taken for one of the caller's.
type inTextError struct{ err error }

func (e inTextError) Error() string { return e.err.Error() }
