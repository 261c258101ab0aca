package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/ident"
)

// do is one operation by one of several clients, who are counted from 0.
type do func(ctx context.Context, client int) error

// operation is what the server does, and the least that it is held against.
type operation struct {
	name, against, bound string
	// body is what the server is sent; in it CLIENT stands for the client's own secret, FRESH for a text that was
	// never sent before.
	body string
	// route is the path that is asked with GET instead; empty for none.
	route string
	// by is how the server is asked where that takes several requests; nil for one, with the body or to the route.
	by do
	// apart is whether each client has a workspace of its own; else all are in one. DATASTORE stands for one of it.
	apart bool
	// aim is the share of the bare side's rate that the server should reach at sixteen clients; zero is none.
	aim  float64
	bare do
	// times is how many things one of it does, which are what is counted; zero is one.
	times float64
	// most is how often a turn may do it; zero is any number.
	most int64
	// after tidies up after a turn; nil is nothing.
	after func(ctx context.Context) error
}

const insertStatement = `INSERT INTO audit_event (workspace_id, id, action, risk, outcome, actor_kind, actor_id,
	actor_label,
	ip, user_agent, request_id, reason, target_kind, target_id, target_label, details)
	VALUES ($1, $2, 'secret.accessed', 'HIGH', 'ALLOWED', 'API_KEY', $3, 'bench', '127.0.0.1', 'Go-http-client/1.1',
	$5, 'bench', 'secret', $4, 'secret-0', '{"version": 1}')`

func (w *world) operations() []operation {
	list := `{"query":"query($first: Int) { datastores(first: $first) { nodes { id name objectCount usedBytes createdAt createdBy { label } } } }","variables":{"first":20}}`
	find := `{"query":"query($id: ID!) { secret(id: $id) { id name format currentVersion createdAt createdBy { label } } }","variables":{"id":"CLIENT"}}`
	sign := `{"query":"mutation($d: ID!, $k: String!) { createUploadURL(input: {datastoreId: $d, key: $k, contentType: \"text/csv\", maxBytes: \"1\"}) { url method headers { name value } } }","variables":{"d":"DATASTORE","k":"FRESH"}}`
	get := `{"query":"query($id: ID!) { datastore(id: $id) { id name description objectCount usedBytes createdAt createdBy { kind principalId label } updatedAt } }","variables":{"id":"DATASTORE"}}`
	return []operation{
		{
			name:    "list",
			body:    list,
			aim:     0.5,
			bare:    w.asksBare("/datastores", list),
			against: "20 datastores with their authors, against a bare handler with the same two statements",
			bound: "CPU, two thirds of it the server's: a third of that is gqlgen's execution of twenty rows, a " +
				"goroutine a row and some fifteen allocations a field.",
		}, {
			name:    "secret",
			body:    find,
			aim:     0.6,
			bare:    w.asksBare("/secret", find),
			against: "one secret by its id, against a bare handler with the same two statements",
			bound: "CPU: two round trips to Postgres on both sides; then net/http, and the guards of HTTP and of " +
				"the document.",
		}, {
			name:    "revealSecret",
			aim:     0.5,
			bare:    w.inserts,
			body:    `{"query":"mutation($id: ID!) { revealSecret(input: {secretId: $id, reason: \"bench\"}) { version value auditEventId } }","variables":{"id":"CLIENT"}}`,
			against: "each client its own secret, against one durable insert of an audit event a commit, without HTTP",
			bound: "CPU, two fifths of it the server's and two fifths Postgres': the key's lookup, the five " +
				"messages of a transaction, one after the other, where the bare side sends one.",
		}, {
			name:    "rotateSecret",
			bare:    w.inserts,
			body:    `{"query":"mutation($id: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $id, value: {text: $v}}) { version { version } } }","variables":{"id":"CLIENT","v":"FRESH"}}`,
			against: "each client its own secret, against one durable insert of an audit event a commit, without HTTP",
			bound: "CPU and disk: two transactions of Postgres with the embedded Secret Manager's own durable " +
				"write between them, one after the other.",
		}, {
			name:  "injectSecrets",
			bare:  w.inserts,
			body:  w.injection,
			times: injected,
			against: "counted in secrets, fifty a call, warm, sealed to a runtime; against one durable insert of an " +
				"audit event a commit, without HTTP",
			bound: "CPU: an X25519 key agreement and a sealing for each secret; fifty events are one insert and " +
				"one commit, and Secret Manager is not called.",
		}, {
			name:  "createUploadURL",
			aim:   0.8,
			bare:  w.signs,
			body:  sign,
			apart: true,
			most:  950,
			after: w.cancelUploads,
			against: "each client in its own workspace, against one RSA-2048 signature in this process, without HTTP " +
				"or database",
			bound: "CPU: the RSA-2048 signature, and as much again for HTTP, GraphQL and six round trips to " +
				"Postgres on the same two cores.",
		}, {
			name:    "createUploadURLTogether",
			bare:    w.signs,
			body:    sign,
			most:    950,
			after:   w.cancelUploads,
			against: "the same with all clients in one workspace",
			bound:   "Disk: reservations of one workspace commit one after the other, so that its quota is exact.",
		}, {
			name:    "rest",
			route:   "/datastores/DATASTORE",
			aim:     0.9,
			bare:    w.asks(get),
			against: "one datastore by GET /datastores/{id}, against the same operation by POST to /graphql",
			bound: "CPU, as of `secret`: both are one execution of one document; a route parses no request, and " +
				"encodes its answer once more.",
		},
		w.settlements(),
		w.pages(),
	}
}

