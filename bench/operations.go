package main

import (
	"context"
	"strings"
)

// operation is what the server does, and the side that it is held against.
type operation struct {
	name, against, bound string
	// body is the template of what the server is sent, for where allocations are counted; empty where they are not.
	body       string
	ours, bare side
	// alike is what of two answers must be alike; nil is nothing.
	alike func(answer any) any
	// must is the share of the bare side's rate that the server has to reach at sixteen clients, and aim the one that
	// it should; zero is none.
	must, aim float64
	// times is how many things one of it does, which are what is counted; zero is one.
	times float64
	// after tidies up after a turn of either side; nil is nothing.
	after func(ctx context.Context) error
}

// Templates of bodies. SECRET and DATASTORE stand for one of a place, USED for the secrets that its agent uses, RUNTIME
// for the key that these are sealed to, and FRESH for a text never sent before.
const (
	listBody   = `{"query":"query($first: Int) { datastores(first: $first) { nodes { id name objectCount usedBytes createdAt createdBy { label } } } }","variables":{"first":20}}`
	findBody   = `{"query":"query($id: ID!) { secret(id: $id) { id name format currentVersion createdAt createdBy { label } } }","variables":{"id":"SECRET"}}`
	revealBody = `{"query":"mutation($id: ID!) { revealSecret(input: {secretId: $id, reason: \"bench\"}) { version value auditEventId } }","variables":{"id":"SECRET"}}`
	rotateBody = `{"query":"mutation($id: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $id, value: {text: $v}}) { version { version } } }","variables":{"id":"SECRET","v":"FRESH"}}`
	injectBody = `{"query":"mutation($k: ID!, $s: [InjectSecretInput!]!) { injectSecrets(input: {run: {runId: \"bench\", stepId: \"1\"}, consumer: {kind: AGENT, externalId: \"bench\"}, runtimeKeyId: $k, secrets: $s}) { leaseId secrets { name version sealed } } }","variables":{"k":"RUNTIME","s":[USED]}}`
	signBody   = `{"query":"mutation($d: ID!, $k: String!) { createUploadURL(input: {datastoreId: $d, key: $k, contentType: \"text/csv\", maxBytes: \"1\"}) { url } }","variables":{"d":"DATASTORE","k":"FRESH"}}`
	getBody    = `{"query":"query($id: ID!) { datastore(id: $id) { id name description objectCount usedBytes createdAt createdBy { kind principalId label } updatedAt } }","variables":{"id":"DATASTORE"}}`
)

