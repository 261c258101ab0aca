// Package documenttest has what tests of documents and of their transports share: a schema, what executes it without
// generated code, a log to read, and a caller. It imports neither of the two packages.
package documenttest

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// GraphQLResponse is the media type of GraphQL over HTTP in which a refused request has a status of its own.
const GraphQLResponse = "application/graphql-response+json"

// Schema has each kind of field, argument and input that guards look at.
var Schema = gqlparser.MustLoadSchema(&ast.Source{Input: `
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
	type Content {
		text: String @cost(copies: 1)
		base64: String @cost(copies: 2)
		all: [ID!]
		content(maxBytes: Int!): Content @cost(weight: 0, copied: "maxBytes")
	}
	type PersonPage { nodes: [Person!]! count: Int! }
	directive @cost(weight: Int, per: String, times: Int, bytes: Int, copies: Int, copied: String) on FIELD_DEFINITION
	directive @once on FIELD_DEFINITION
	type Person {
		id: ID!
		name: String!
		friend: Person
		friends(first: Int): [Person!]!
		role: Role
		people(first: Int!): PersonPage @cost(per: "first")
	}
	type Mutation {
		revealSecret(id: ID!, reason: String): String @cost(weight: 500) @once
		injectSecrets: String @once
		rotateSecret(input: RotateInput!): String
	}
	input RotateInput { id: ID! value: SecretString one: OneInput roles: [Role!] ifVersion: Int }
	input OneInput @oneOf { text: String json: String nested: OneInput }
	enum Role { VIEWER ADMIN }
	scalar SecretString
	scalar BigInt
`})

// Resolver stands in for generated code: it is called for each root field, within that field's context.
type Resolver func(ctx context.Context, field graphql.CollectedField) error

// Executable returns the schema with a function that resolves its root fields; nil resolves all to null.
func Executable(resolve Resolver) graphql.ExecutableSchema {
	if resolve == nil {
		resolve = func(context.Context, graphql.CollectedField) error { return nil }
	}

	return &graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { return Schema },
		ExecFunc: func(context.Context) graphql.ResponseHandler {
			return func(ctx context.Context) *graphql.Response {
				return &graphql.Response{Data: execute(ctx, resolve)}
			}
		},
	}
}

func execute(ctx context.Context, resolve Resolver) json.RawMessage {
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

// LogBook is a log that tests read.
type LogBook struct {
	mu  sync.Mutex
	out bytes.Buffer
}

// Write implements io.Writer.
func (l *LogBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}

// String returns what was written.
func (l *LogBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// Answer is an answer to an operation, and its status.
type Answer struct {
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

// Code is that of the first error, or none.
func (a Answer) Code() any {
	if len(a.Errors) == 0 {
		return nil
	}

	return a.Errors[0].Extensions["code"]
}

// Send sends a request by POST.
func Send(tb testing.TB, server http.Handler, accept string, params map[string]any) Answer {
	tb.Helper()
	body, err := json.Marshal(params)
	if err != nil {
		tb.Fatal(err)
	}

	return SendRaw(tb, server, accept, string(body))
}

// SendRaw sends a body by POST.
func SendRaw(tb testing.TB, server http.Handler, accept, body string) Answer {
	tb.Helper()
	request := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, "/graphql", strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	recorder := httptest.NewRecorder()
	server.ServeHTTP(recorder, request)
	got := Answer{Status: recorder.Code, Text: recorder.Body.String()}
	if err := json.Unmarshal(recorder.Body.Bytes(), &got); err != nil {
		tb.Fatalf("the answer is no JSON: %v: %s", err, got.Text)
	}

	return got
}

// Ask sends a document by POST.
func Ask(tb testing.TB, server http.Handler, query string) Answer {
	tb.Helper()
	return Send(tb, server, GraphQLResponse, map[string]any{"query": query})
}
