package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
	"time"
)

// request is an HTTP/1.1 request, rendered before anything is measured.
type request struct {
	raw []byte
	// fresh is where the last digit stands of a number that differs in each request; zero for none.
	fresh int
	// headers are those that say who asks.
	headers string
}

// freshText stands in a rendered request for a text that was never sent before.
const freshText = "fresh-000000000000"

func render(method, address, path, headers, body string) request {
	raw := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Length: %d\r\n\r\n%s", method, path, address, headers,
		len(body), body)
	r := request{raw: []byte(raw), headers: headers}
	if at := strings.Index(raw, freshText); at >= 0 {
		r.fresh = at + len(freshText) - 1
	}

	return r
}

// client is one connection that is kept alive. It costs a write and a read a request, which is what net/http's client
// costs a server several times over on the same two cores.
type client struct {
	net.Conn
	in     *bufio.Reader
	out    []byte
	answer bytes.Buffer
	// storage is the connection of the client that uploads; nil until then.
	storage *client
}

// dial opens a connection that has to be done within a time.
func dial(ctx context.Context, address string, within time.Duration) (*client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}

	return &client{Conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, conn.SetDeadline(time.Now().Add(within))
}

func (c *client) close() {
	if c == nil {
		return
	}

	_ = c.Close()
	c.storage.close()
}

// ask sends the nth request of all and returns the answer, which the next call overwrites.
//
// Errors: an answer other than 200, or with errors.
func (c *client) ask(r request, n int64) ([]byte, error) {
	c.out = append(c.out[:0], r.raw...)
	for at := r.fresh; at > 0 && n > 0; at, n = at-1, n/10 {
		c.out[at] = byte('0' + n%10)
	}

	if _, err := c.Write(c.out); err != nil {
		return nil, err
	}

	status, err := c.read()
	if err == nil && (status != http.StatusOK || bytes.Contains(c.answer.Bytes(), []byte(`"errors"`))) {
		err = fmt.Errorf("the answer is %d %s", status, c.answer.Bytes())
	}

	return c.answer.Bytes(), err
}

// read reads an answer as our servers send them: HTTP/1.1, with a length or in chunks.
func (c *client) read() (status int, err error) {
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}

	if len(line) < len("HTTP/1.1 200") {
		return 0, fmt.Errorf("not HTTP: %q", line)
	}

	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, err
	}

	length, chunked, err := c.headers()
	if err != nil {
		return status, err
	}

	c.answer.Reset()
	if !chunked {
		_, err = io.CopyN(&c.answer, c.in, length)
		return status, err
	}

	if _, err := c.answer.ReadFrom(httputil.NewChunkedReader(c.in)); err != nil {
		return status, err
	}

	_, err = c.in.Discard(len("\r\n")) // it ends the trailers, of which there are none
	return status, err
}

// headers reads those of an answer, and returns how long its body is.
func (c *client) headers() (length int64, chunked bool, err error) {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, false, err
		}

		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			return length, chunked, nil
		}

		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.ParseInt(string(value), 10, 64); err != nil {
				return 0, false, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
}
