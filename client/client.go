// Package client is the typed Go client of the Data API. Its operations are generated from operations.graphql and the
// contract.
package client

import (
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/Khan/genqlient/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// defaultTimeout is how long a request may take, the answer included: longer than the server takes for one.
const defaultTimeout = 15 * time.Second

// Options say where the API is, and who asks.
type Options struct {
	// Endpoint is the URL of the GraphQL endpoint, for example `https://api.example/graphql`.
	Endpoint string
	// APIKey or Token is the credential: exactly one of them.
	APIKey, Token string
	// WorkspaceID selects one of a user's workspaces; empty where there is one.
	WorkspaceID string
	// HTTP makes the requests; nil is one with a timeout of 15 s.
	HTTP *http.Client
}

// New returns a client for the operations of this package.
//
// Errors: one if the endpoint or the credential is missing, or would travel in the clear to another machine.
func New(o Options) (graphql.Client, error) {
	switch {
	case o.Endpoint == "":
		return nil, errors.New("data-api client: the endpoint is missing")
	case (o.APIKey == "") == (o.Token == ""):
		return nil, errors.New("data-api client: give an API key or a token, and not both")
	case !safe(o.Endpoint):
		return nil, errors.New("data-api client: the endpoint must be https, or http on loopback: a credential goes " +
			"there")
	}

	h := http.Client{Timeout: defaultTimeout}
	if o.HTTP != nil {
		h = *o.HTTP
	}

	// a credential goes where it is sent, and nowhere else
	h.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return graphql.NewClient(o.Endpoint, authorized{&h, o}), nil
}

func safe(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.User != nil {
		return false
	}

	address, _ := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || address.IsLoopback())
}

// authorized adds the credential to each request.
type authorized struct {
	http *http.Client
	o    Options
}

// Do sends a request with the credential.
func (a authorized) Do(r *http.Request) (*http.Response, error) {
	if a.o.APIKey != "" {
		r.Header.Set("X-API-Key", a.o.APIKey)
	} else {
		r.Header.Set("Authorization", "Bearer "+a.o.Token)
	}

	if a.o.WorkspaceID != "" {
		r.Header.Set("X-Workspace-Id", a.o.WorkspaceID)
	}

	return a.http.Do(r) //nolint:gosec // where it goes is what whoever made the client said, and checked by safe
}

// Code returns the `extensions.code` of an error of an operation, for example NOT_FOUND; empty if it is no answer of
// the API.
func Code(err error) string {
	said, _ := said(err)
	return said
}

// Message returns the API's own sentence about an error of an operation; the error's own text if it is no answer of
// the API.
func Message(err error) string {
	_, sentence := said(err)
	return sentence
}

func said(err error) (code, sentence string) {
	var list gqlerror.List
	var refused *graphql.HTTPError
	switch {
	case err == nil:
		return "", ""
	case errors.As(err, &refused):
		list = refused.Response.Errors
	default:
		errors.As(err, &list)
	}

	if len(list) == 0 {
		return "", err.Error()
	}

	code, _ = list[0].Extensions["code"].(string)
	return code, list[0].Message
}
