package gcs

import (
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/doctor"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

const (
	// travels is what a journey sends; travelFor is how long its URLs can be used.
	travels   = "data-api doctor"
	travelFor = 5 * time.Minute
	// maxRefusal bounds what is read of a refusal, in bytes.
	maxRefusal = 16 << 10
)

// journey is a small object on its way to storage and back, by a client that has no credential but signed URLs.
type journey struct {
	store  *Store
	place  object.Place
	client *http.Client
	now    func() time.Time
	moment doctor.Moment
}

// Travel implements doctor.Buckets. The object is in staging: if it cannot be deleted, storage does so itself. No name
// of an upload is like its own.
func (s *Store) Travel(ctx context.Context, region string, now func() time.Time) (m doctor.Moment, err error) {
	base, isStandard := http.DefaultTransport.(*http.Transport)
	if !isStandard {
		return m, errors.New("the default transport of this process was replaced")
	}

	own := base.Clone()
	if s.opts.Endpoint != "" {
		own.Proxy = nil
	}

	defer own.CloseIdleConnections()
	j := journey{
		store:  s,
		place:  object.Place{Region: region, Name: stagingPrefix + "doctor-" + strings.ToLower(rand.Text())},
		client: &http.Client{Transport: own},
		now:    now,
	}
	err = j.there(ctx)
	sent := err == nil
	if sent {
		err = j.back(ctx)
	}

	dropped := s.Drop(context.WithoutCancel(ctx), j.place) // whose answer was lost may be there
	if sent {
		err = errors.Join(err, dropped)
	}

	return j.moment, err
}

func (j *journey) there(ctx context.Context) error {
	signed, err := j.store.SignPut(ctx, j.place, upload.PutRule{
		ContentType: "text/plain",
		MaxBytes:    int64(len(travels)),
		ExpiresAt:   time.Now().Add(travelFor),
	})
	if err != nil {
		return j.unsigned(err)
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodPut, signed.URL, strings.NewReader(travels))
	if err != nil {
		return causeOf(err)
	}

	for _, h := range signed.Headers {
		request.Header.Set(h.Name, h.Value)
	}

	_, err = j.send(request)
	return err
}

func (j *journey) back(ctx context.Context) error {
	signed, err := j.store.SignGet(ctx, j.place, object.GetRule{ExpiresAt: time.Now().Add(travelFor)})
	if err != nil {
		return j.unsigned(err)
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodGet, signed, nil)
	if err != nil {
		return causeOf(err)
	}

	content, err := j.send(request)
	if err == nil && content != travels {
		err = errors.New("storage answered with other bytes than it was sent")
	}

	return err
}

// send returns what storage answers, and notes what its clock shows. Errors: doctor.SigningError for a refusal.
func (j *journey) send(request *http.Request) (string, error) {
	before := j.now()
	response, err := j.client.Do(request)
	if err != nil {
		return "", causeOf(err)
	}

	if theirs, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		j.moment = doctor.Moment{Theirs: theirs, Before: before, After: j.now()}
	}

	content, err := io.ReadAll(io.LimitReader(response.Body, maxRefusal))
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return "", causeOf(err)
	}

	if response.StatusCode != http.StatusOK {
		return "", j.refused(request.Method, response.StatusCode, content)
	}

	return string(content), nil
}

// refused says why storage took no signed request, by the code that its answer has.
func (j *journey) refused(method string, status int, content []byte) error {
	var said struct{ Code string }
	_ = xml.Unmarshal(content, &said) // another answer has no code
	return &doctor.SigningError{
		Account: j.store.opts.Signer.Email(),
		Forged:  said.Code == "SignatureDoesNotMatch",
		Refused: status == http.StatusForbidden && said.Code != "SignatureDoesNotMatch",
		Err:     fmt.Errorf("storage answered %d %s to a signed %s", status, said.Code, method),
	}
}

func (j *journey) unsigned(err error) error {
	return &doctor.SigningError{Account: j.store.opts.Signer.Email(), Unsigned: true, Err: err}
}
