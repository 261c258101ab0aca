package transport

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/fault"
)

// The types of messages on a socket.
//
// Source: GraphQL over WebSocket Protocol, graphql-transport-ws.
const (
	typeInit      = "connection_init"
	typeAck       = "connection_ack"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeNext      = "next"
	typeError     = "error"
	typeComplete  = "complete"
)

// maxOperationID is in bytes. Clients count, or use UUIDs.
const maxOperationID = 128

// message is what a peer sent; payload is what it wrote there, or nothing.
type message struct {
	kind, id string
	payload  json.RawMessage
}

// reply is what a peer is sent.
type reply struct {
	ID      string `json:"id,omitempty"`
	Type    string `json:"type"`
	Payload any    `json:"payload,omitempty"`
}

// refused is the payload of a reply without `data`.
type refused struct {
	Errors gqlerror.List `json:"errors"`
}

// parseMessage reads a message. What is wrong with one is said without repeating any of it, for it may hold a secret.
//
// Errors: fault.BadRequest; what check returns.
func parseMessage(text []byte, check func([]byte) error) (m message, err error) {
	if err := check(text); err != nil {
		return m, err
	}

	decoder := json.NewDecoder(bytes.NewReader(text))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return m, badMessage("A message must be a JSON object.")
	}

	var seen []string
	for decoder.More() {
		name, err := decoder.Token()
		member, isName := name.(string)
		if err != nil || !isName || slices.Contains(seen, member) {
			return m, badMessage("A message has each of its members once.")
		}

		seen = append(seen, member)
		if err := m.read(decoder, member); err != nil {
			return m, err
		}
	}

	return m, m.check()
}

func (m *message) read(decoder *json.Decoder, member string) error {
	into, known := map[string]any{"type": &m.kind, "id": &m.id, "payload": &m.payload}[member]
	if !known {
		return badMessage("A message may have the members type, id and payload only.")
	}

	if err := decoder.Decode(into); err != nil {
		return badMessage("The members type and id of a message are strings.")
	}

	return nil
}

func (m *message) check() error {
	if string(m.payload) == "null" {
		m.payload = nil
	}

	switch m.kind {
	case typeInit, typePing, typePong:
		return nil
	case typeSubscribe, typeComplete:
		if m.id == "" || len(m.id) > maxOperationID {
			return badMessage("The id of an operation has 1 to %d bytes.", maxOperationID)
		}

		return nil
	}

	return badMessage("The type of a message is connection_init, subscribe, complete, ping or pong.")
}

// withCredential returns headers with those that the payload of connection_init stands for, whatever the case of their
// names. Where both have one it is there twice, and refused by whoever reads it. What else the payload has is passed
// over.
//
// Errors: fault.BadRequest.
func withCredential(headers http.Header, payload json.RawMessage) (http.Header, error) {
	var members map[string]any
	if len(payload) > 0 && json.Unmarshal(payload, &members) != nil {
		return nil, badMessage("The payload of connection_init is an object.")
	}

	together := http.Header{}
	for _, name := range credentialHeaders {
		together[name] = slices.Clone(headers.Values(name))
		for given, value := range members {
			if !strings.EqualFold(given, name) || value == nil {
				continue
			}

			text, isText := value.(string)
			if !isText {
				return nil, badMessage("In the payload of connection_init, %s is a string.", strings.ToLower(name))
			}

			together.Add(name, text)
		}
	}

	return together, nil
}

func badMessage(format string, args ...any) *fault.Error {
	return fault.New(fault.BadRequest, format, args...)
}
