package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/Khan/genqlient/graphql"
)

// defaultTimeout is how long a request may take, the answer included: longer than the server takes for one.
const defaultTimeout = 15 * time.Second

// Client asks the API in the name of one credential. Many goroutines may use it at a time.
type Client struct {
	endpoint   string
	credential Credential
	workspace  string
	// api sends what has the credential; storage sends files, which take longer, to signed URLs.
	api, storage *http.Client
}

var _ graphql.Client = (*Client)(nil)

// Option changes a client that New makes.
type Option func(*Client)

// WithWorkspace selects one of a user's workspaces, by its id. It is not needed where there is one.
func WithWorkspace(id string) Option { return func(c *Client) { c.workspace = id } }

// WithHTTPClient makes requests by a copy of this client, which follows no redirects. Its timeout is for requests to
// the API. Its transport gets requests to storage too, so that it must not add a credential. A nil one changes nothing.
func WithHTTPClient(h *http.Client) Option {
	return func(c *Client) {
		if h != nil {
			c.api = h
		}
	}
}

// New returns a client of the GraphQL endpoint, for example `https://api.example/graphql`. It sends nothing yet.
//
// Errors: one if the endpoint or the credential is missing, or would travel in the clear to another machine.
func New(endpoint string, credential Credential, options ...Option) (*Client, error) {
	switch {
	case endpoint == "":
		return nil, errors.New("data-api client: the endpoint is missing")
	case credential == nil || credential.empty():
		return nil, errors.New("data-api client: the credential is missing: give an API key or a token")
	case !safe(endpoint):
		return nil, errors.New("data-api client: the endpoint must be https, or http on loopback: a credential goes " +
			"there")
	}

	c := &Client{endpoint: endpoint, credential: credential, api: &http.Client{Timeout: defaultTimeout}}
	for _, option := range options {
		option(c)
	}

	// a credential goes where it is sent, and nowhere else
	api, storage := *c.api, *c.api
	api.CheckRedirect, storage.CheckRedirect = stay, stay
	storage.Timeout = 0
	c.api, c.storage = &api, &storage
	return c, nil
}

func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}

	ip, _ := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip.IsLoopback())
}

// MakeRequest sends an operation. The functions of this package call it, and so do those that genqlient generates from
// operations of your own.
//
// Errors: *Error for what the API or a proxy answered; *url.Error where there was no answer.
func (c *Client) MakeRequest(ctx context.Context, operation *graphql.Request, answer *graphql.Response) error {
	body, err := json.Marshal(operation)
	if err != nil {
		return fmt.Errorf("data-api client: %w", err)
	}

	return repeat(ctx, repeatable(operation, body), func() error { return c.send(ctx, body, answer) })
}

func (c *Client) send(ctx context.Context, body []byte, answer *graphql.Response) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("data-api client: %w", err)
	}

	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if err := c.credential.authorize(r); err != nil {
		return fmt.Errorf("data-api client: getting a token: %w", err)
	}

	if c.workspace != "" {
		r.Header.Set("X-Workspace-Id", c.workspace)
	}

	res, err := c.api.Do(r)
	if err != nil {
		return fmt.Errorf("data-api client: %w", err)
	}

	defer func() { _ = res.Body.Close() }()
	return readAnswer(res, answer)
}

// Format writes where the client asks, whatever the verb, and never its credential.
func (c *Client) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "data-api client of "+c.endpoint)
}
