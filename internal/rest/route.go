package rest

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/provenanceone/data-api/internal/fault"
)

// route is one method of one path: the stored operation that it runs, and how the request becomes its variables, its
// result the answer.
type route struct {
	method, path string
	// name is unique among routes; summary is a sentence on what it does, about what else there is to say.
	name, summary, about string
	// operation is a GraphQL document whose one root field is called `result`; empty for what runs none.
	operation string
	inputs    []input
	answer    answer
	// absent is what is said where the result is null.
	absent *fault.Error
	// foreign is what is said, as FORBIDDEN, of a datastore that is not there; empty to say that it is not there.
	foreign string
	public  bool
	streams bool
	// serve answers, where an operation's result is not all there is to it.
	serve func(b bound, w http.ResponseWriter, r *http.Request)
}

func (r *route) takesBody() bool {
	return slices.ContainsFunc(r.inputs, func(in input) bool { return in.in == inBody })
}

// missing says what a result of null means.
func (r *route) missing() error { return r.absent }

// errNothing is a result of null.
var errNothing = errors.New("there is no result")

// answer is what a route answers with when all went well.
type answer struct {
	status int
	// body is a zero value of what read returns; nil for an answer without body.
	body any
	// read makes the body of an operation's data. Errors: errNothing for a result of null.
	read func(data json.RawMessage) (any, error)
	// location returns the path of what was created; nil if nothing was.
	location func(body any) string
}

// answers returns an answer whose body is made of an operation's result.
func answers[Result, Body any](status int, shape func(Result) Body) answer {
	return answer{
		status: status,
		body:   *new(Body),
		read: func(data json.RawMessage) (any, error) {
			var sent struct{ Result *Result }
			if err := json.Unmarshal(data, &sent); err != nil {
				return nil, err
			}

			if sent.Result == nil {
				return nil, errNothing
			}

			return shape(*sent.Result), nil
		},
	}
}

// asItIs answers with the result itself.
func asItIs[Result any](status int) answer {
	return answers(status, func(r Result) Result { return r })
}

// nothing is an answer without body.
func nothing() answer {
	none := answers(http.StatusNoContent, func(json.RawMessage) any { return nil })
	none.body = nil
	return none
}

// at adds the location of what was created.
func (a answer) at(location func(body any) string) answer {
	a.location = location
	return a
}

func (r *route) write(w http.ResponseWriter, body any) {
	if r.answer.location != nil {
		w.Header().Set("Location", r.answer.location(body))
	}

	writeJSON(w, r.answer.status, body)
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	if body == nil {
		w.WriteHeader(status)
		return
	}

	writeText(w, status, "application/json", encoded(body))
}

// encoded is a value as JSON, in which an ampersand stays one: URLs are pasted from it.
func encoded(value any) []byte {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}

	return bytes.TrimSuffix(out.Bytes(), []byte("\n"))
}

func writeText(w http.ResponseWriter, status int, mediaType string, text []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text)
}
