package run

import (
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

// fields are what a step of each action uses, beside run and datastore; those with true it needs.
var fields = map[StorageAction]map[string]bool{
	Get: {"key": true, "version": false},
	Put: {
		"key":            true,
		"ifVersion":      false,
		"ifVersionId":    false,
		"text":           false,
		"base64":         false,
		"contentType":    false,
		"idempotencyKey": false,
	},
	List:   {"prefix": false, "first": false, "after": false},
	Delete: {"key": true, "ifVersion": false, "ifVersionId": false, "idempotencyKey": false},
}

// given are the fields of a step that can be left out, in the schema's order, and whether they were not.
func (s Step) given() []struct {
	name string
	is   bool
} {
	return []struct {
		name string
		is   bool
	}{
		{"key", s.Key != nil}, {"prefix", s.Prefix != nil}, {"version", s.Version != nil}, {"ifVersion",
			s.IfVersion != nil},
		{"ifVersionId", s.IfVersionID != nil}, {"text", s.Text != nil}, {"base64", s.Bytes != nil},
		{"contentType", s.ContentType != nil},
		{"first", s.First != nil}, {"after", s.After != nil}, {"idempotencyKey", s.IdempotencyKey != nil},
	}
}

// check returns fault.Invalid naming the first field at fault.
func (s Step) check() error {
	if err := s.Run.Check(); err != nil {
		return err
	}

	uses := fields[s.Action]
	for _, f := range s.given() {
		needed, used := uses[f.name]
		switch {
		case f.is && !used:
			return fault.Field(fault.Invalid, f.name, "A step that does %s does not use `%s`: leave it out.",
				s.Action, f.name)
		case !f.is && needed:
			return fault.Field(fault.Invalid, f.name, "A step that does %s needs `%s`.", s.Action, f.name)
		}
	}

	if s.IfVersion != nil && *s.IfVersion < 0 {
		return fault.Field(fault.Invalid, "ifVersion", "A version counts from 1; 0 means that the key must be new.")
	}

	if s.Action == Put {
		return s.checkPut()
	}

	return nil
}

// page is the part of the list that a step asks for: 100 objects, unless it says otherwise.
func (s Step) page() (page.Request, error) {
	first := int32(page.MaxFirst)
	if s.First != nil {
		first = *s.First
	}

	return page.Parse(&first, s.After)
}

func textOf(text *string) string {
	if text == nil {
		return ""
	}

	return *text
}
