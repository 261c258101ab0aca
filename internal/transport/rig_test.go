package transport

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

var streamingSchema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	directive @cost(weight: Int, per: String, times: Int, bytes: Int, copies: Int, copied: String) on FIELD_DEFINITION
	directive @once on FIELD_DEFINITION
	type Query { echo(text: String): String who: String slow: String boom: String silent: String }
	type Mutation { act: String revealSecret(id: ID): String @cost(weight: 500) @once }
	type Subscription { ticks(n: Int): Int silence: Int flood: String boom: Int }
`})

// rig is a server on a loopback address, in front of which people say who they are by their own word.
type rig struct {
	t       testing.TB
	url     string
	handler http.Handler
	book    *documenttest.LogBook
	stopped chan struct{}
	// looks counts how often it was asked who somebody is.
	looks atomic.Int64
	// floods counts the answers of a subscription that has no end, each of a megabyte.
	floods atomic.Int64
	// slow counts how often slow was begun; release lets it answer.
	slow    atomic.Int64
	release chan struct{}

	mu     sync.Mutex
	actors map[string]authz.Actor
	// down is what asking ends in, if it does not work.
	down error
}

// deadline is the HTTP server's own, which streams outlive: longer than a busy machine needs to accept a connection.
const deadline = 3 * time.Second

func quick() pace {
	p := defaultPace()
	p.look, p.idle, p.doubt = 20*time.Millisecond, 50*time.Millisecond, 100*time.Millisecond
	p.drain, p.farewell = 300*time.Millisecond, 300*time.Millisecond
	return p
}

func newRig(t testing.TB, p pace) *rig { return newRigOf(t, Connections{pace: p, Sockets: 8}) }

func newRigOf(t testing.TB, c Connections) *rig {
	t.Helper()
	g := &rig{
		t:       t,
		book:    &documenttest.LogBook{},
		stopped: make(chan struct{}),
		release: make(chan struct{}),
		actors:  map[string]authz.Actor{},
	}
	g.set("ann", authz.Actor{Who: authz.Who{Kind: authz.User, PrincipalID: "ann"}, Workspace: "w", Role: authz.Admin})
	c.Admit, c.Time, c.CheckMessage, c.CheckRequest = g.admit, time.Second, checkJSON, checkJSON
	c.Stopping = func(context.Context) <-chan struct{} { return g.stopped }
	server := NewServer(g.executable(), Options{Options: optionsWithRecorder(g.book), Connections: c})
	g.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if r.Header.Get("Accept") == eventStream {
			g.mu.Lock()
			ctx = authz.WithActor(ctx, g.actors[r.Header.Get("Authorization")])
			g.mu.Unlock()
		}
		server.ServeHTTP(w, r.WithContext(ctx))
	})
	site := httptest.NewUnstartedServer(g.handler)
	// Streams must outlive these.
	site.Config.ReadTimeout, site.Config.WriteTimeout = deadline, deadline
	site.Start()
	t.Cleanup(site.Close)
	g.url = site.URL
	return g
}

func checkJSON(text []byte) error {
	if !json.Valid(text) {
		return fault.New(fault.BadRequest, "That is no JSON.")
	}
	return nil
}

func (g *rig) set(name string, a authz.Actor) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.actors[name] = a
}

func (g *rig) forget(name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.actors, name)
}

func (g *rig) fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.down = err
}

func (g *rig) admit(ctx context.Context, h http.Header) (context.Context, error) {
	g.looks.Add(1)
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.down != nil {
		return nil, g.down
	}
	names := h.Values("Authorization")
	if len(names) != 1 {
		return nil, fault.New(fault.Unauthenticated, "Send one credential.")
	}
	a, ok := g.actors[names[0]]
	if !ok {
		return nil, fault.New(fault.Unauthenticated, "The credential was revoked.")
	}
	return authz.WithActor(ctx, a), nil
}

func (g *rig) executable() graphql.ExecutableSchema {
	return &graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { return streamingSchema },
		ExecFunc: func(ctx context.Context) graphql.ResponseHandler {
			operation := graphql.GetOperationContext(ctx)
			field, _ := operation.Operation.SelectionSet[0].(*ast.Field)
			times := 0
			return func(ctx context.Context) *graphql.Response {
				times++
				return g.answer(ctx, field.Name, field.ArgumentMap(operation.Variables), times)
			}
		},
		ComplexityFunc: func(context.Context, string, string, int, map[string]any) (int, bool) { return 0, false },
	}
}

func (g *rig) answer(ctx context.Context, field string, args map[string]any, times int) *graphql.Response {
	switch field {
	case "silent":
		return nil
	case "boom":
		panic("hunter2")
	case "silence":
		<-ctx.Done()
		return nil
	case "slow":
		g.slow.Add(1)
		select {
		case <-ctx.Done():
			return &graphql.Response{Data: json.RawMessage("null")}
		case <-g.release:
		}
	case "ticks":
		if n, _ := args["n"].(int64); int64(times) > n {
			return nil
		}
		return data(field, times)
	case "flood":
		g.floods.Add(1)
		return data(field, strings.Repeat("x", 1<<20))
	case "who":
		return data(field, string(authz.ActorFrom(ctx).Role))
	}
	return data(field, args["text"])
}

func data(field string, value any) *graphql.Response {
	text, _ := json.Marshal(map[string]any{field: value})
	return &graphql.Response{Data: text}
}