func (w *world) operations() []operation {
	all := w.places
	together := w.asks(signBody, all[:1])
	together.most = mostOpen
	return []operation{
		{
			name: "list", must: 0.45, aim: 0.6, alike: values,
			body: listBody, ours: w.asks(listBody, all), bare: w.asksBare("/list", listBody, all),
			against: "20 datastores with their authors, against the key's lookup and one statement",
			bound:   "CPU, most of it the server's: gqlgen's execution of twenty rows, which allocates for each field.",
		}, {
			name: "secret", must: 0.5, aim: 0.6, alike: values,
			body: findBody, ours: w.asks(findBody, all), bare: w.asksBare("/secret", findBody, all),
			against: "one secret by its id, against the key's lookup and one statement",
			bound:   "CPU: net/http, the guards of HTTP and of the document, and as many round trips as the bare side has.",
		}, {
			name: "revealSecret", must: 0.6, aim: 0.7, alike: shape,
			body: revealBody, ours: w.asks(revealBody, all), bare: w.asksBare("/revealSecret", revealBody, all),
			against: "one secret's value, against the key's lookup and one statement that inserts an audit row and " +
				"returns the value, which the bare side keeps sealed in its table",
			bound: "CPU, more than half of it Postgres': the audit event and its commit, which both sides have.",
		}, {
			name: "rotateSecret", must: 0.22, aim: 0.35, alike: shape,
			body: rotateBody, ours: w.asks(rotateBody, all), bare: w.asksBare("/rotateSecret", rotateBody, all),
			against: "a new value, against the key's lookup and one statement that overwrites the sealed value and " +
				"inserts an audit row; the bare side calls no Secret Manager and keeps no older version",
			bound: "CPU and disk: the embedded Secret Manager's own durable write and then a transaction of Postgres, " +
				"one after the other.",
		}, {
			name: "injectSecrets", times: injected, body: injectBody,
			ours: w.asks(injectBody, all[:injecting]),
			bare: w.asksBare("/revealSecret", revealBody, all),
			against: "counted in secrets, fifty a call, warm, sealed to a runtime; against `revealSecret` of the bare " +
				"side, one secret a call. The aim is 8,000 secrets a second",
			bound: "CPU: an X25519 key agreement and a sealing for each secret; fifty events are one insert and " +
				"one commit, and Secret Manager is not called.",
		}, {
			name: "createUploadURL", must: 0.5, aim: 0.65, alike: shape, after: w.cancelUploads,
			body: signBody, ours: w.asks(signBody, all), bare: w.asksBare("/createUploadURL", signBody, all),
			against: "a URL signed by RSA-2048, against the key's lookup and the same signature; the bare side keeps " +
				"no record of the upload",
			bound: "CPU: the RSA-2048 signature is half of the server's; then one statement that reserves, " +
				"inserts and records, and its commit, which the bare side has not.",
		}, {
			name: "createUploadURLTogether", alike: shape, after: w.cancelUploads,
			body: signBody, ours: together, bare: w.asksBare("/createUploadURL", signBody, all[:1]),
			against: "the same with all clients in one workspace",
			bound:   "Disk: reservations of one workspace commit one after the other, so that its quota is exact.",
		}, {
			name: "rest", must: 0.9,
			ours:    w.gets("/datastores/DATASTORE", all),
			bare:    w.asks(getBody, all),
			against: "one datastore by GET /datastores/{id}, against the same operation by POST to /graphql",
			bound: "CPU, as of `secret`: both are one execution of one document; a route parses no request, and " +
				"encodes its answer once more.",
		},
		w.settlements(),
		w.pages(),
	}
}

// asks is the server, sent a body about each of some places.
func (w *world) asks(body string, places []*place) side {
	return requests(w.address, "POST", "/graphql", body, places)
}

func (w *world) asksBare(path, body string, places []*place) side {
	return requests(w.bareAddress, "POST", path, body, places)
}

func (w *world) gets(path string, places []*place) side {
	return requests(w.address, "GET", path, "", places)
}

// requests has a request for each secret and datastore of some places; of two that follow each other, none is about the
// same place.
func requests(address, method, path, body string, places []*place) side {
	s := side{address: address}
	for i := range secretsEach {
		for _, p := range places {
			known := p.known(i, freshText)
			headers := "Content-Type: application/json\r\nX-API-Key: " + p.token + "\r\n"
			s.requests = append(s.requests,
				render(method, address, known.Replace(path), headers, known.Replace(body)))
		}
	}

	return s
}

// known puts the names of a place where a template has words for them.
func (p *place) known(i int, fresh string) *strings.Replacer {
	words := []string{"RUNTIME", p.runtime, "USED", p.used, "FRESH", fresh}
	if len(p.secrets) > 0 {
		words = append(words, "SECRET", p.secrets[i%len(p.secrets)])
	}

	return strings.NewReplacer(append(words, "DATASTORE", p.datastores[i%len(p.datastores)])...)
}

// mostOpen is how many uploads a turn may leave open in one workspace, which may have 1,000.
const mostOpen = 950

// cancelUploads closes what uploads a turn has left open.
func (w *world) cancelUploads(ctx context.Context) error {
	_, err := w.super.ExecContext(ctx, `UPDATE upload SET state = 'CANCELLED' WHERE state = 'OPEN';
		UPDATE workspace_usage SET reserved_bytes = 0 WHERE reserved_bytes > 0`)
	return err
}
