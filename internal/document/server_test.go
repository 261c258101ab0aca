package document

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var testSchema = gqlparser.MustLoadSchema(&ast.Source{Input: `
	type Query {
		viewer: Person!
		node(id: ID!): Person
		echo(text: String, n: Int, ratio: Float, big: BigInt, role: Role, yes: Boolean): String
		nodes(ids: [ID!]!): [Person]! @cost(per: "ids")
		people(first: Int = 20, after: String): PersonPage @cost(per: "first")
		bare(first: Int): PersonPage @cost(weight: 0, per: "first")
		fifty: PersonPage @cost(weight: 7, times: 50)
		content(maxBytes: Int = 64): Content @cost(weight: 2, copied: "maxBytes")
		note: String @cost(bytes: 5000)
	}
	type Content { text: String @cost(copies: 1) base64: String @cost(copies: 2) all: [ID!] content(maxBytes: Int!): Content @cost(weight: 0, copied: "maxBytes") }
	type PersonPage { nodes: [Person!]! count: Int! }
	directive @cost(weight: Int, per: String, times: Int, bytes: Int, copies: Int, copied: String) on FIELD_DEFINITION
	type Person { id: ID! name: String! friend: Person friends(first: Int): [Person!]! role: Role people(first: Int!): PersonPage @cost(per: "first") }
	type Mutation {
		revealSecret(id: ID!, reason: String): String @cost(weight: 500)
		rotateSecret(input: RotateInput!): String
	}
	input RotateInput { id: ID! value: SecretString one: OneInput roles: [Role!] ifVersion: Int }
	input OneInput @oneOf { text: String json: String nested: OneInput }
	enum Role { VIEWER ADMIN }
	scalar SecretString
	scalar BigInt
`})

// resolver stands in for generated code: it is called for each root field, within that field's context.
type resolver func(ctx context.Context, field graphql.CollectedField) error

func executable(resolve resolver) graphql.ExecutableSchema {
	return &graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { return testSchema },
		ExecFunc: func(context.Context) graphql.ResponseHandler {
			return func(ctx context.Context) *graphql.Response {
				return &graphql.Response{Data: execute(ctx, resolve)}
			}
		},
	}
}

func execute(ctx context.Context, resolve resolver) json.RawMessage {
	request := graphql.GetOperationContext(ctx)
	data := map[string]any{}
	for _, field := range graphql.CollectFields(request, request.Operation.SelectionSet,
		[]string{"Query", "Mutation"}) {
		ctx := graphql.WithFieldContext(ctx, &graphql.FieldContext{Field: field})
		field.ArgumentMap(request.Variables)
		data[field.Alias] = nil
		func() {
			defer func() {
				if r := recover(); r != nil {
					graphql.AddError(ctx, graphql.Recover(ctx, r))
				}
			}()
			if err := resolve(ctx, field); err != nil {
				graphql.AddError(ctx, err)
			}
		}()
	}
	out, _ := json.Marshal(data)
	return out
}

// logBook is a log that tests read.
type logBook struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

func newTestServer(resolve resolver) (*handler.Server, *logBook) {
	book := &logBook{}
	if resolve == nil {
		resolve = func(context.Context, graphql.CollectedField) error { return nil }
	}
	return NewServer(executable(resolve), Options{
		Once:      []string{"revealSecret"},
		Log:       slog.New(slog.NewTextHandler(book, nil)),
		RequestID: func(context.Context) string { return "request-1" },
	}), book
}

type answer struct {
	Status int
	Text   string
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Path       []any
		Locations  []struct{ Line, Column int }
		Extensions map[string]any
	}
}

// code is that of the first error, or none.
func (a answer) code() any {
	if len(a.Errors) == 0 {
		return nil
	}
	return a.Errors[0].Extensions["code"]
}

func send(t testing.TB, server http.Handler, accept string, params map[string]any) answer {
	t.Helper()
	body, err := json.Marshal(params)
	if err != nil {
		t.Fatal(err)
	}
	return sendRaw(t, server, accept, string(body))
}

func sendRaw(t testing.TB, server http.Handler, accept, body string) answer {
	t.Helper()
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	got := answer{Status: recorder.Code, Text: recorder.Body.String()}
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		t.Fatalf("the answer is no JSON: %v: %s", err, got.Text)
	}
	return got
}

func ask(t testing.TB, server http.Handler, query string) answer {
	t.Helper()
	return send(t, server, graphQLResponse, map[string]any{"query": query})
}
