// Package runtime is how a workflow runtime gets the secrets of a run: sealed to its own key, pinned for the run's
// later steps, and kept out of what the run writes; and how it carries out storage steps.
//
//	c, err := runtime.New(runtime.Options{Endpoint: url, APIKey: key, Key: private, KeyID: registered})
//	run := runtime.Run{ID: "run-1", StepID: "step-1"}
//	lease, err := c.Lease(ctx, runtime.Request{Run: run, Consumer: consumer, Secrets: wanted})
//	defer lease.End(ctx)
//	value, _ := lease.Value(runtime.Secret{ID: id})
//	out := lease.Redact(os.Stdout)
//	defer out.Close()
//
//	next := runtime.Run{ID: "run-1", StepID: "step-2"}
//	file, err := c.Get(ctx, next, runtime.Place{DatastoreID: store, Key: "reports/2026-05-01.csv"})
package runtime

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/provenanceone/data-api/client"
)

// Options say where the API is, who asks, and which key is whose.
type Options struct {
	// Endpoint is the URL of the GraphQL endpoint: https, or http on loopback.
	Endpoint string
	// APIKey has the scope `secrets:inject` for leases, and `runs:execute` for storage steps.
	APIKey string
	// Key opens what is sealed to it; KeyID is the id under which an admin has registered its public half. Both may be
	// missing where no lease is wanted.
	Key   Key
	KeyID string
	// HTTP makes the requests; nil is one with a timeout of 15 s.
	HTTP *http.Client
}

// Client gets leases, and carries out storage steps.
type Client struct {
	api   *client.Client
	key   Key
	keyID string
}

// New returns a client. It asks nobody anything yet.
//
// Errors: one if something is missing, or the credential would travel in the clear to another machine.
func New(o Options) (*Client, error) {
	if (o.Key.private == nil) != (o.KeyID == "") {
		return nil, errors.New("runtime client: the runtime's key, or the id that it is registered under, is missing")
	}

	api, err := client.New(o.Endpoint, client.APIKey(o.APIKey), client.WithHTTPClient(o.HTTP))
	if err != nil {
		return nil, err
	}

	return &Client{api: api, key: o.Key, keyID: o.KeyID}, nil
}

// Run is a step of a workflow run, by the platform's ids: 1 to 128 printable ASCII characters each.
type Run struct {
	ID     string
	StepID string
}

// ConsumerKind is what kind of thing uses secrets.
type ConsumerKind = client.ConsumerKind

// These are the kinds of consumers.
const (
	Agent      = client.ConsumerKindAgent
	Skill      = client.ConsumerKindSkill
	Connection = client.ConsumerKindConnection
	Workflow   = client.ConsumerKindWorkflow
)

// Consumer is what the secrets are for: it gets what it references, and nothing else.
type Consumer struct {
	Kind       ConsumerKind
	ExternalID string
}

// Secret is one secret, or one top-level field of a JSON secret.
type Secret struct {
	ID string
	// Field is empty for the whole value.
	Field string
}

// SecretID returns the id of the secret that is not deleted and has exactly this name; ok is false if there is none.
//
// Errors: those of the API, *client.Error.
func (c *Client) SecretID(ctx context.Context, name string) (id string, ok bool, err error) {
	answer, err := client.GetSecretByName(ctx, c.api, name)
	if err != nil {
		return "", false, fmt.Errorf("finding secret %s: %w", name, err)
	}

	if answer.SecretByName == nil {
		return "", false, nil
	}

	return answer.SecretByName.Id, true, nil
}

// Request asks for a lease.
type Request struct {
	Run      Run
	Consumer Consumer
	Secrets  []Secret
	// For is how long the lease lasts, an hour if zero; a day at most.
	For time.Duration
}

// Lease gets the secrets, all as of one moment.
//
// Errors: those of the API, *client.Error: FORBIDDEN for what the consumer does not reference,
// NOT_FOUND, BAD_USER_INPUT, UNAVAILABLE; one if an answer was not sealed to this key for this lease.
// Effects: each is on record as `secret.injected`.
func (c *Client) Lease(ctx context.Context, r Request) (*Lease, error) {
	if c.key.private == nil {
		return nil, errors.New("runtime client: a lease takes the runtime's key")
	}

	l := &Lease{client: c, request: r, held: map[Secret]held{}}
	return l, l.inject(ctx, r.Secrets)
}

func (c *Client) ask(ctx context.Context, l *Lease, wanted []Secret) (*client.InjectSecretsPayload, error) {
	r := l.request
	input := client.InjectSecretsInput{
		Run: client.RunStepInput{RunId: r.Run.ID, StepId: r.Run.StepID},
		Consumer: client.ConsumerRefInput{
			Kind:       r.Consumer.Kind,
			ExternalId: r.Consumer.ExternalID,
		},
		Secrets:      make([]client.InjectSecretInput, len(wanted)),
		RuntimeKeyId: c.keyID,
	}
	if l.id != "" {
		input.LeaseId = &l.id
	} else if r.For > 0 {
		lasting := fmt.Sprintf("PT%dS", int64(r.For/time.Second))
		input.LeaseFor = &lasting
	}

	for i, s := range wanted {
		input.Secrets[i].SecretId = s.ID
		if s.Field != "" {
			input.Secrets[i].Field = &wanted[i].Field
		}
	}

	answer, err := client.InjectSecrets(ctx, c.api, input)
	if err != nil {
		return nil, fmt.Errorf("injecting secrets: %w", err)
	}

	return answer.InjectSecrets, nil
}
