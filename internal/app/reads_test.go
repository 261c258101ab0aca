package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/trusted"
)

// reads are what programs ask the most, with how many allocations an answer takes: those of net/http and of the
// database's driver included.
var reads = map[string]struct {
	query string
	most  float64
}{
	"list": {`query List($first: Int!) { datastores(first: $first) { nodes { id name description createdAt updatedAt
		createdBy { id: principalId email: label } } } }`, 1650},
	"secret": {`query One($id: ID!) { secret(id: $id) { id name description version: currentVersion createdAt
		updatedAt: rotatedAt } }`, 480},
}

// TestReads_Allocations_StayFew counts what the whole server allocates for a request over a connection that stays open,
// from its key to its line in the log. Not parallel: AllocsPerRun counts the whole process.
func TestReads_Allocations_StayFew(t *testing.T) {
	c := newCaller(t)
	for name, read := range reads {
		request := c.request(t, read.query)
		c.answer(t, request)
		if n := testing.AllocsPerRun(200, func() { c.answer(t, request) }); n > read.most {
			t.Errorf("%s allocates %v times, want %v at most", name, n, read.most)
		} else {
			t.Logf("%s allocates %v times", name, n)
		}
	}
}

// TestReads_WhoseTracesAreNotKept_AllocateNoMoreThanTheirIDs compares a server that keeps no trace with one that has no
// collector: the id of a trace is in the log. Not parallel, as above.
func TestReads_WhoseTracesAreNotKept_AllocateNoMoreThanTheirIDs(t *testing.T) {
	off, unkept := newCaller(t), newTracedCaller(t, config.Traces{Endpoint: "http://127.0.0.1:1/v1/traces"})
	for name, read := range reads {
		before, after := off.request(t, read.query), unkept.request(t, read.query)
		off.answer(t, before)
		unkept.answer(t, after)
		without := testing.AllocsPerRun(500, func() { off.answer(t, before) })
		with := testing.AllocsPerRun(500, func() { unkept.answer(t, after) })
		if t.Logf("%s allocates %v times, %v if its trace is not kept", name, without, with); with > without+traceAllocations {
			t.Errorf("%s is dearer", name)
		}
	}
}

// traceAllocations are the one for the id, and those of pools that a collection emptied. Spans would take a hundred.
const traceAllocations = 10

// TestReads_ByTheIDOfATrustedDocument_AllocateNoMore holds that naming a document costs no more than sending it. Not
// parallel, as above.
func TestReads_ByTheIDOfATrustedDocument_AllocateNoMore(t *testing.T) {
	c := newCaller(t)
	for name, read := range reads {
		text, id := c.request(t, read.query), c.requestBy(t, "documentId", name)
		c.answer(t, text)
		c.answer(t, id)
		sent := testing.AllocsPerRun(200, func() { c.answer(t, text) })
		named := testing.AllocsPerRun(200, func() { c.answer(t, id) })
		if t.Logf("%s allocates %v times by its text, %v by its id", name, sent, named); named > sent+idAllocations {
			t.Errorf("%s is dearer by its id", name)
		}
	}
}

// idAllocations are the few for the form in which Apollo's clients send an id, which every id is brought into, and
// those of pools that a collection emptied. To parse the document again would take hundreds.
const idAllocations = 25

// BenchmarkReads answers what programs ask the most, one after the other.
func BenchmarkReads(b *testing.B) {
	c := newCaller(b)
	for name, read := range reads {
		b.Run(name, func(b *testing.B) {
			request := c.request(b, read.query)
			b.ReportAllocs()
			for b.Loop() {
				c.answer(b, request)
			}
		})
	}
}

// caller is a program with an API key and one connection to the whole server. It allocates nothing itself.
type caller struct {
	token, secret, datastore string
	conn                     net.Conn
	in                       *bufio.Reader
}

func newCaller(t testing.TB) *caller { return newTracedCaller(t, config.Traces{}) }

