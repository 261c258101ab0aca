package httpserver

import (
	"bytes"
	"encoding/json"
	"slices"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
)

// members are those of a GraphQL request, and the kinds of JSON value each may have, by their first byte.
var members = map[string]struct{ starts, kind string }{
	"query":         {`"`, "a string"},
	"documentId":    {`"`, "a string"},
	"operationName": {`"n`, "a string or null"},
	"variables":     {`{n`, "an object or null"},
	"extensions":    {`{n`, "an object or null"},
}

// CheckRequest returns why a text is not one GraphQL request as a body must be, or nil. The sentence repeats nothing
// of it.
//
// Errors: fault.BadRequest.
func CheckRequest(text []byte) error {
	if f := checkBody(text, DefaultLimits().JSONDepth); f != nil {
		return f
	}

	return nil
}

// CheckMessage returns why a text is not one JSON object that may hold a GraphQL request, or nil. The sentence repeats
// nothing of it.
//
// Errors: fault.BadRequest.
func CheckMessage(text []byte) error {
	if !utf8.Valid(text) || !json.Valid(text) || bytes.TrimLeft(text, " \t\r\n")[0] != '{' {
		return bad("A message must be one JSON object in UTF-8, with nothing before or after it.")
	}

	// The request lies in the object.
	if f := scanJSON(text, DefaultLimits().JSONDepth+1); f != nil {
		return f
	}

	return nil
}

// checkJSON returns why a body is not one JSON value that can be decoded without loss, or nil.
func checkJSON(body []byte, depth int) *fault.Error {
	switch {
	case len(bytes.TrimSpace(body)) == 0:
		return bad("The body is empty.")
	case !utf8.Valid(body):
		return bad("The body must be valid UTF-8.")
	case !json.Valid(body):
		return bad("The body must be one valid JSON object, with nothing before or after it.")
	}

	return scanJSON(body, depth)
}

// checkBody returns why a body is not one GraphQL request, or nil.
func checkBody(body []byte, depth int) *fault.Error {
	if f := checkJSON(body, depth); f != nil {
		return f
	}

	switch body = bytes.TrimLeft(body, " \t\r\n"); body[0] {
	case '{':
		return checkMembers(body)
	case '[':
		return bad("Batches are not supported: send one operation a request.")
	}

	return bad("The body must be a JSON object.")
}

// checkMembers looks at each member of an object, for a decoder takes the last of two with the same name, in whatever
// case.
func checkMembers(object []byte) *fault.Error {
	decoder := json.NewDecoder(bytes.NewReader(object))
	_, _ = decoder.Token()
	var seen []string
	for decoder.More() {
		token, _ := decoder.Token()
		name, _ := token.(string)
		known, ok := members[name]
		if !ok {
			return bad("The body may have the members query, documentId, variables, operationName and extensions only.")
		}

		if slices.Contains(seen, name) {
			return bad("The body has the member %s twice.", name)
		}

		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil || bytes.IndexByte([]byte(known.starts), value[0]) < 0 {
			return bad("The member %s must be %s.", name, known.kind)
		}

		seen = append(seen, name)
	}

	if !slices.ContainsFunc(seen, namesDocument) {
		return bad("The body must have the member query, with the GraphQL document, or documentId, which names a " +
			"trusted one.")
	}

	return nil
}

// namesDocument reports whether a member can have the document or say which it is; what extensions say is looked at
// later.
func namesDocument(member string) bool {
	return member == "query" || member == "documentId" || member == "extensions"
}

func bad(format string, args ...any) *fault.Error {
	return fault.New(fault.BadRequest, format, args...)
}
