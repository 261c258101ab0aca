package transport

import (
	"bufio"
	"encoding/base64"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// subprotocol is the one that is spoken. Its predecessor, which clients call graphql-ws, is another one.
const subprotocol = "graphql-transport-ws"

// checkUpgrade says what is wrong with the handshake of a socket.
//
// Source: RFC 6455, section 4.2.1.
func checkUpgrade(h http.Header) *fault.Error {
	key, err := base64.StdEncoding.DecodeString(h.Get("Sec-WebSocket-Key"))
	switch {
	case !slices.ContainsFunc(tokens(h, "Connection"),
		func(token string) bool { return strings.EqualFold(token, "upgrade") }):
		return badMessage("The Connection header must have Upgrade.")
	case h.Get("Sec-WebSocket-Version") != "13":
		return badMessage("The version of WebSocket must be 13.")
	case err != nil || len(key) != 16 || len(h.Values("Sec-WebSocket-Key")) != 1:
		return badMessage("The header Sec-WebSocket-Key must have 16 bytes in base64.")
	case !slices.Contains(tokens(h, "Sec-WebSocket-Protocol"), subprotocol):
		return badMessage("The header Sec-WebSocket-Protocol must have %s, which is the only subprotocol here.",
			subprotocol)
	}

	return nil
}

func tokens(h http.Header, name string) []string {
	all := strings.Split(strings.Join(h.Values(name), ","), ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}

	return all
}

// tap keeps hold of the connection that is taken over, to cut it when the other side does not answer.
type tap struct {
	http.ResponseWriter
	taken net.Conn
}

// Hijack takes the connection over.
func (t *tap) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	connection, buffered, err := http.NewResponseController(t.ResponseWriter).Hijack()
	t.taken = connection
	return connection, buffered, err
}
