package rest

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// contentAnswer is that of routes which answer with an object's own bytes, or its headers.
var contentAnswer = answer{status: http.StatusOK}

// serveHead says what is known of an object. No content is read, so no event is written.
func serveHead(b bound, w http.ResponseWriter, r *http.Request) {
	if _, err := b.query(r.URL.RawQuery); err != nil {
		b.refuse(w, r, err)
		return
	}

	v, err := b.look(r)
	if err != nil {
		b.refuse(w, r, err)
		return
	}

	b.conclude(w, r, v, judge(r.Method, r.Header, v))
}

// serveContent sends an object. It evaluates the conditions before it records the read, so that an answer without
// content is no event, and again afterwards, because the object may be another one by then.
func serveContent(b bound, w http.ResponseWriter, r *http.Request) {
	ends := r.Context()
	r, done := b.bounded(r)
	defer done()
	if _, err := b.query(r.URL.RawQuery); err != nil {
		b.refuse(w, r, err)
		return
	}

	end, err := b.api.streams.begin(authz.ActorFrom(ends))
	if err != nil {
		b.refuse(w, r, err)
		return
	}
	defer end()
	if conditional(r.Header) {
		v, err := b.look(r)
		if err != nil {
			b.refuse(w, r, err)
			return
		}

		if says := judge(r.Method, r.Header, v); says.status >= http.StatusMultipleChoices {
			b.conclude(w, r, v, says)
			return
		}
	}

	v, err := b.record(r)
	if err != nil {
		b.refuse(w, r, err)
		return
	}

	says := judge(r.Method, r.Header, v)
	if says.status >= http.StatusMultipleChoices || says.length == 0 {
		b.conclude(w, r, v, says)
		return
	}

	b.stream(w, r.WithContext(ends), v, says)
}

// serveDelete deletes an object, and with preconditions only while they hold.
func serveDelete(b bound, w http.ResponseWriter, r *http.Request) {
	variables, err := b.variables(r)
	if err == nil && precondition(r.Header) != "" {
		err = b.pin(r, variables)
	}

	if err == nil {
		_, err = b.api.run(r, b.operation, variables)
	}

	if err != nil {
		b.refuse(w, r, err)
		return
	}

	w.WriteHeader(http.StatusNoContent)
}

// pin binds a deletion to the version that its preconditions hold for. Errors: fault.NotFound; fault.Conflict if they
// do not hold.
func (b bound) pin(r *http.Request, to variables) error {
	v, err := b.look(r)
	if err != nil {
		return err
	}

	if !mayDelete(r.Header, v) {
		return fault.Field(fault.Conflict, precondition(r.Header),
			"The object is not as it must be for this: version %d is current.", v.Version).
			With("currentVersion", v.Version)
	}

	if !anyWillDo(r.Header) {
		to.set("input.ifVersionId", v.ID)
	}

	return nil
}

// look returns what is known of the object at the path. Errors: fault.NotFound.
func (b bound) look(r *http.Request) (version, error) {
	data, err := b.api.run(r, findObject, map[string]any{"id": b.places["id"], "key": b.places["key"]})
	if err != nil {
		return version{}, err
	}

	var found struct {
		Result *struct{ Object *stored }
	}
	switch err := json.Unmarshal(data, &found); {
	case err != nil:
		return version{}, err
	case found.Result == nil:
		return version{}, errNoDatastore
	case found.Result.Object == nil:
		return version{}, errNoObject
	}

	return found.Result.Object.Current, nil
}

// unusedURL is the life of the URL that recording a read makes, and that nobody gets.
const unusedURL = "PT1M"

// record puts on record that the object is read, and returns the version that is. Errors: those of createDownloadURL.
func (b bound) record(r *http.Request) (version, error) {
	variables, err := b.variables(r)
	if err != nil {
		return version{}, err
	}

	variables.set("input.expiresIn", unusedURL)
	data, err := b.api.run(r, b.operation, variables)
	if err != nil {
		return version{}, err
	}

	var made struct{ Result struct{ Version version } }
	err = json.Unmarshal(data, &made)
	return made.Result.Version, err
}

// conclude answers without content.
func (b bound) conclude(w http.ResponseWriter, r *http.Request, v version, says verdict) {
	size := int64(v.SizeBytes)
	switch says.status {
	case http.StatusPreconditionFailed:
		b.api.Refuse(w, r, says.status,
			fault.New(fault.Conflict, "The object has moved on: version %d is current.", v.Version).
				With("currentVersion", v.Version))
		return
	case http.StatusRequestedRangeNotSatisfiable:
		w.Header().Set("Content-Range", fmt.Sprintf("bytes */%d", size))
		b.api.Refuse(w, r, says.status,
			fault.New(fault.Invalid, "The object has %d bytes, none of them in this range.", size))
		return
	}

	b.describe(w.Header(), v, says)
	w.WriteHeader(says.status)
}

// describe sets the headers of an answer with content, or of one that stands for it. Browsers save what they get, and
// run none of it here.
func (b bound) describe(h http.Header, v version, says verdict) {
	h.Set("ETag", v.etag())
	h.Set("Last-Modified", lastModified(v).Format(http.TimeFormat))
	h.Set("Cache-Control", "private, no-cache")
	if says.status == http.StatusNotModified {
		return
	}

	h.Set("Content-Type", v.ContentType)
	h.Set("Content-Length", strconv.FormatInt(says.length, 10))
	h.Set("Accept-Ranges", "bytes")
	h.Set("Content-Disposition", disposition(b.places["key"]))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	if says.status == http.StatusPartialContent {
		h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", says.from, says.from+says.length-1, v.SizeBytes))
	}
}

// disposition has a browser save an object under the last part of its key.
func disposition(key string) string {
	name := key[strings.LastIndexByte(key, '/')+1:]
	if name == "" {
		return "attachment"
	}

	return mime.FormatMediaType("attachment", map[string]string{"filename": name})
}
