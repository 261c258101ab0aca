package rest

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// kind is what an input holds.
type kind int

const (
	text kind = iota
	// whole is a number of 32 bits, wide one of 64.
	whole
	wide
	truth
	object
	// texts is a list of strings.
	texts
	// credential is a secret's value: a string, or a JSON object whose fields are credentials.
	credential
	// choice is one of the words that its input names, in lower case or in upper case, as GraphQL has it.
	choice
)

// is says what a value must be.
func (k kind) is() string {
	return [...]string{"a string", "a whole number", "a whole number", "true or false", "a JSON object",
		"a list of strings",
		"a string, or a JSON object", "one of some words"}[k]
}

// fromText reads a parameter of a query string.
func (k kind) fromText(s string) (value any, ok bool) {
	switch k {
	case text:
		return s, true
	case whole:
		_, err := strconv.ParseInt(s, 10, 32)
		return json.Number(s), err == nil && !strings.HasPrefix(s, "+")
	case truth:
		return s == "true", s == "true" || s == "false"
	default:
		return nil, false // only bodies have such
	}
}

// fromJSON reads a member of a body, as the variable takes it. The text is valid JSON.
func (k kind) fromJSON(raw json.RawMessage) (value any, ok bool) {
	switch first := raw[0]; {
	case k == text && first == '"':
		return stringOf(raw), true
	case k == choice && first == '"':
		return strings.ToUpper(stringOf(raw)), true
	case k == whole:
		_, err := strconv.ParseInt(string(raw), 10, 32)
		return json.Number(raw), err == nil
	case k == wide:
		return wideOf(raw)
	case k == truth && (first == 't' || first == 'f'):
		return first == 't', true
	case k == object && first == '{':
		return membersOf(raw), true
	case k == texts && first == '[':
		return textsOf(raw)
	case k == credential && first == '"':
		return map[string]any{"text": stringOf(raw)}, true
	case k == credential && first == '{':
		return map[string]any{"json": string(raw)}, true
	}

	return nil, false
}

func stringOf(raw json.RawMessage) (s string) {
	_ = json.Unmarshal(raw, &s) // it is a string, as its first byte says
	return s
}

func textsOf(raw json.RawMessage) (value any, ok bool) {
	var items []json.RawMessage
	_ = json.Unmarshal(raw, &items) // it is an array, as its first byte says
	all := make([]string, len(items))
	for i, item := range items {
		if item[0] != '"' {
			return nil, false
		}

		all[i] = stringOf(item)
	}

	return all, true
}

// wideOf reads a number, or a string of digits from languages whose numbers have 53 bits, into the form of BigInt.
func wideOf(raw json.RawMessage) (value any, ok bool) {
	digits := string(raw)
	if raw[0] == '"' {
		digits = stringOf(raw)
	}

	n, err := strconv.ParseInt(digits, 10, 64)
	return strconv.FormatInt(n, 10), err == nil
}

// membersOf keeps the digits of numbers.
func membersOf(raw json.RawMessage) (members map[string]any) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	_ = decoder.Decode(&members) // it is an object, as its first byte says
	return members
}
