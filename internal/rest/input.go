package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// place is where in a request an input is.
type place int

const (
	inPath place = iota
	inQuery
	inBody
	inHeader
)

// input is something that a request may carry, and the variable that it becomes.
type input struct {
	in   place
	name string
	// to is the variable's path: `id`, or `input.datastoreId`. Where it is empty, route.complete derives it.
	to string
	// argument is the name by which GraphQL's errors call it, where that is not the last part of `to`.
	argument string
	kind     kind
	required bool
	// of are the words of a choice, in lower case.
	of []string
	// fallback is sent where the request has none; nil for nothing.
	fallback any
	doc      string
}

// body is a member of a body.
func body(name string, k kind, doc string) input {
	return input{in: inBody, name: name, kind: k, doc: doc}
}

// query is a parameter of a query string.
func query(name string, k kind, doc string) input {
	return input{in: inQuery, name: name, kind: k, doc: doc}
}

func required(in input) input {
	in.required = true
	return in
}

// pathID is the thing that a path names.
var pathID = input{in: inPath, name: "id"}

// is says what a value must be.
func (in input) is() string {
	if in.kind == choice {
		return "one of " + strings.Join(in.of, ", ")
	}

	return in.kind.is()
}

// field is the name by which GraphQL's errors call the input.
func (in input) field() string {
	return cmp.Or(in.argument, in.to[strings.LastIndexByte(in.to, '.')+1:])
}

// variables are those of the operation, as a request gives them.
//
// Errors: fault.Invalid naming what is missing, has the wrong type, or is not known here; fault.BadRequest for a body
// that is no JSON object. None repeats anything of the request.
func (b bound) variables(r *http.Request) (variables, error) {
	query, err := b.query(r.URL.RawQuery)
	if err != nil {
		return nil, err
	}

	body, err := b.body(r.Body)
	if err != nil {
		return nil, err
	}

	variables := variables{}
	for _, in := range b.inputs {
		value, err := in.value(b.places, query, r.Header, body)
		if err != nil {
			return nil, err
		}

		if value != nil {
			variables.set(in.to, value)
		}
	}

	return variables, nil
}

// variables are by name; those of an operation's input lie in one more object, and some of them in an object of that.
type variables map[string]any

func (v variables) set(to string, value any) {
	object, name, within := strings.Cut(to, ".")
	if !within {
		v[to] = value
		return
	}

	members, ok := v[object].(map[string]any)
	if !ok {
		members = map[string]any{}
		v[object] = members
	}

	variables(members).set(name, value)
}

// value is what a request has of an input; nil for none.
func (in input) value(p places, query url.Values, h http.Header, body map[string]json.RawMessage) (any, error) {
	var value any
	given, ok := false, true
	switch in.in {
	case inPath:
		value, given = p[in.name], true
	case inHeader:
		switch sent := h.Values(in.name); {
		case len(sent) > 1:
			return nil, fault.Field(fault.Invalid, in.name, "%s is sent twice: which one is meant?", in.name)
		case len(sent) == 1 && sent[0] == "":
			return nil, fault.Field(fault.Invalid, in.name,
				"%s is empty: leave it out, or send a text of your choice.", in.name)
		case len(sent) == 1:
			value, given = sent[0], true
		default:
			given = false
		}
	case inQuery:
		if given = query.Has(in.name); given {
			value, ok = in.kind.fromText(query.Get(in.name))
		}
	case inBody:
		if raw := body[in.name]; raw != nil && string(raw) != "null" {
			given = true
			value, ok = in.fromJSON(raw)
		}
	}

	switch {
	case !ok:
		return nil, fault.Field(fault.Invalid, in.name, "%s must be %s.", in.name, in.is())
	case !given && in.required:
		return nil, fault.Field(fault.Invalid, in.name, "%s is required.", in.name)
	case !given:
		return in.fallback, nil
	}

	return value, nil
}

// fromJSON reads a member of a body, as the variable takes it.
func (in input) fromJSON(raw json.RawMessage) (value any, ok bool) {
	value, ok = in.kind.fromJSON(raw)
	if ok && in.kind == choice {
		word := stringOf(raw)
		ok = slices.ContainsFunc(in.of,
			func(known string) bool { return word == known || word == strings.ToUpper(known) })
	}

	return value, ok
}

// query returns the parameters of a query string, each of them known and there once.
func (b bound) query(raw string) (url.Values, error) {
	sent, err := url.ParseQuery(raw)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The query string is not well-formed: encode everything in it but "+
			"letters and digits.")
	}

	for name, values := range sent {
		if !b.knows(inQuery, name) {
			return nil, fault.New(fault.Invalid, "%s", b.known(inQuery, "The query string", "parameters"))
		}

		if len(values) > 1 {
			return nil, fault.Field(fault.Invalid, name, "%s is in the query string twice.", name)
		}
	}

	return sent, nil
}

// body returns the members of a body, each of them known and there once; a body that is not there has none.
func (b bound) body(r io.Reader) (map[string]json.RawMessage, error) {
	text, err := io.ReadAll(r) // checked to be JSON, and bounded, by the server
	if err != nil || len(text) == 0 {
		return nil, err
	}

	if text[0] != '{' {
		return nil, fault.New(fault.BadRequest, "The body must be a JSON object.")
	}

	decoder := json.NewDecoder(bytes.NewReader(text))
	_, _ = decoder.Token()
	members := map[string]json.RawMessage{}
	for decoder.More() {
		token, _ := decoder.Token()
		name, _ := token.(string)
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, fault.New(fault.BadRequest, "The body must be a JSON object.")
		}

		if !b.knows(inBody, name) {
			return nil, fault.New(fault.Invalid, "%s", b.known(inBody, "The body", "members"))
		}

		if members[name] != nil {
			return nil, fault.Field(fault.Invalid, name, "%s is in the body twice.", name)
		}

		members[name] = value
	}

	return members, nil
}

func (r *route) knows(where place, name string) bool {
	for _, in := range r.inputs {
		if in.in == where && in.name == name {
			return true
		}
	}

	return false
}

// known says what may be in a part of a request.
func (r *route) known(where place, part, plural string) string {
	var names []string
	for _, in := range r.inputs {
		if in.in == where {
			names = append(names, in.name)
		}
	}

	if len(names) == 0 {
		return part + " must be empty here."
	}

	return part + " may have the " + plural + " " + strings.Join(names, ", ") + " only."
}