// asked is the body of a client's requests, but for what is fresh in each.
func (o operation) asked(w *world, client int) string {
	body := strings.ReplaceAll(o.body, "CLIENT", w.secretIDs[client])
	return strings.ReplaceAll(body, "DATASTORE", w.placeOf(o, client).datastore)
}

// placeOf is where a client works.
func (w *world) placeOf(o operation, client int) place {
	if o.apart {
		return w.places[client]
	}

	return w.places[0]
}

// sent is the body of one request.
func (o operation) sent(w *world, client int) string {
	return strings.ReplaceAll(o.asked(w, client), "FRESH", "fresh-"+attempt(w.made.Add(1)))
}

// server is the operation as the server does it.
func (o operation) server(w *world) do {
	if o.by != nil {
		return o.by
	}

	return func(ctx context.Context, client int) error {
		p := w.placeOf(o, client)
		if o.route != "" {
			_, err := w.get(ctx, "http://"+w.address+strings.ReplaceAll(o.route, "DATASTORE", p.datastore), p.token)
			return err
		}

		_, err := w.graphQL(ctx, p.token, o.sent(w, client))
		return err
	}
}

// asks has the server itself carry out another operation.
func (w *world) asks(body string) do { return operation{body: body}.server(w) }

func (w *world) asksBare(path, body string) do {
	return func(ctx context.Context, client int) error {
		_, err := w.post(ctx, w.bareURL+path, w.token, strings.ReplaceAll(body, "CLIENT", w.secretIDs[client]))
		return err
	}
}

func (w *world) inserts(ctx context.Context, client int) error {
	_, err := w.insert.ExecContext(context.WithoutCancel(ctx), w.workspace, ident.New[audit.Event](),
		w.workspace.String(), w.secretIDs[client], attempt(w.made.Add(1)))
	return err
}

func (w *world) signs(context.Context, int) error {
	sum := sha256.Sum256([]byte(attempt(w.made.Add(1))))
	_, err := rsa.SignPKCS1v15(rand.Reader, w.key, crypto.SHA256, sum[:])
	return err
}

// cancelUploads keeps every workspace below the 1,000 open uploads that it may have.
func (w *world) cancelUploads(ctx context.Context) error {
	for _, p := range w.places {
		tx, err := w.bound.BeginTx(ctx, nil)
		if err != nil {
			return err
		}

		_, bind := tx.ExecContext(ctx, `SELECT set_config('app.workspace_id', $1, true)`, p.workspace)
		_, cancel := tx.ExecContext(ctx, `UPDATE upload SET state = 'CANCELLED' WHERE state = 'OPEN'`)
		_, release := tx.ExecContext(ctx, `UPDATE workspace_usage SET reserved_bytes = 0 WHERE reserved_bytes > 0`)
		if err := errors.Join(bind, cancel, release, tx.Commit()); err != nil {
			return err
		}
	}

	return nil
}

// checkAlike refuses to compare a bare handler that does not answer the same.
func (w *world) checkAlike(ctx context.Context) error {
	for path, o := range map[string]operation{"/datastores": w.operations()[0], "/secret": w.operations()[1]} {
		var answers [2]any
		for i, url := range []string{"http://" + w.address + "/graphql", w.bareURL + path} {
			raw, err := w.post(ctx, url, w.token, o.sent(w, 0))
			if err != nil {
				return err
			}

			if err := json.Unmarshal(raw, &answers[i]); err != nil {
				return err
			}
		}

		if !reflect.DeepEqual(answers[0], answers[1]) {
			return fmt.Errorf("%s: the bare handler answers %v, the server %v", path, answers[1], answers[0])
		}
	}

	return nil
}