func newTracedCaller(t testing.TB, traces config.Traces) *caller {
	t.Helper()
	h := newHouse(t, 20)
	documents, err := trusted.NewService(h.db.TrustedDocuments(), nil, func(string) error { return nil }, time.Now)
	testkit.Must(t, err)
	manifest := map[string]any{}
	for name, read := range reads {
		manifest[name] = read.query
	}
	_, err = documents.Set(t.Context(), h.admin, manifest)
	testkit.Must(t, err)
	c := h.serveTraced(t, &Stores{DB: h.db}, traces, authz.DatastoresRead, authz.SecretsList)
	testkit.Must(t, h.super.QueryRow(`SELECT id FROM secret WHERE state = 'ACTIVE' LIMIT 1`).Scan(&c.secret))
	return c
}

// serve starts the whole server on stores, and returns a program with a key of the scopes.
func (h house) serve(t testing.TB, stores *Stores, scopes ...authz.Scope) *caller {
	t.Helper()
	return h.serveTraced(t, stores, config.Traces{}, scopes...)
}

func (h house) serveTraced(t testing.TB, stores *Stores, traces config.Traces, scopes ...authz.Scope) *caller {
	t.Helper()
	token := mint()
	keys := apikey.NewService(h.db.APIKeys(), func() apikey.Token { return token }, nil, time.Now)
	_, err := keys.Create(t.Context(), h.admin, apikey.CreateRequest{Name: "program", Scopes: scopes})
	testkit.Must(t, err)
	a, err := New(stores, secret.ServerKeys{make([]byte, 32)}, config.Serve{
		MaxUploadBytes: 1 << 20,
		MaxAnswerBytes: 10 << 20,
		OIDCIssuer:     "http://127.0.0.1:1",
		OIDCAudience:   "test",
		Traces:         traces,
		Requests:       config.Requests{PointsPerMinute: 1_000_000_000},
	}, slog.New(slog.NewJSONHandler(discard{}, nil)))
	testkit.Must(t, err)
	testkit.Must(t, a.Trace(t.Context(), "test"))
	credentials, err := a.Credentials()
	testkit.Must(t, err)
	handler, err := a.Handler(credentials, nil)
	testkit.Must(t, err)
	server := httptest.NewServer(handler)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	testkit.Must(t, err)
	t.Cleanup(func() {
		testkit.Must(t, conn.Close())
		server.Close()
		credentials.Close()
		a.LastSpans(context.Background())
	})
	return &caller{token: token.Text, conn: conn, in: bufio.NewReader(conn)}
}

func (c *caller) request(t testing.TB, query string) []byte { return c.requestBy(t, "query", query) }

// requestBy says in a member of the body what to run.
func (c *caller) requestBy(t testing.TB, member, document string) []byte {
	t.Helper()
	body, err := json.Marshal(map[string]any{member: document, "variables": map[string]any{
		"first": 20,
		"id":    c.secret,
		"in":    c.datastore,
	}})
	testkit.Must(t, err)
	return fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n"+
		"Accept: application/json\r\nX-API-Key: %s\r\nContent-Length: %d\r\n\r\n%s", c.conn.RemoteAddr(), c.token,
		len(body), body)
}

// answer sends a request and passes over the answer.
func (c *caller) answer(t testing.TB, request []byte) {
	_, err := c.conn.Write(request)
	testkit.Must(t, err)
	status, err := c.in.ReadSlice('\n')
	testkit.Must(t, err)
	if !bytes.Contains(status, []byte("200")) {
		t.Fatalf("%s", status)
	}
	length := 0
	for {
		line, err := c.in.ReadSlice('\n')
		testkit.Must(t, err)
		if len(line) == len("\r\n") {
			break
		}
		if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			length, _ = strconv.Atoi(strings.TrimSpace(string(value)))
		}
	}
	body, err := c.in.Peek(min(length, 20))
	testkit.Must(t, err)
	if !bytes.HasPrefix(body, []byte(`{"data":{"`)) {
		t.Fatalf("%s", body)
	}
	_, err = c.in.Discard(length)
	testkit.Must(t, err)
}
