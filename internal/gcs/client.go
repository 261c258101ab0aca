package gcs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/storage"
	"google.golang.org/api/iamcredentials/v1"
	"google.golang.org/api/option"
	htransport "google.golang.org/api/transport/http"

	"github.com/provenanceone/data-api/internal/breaker"
	"github.com/provenanceone/data-api/internal/trace"
)

func checkEndpoint(endpoint string) (*url.URL, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil || !isHTTP(u.Scheme) {
		return nil, errors.New("the storage endpoint must be like http://127.0.0.1:4443")
	}

	if ip := net.ParseIP(u.Hostname()); u.Scheme == "http" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("the storage endpoint is in clear text and not a loopback address")
	}

	return u, nil
}

func isHTTP(scheme string) bool { return scheme == "http" || scheme == "https" }

// wiring is how clients reach storage and IAM.
type wiring struct {
	storage, iam []option.ClientOption
	// http is for what the storage client has no call for.
	http *http.Client
	// idle ends idle connections.
	idle func()
}

// wiringOf takes Google's own transport, and gives an emulator, which answers for IAM too, one that bears the token.
// Storage is reached through the breaker.
func wiringOf(ctx context.Context, o Options, endpoint *url.URL, b *breaker.Breaker) (wiring, error) {
	if o.Endpoint == "" {
		// The scopes are those that the clients would take by themselves.
		client, _, err := htransport.NewClient(ctx, option.WithScopes(storage.ScopeFullControl,
			iamcredentials.CloudPlatformScope))
		if err != nil {
			return wiring{}, fmt.Errorf("making the storage client: %w", causeOf(err))
		}

		client.Transport = observed{o.Observe, client.Transport}
		there := whileThere{breaker: b, next: client.Transport}
		return wiring{
			storage: []option.ClientOption{
				option.WithHTTPClient(&http.Client{Transport: there}), storage.WithDisabledClientMetrics(),
			},
			iam:  []option.ClientOption{option.WithHTTPClient(client)},
			http: &http.Client{Transport: there},
			idle: client.CloseIdleConnections,
		}, nil
	}

	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return wiring{}, errors.New("the default transport of this process was replaced")
	}

	own := base.Clone()
	own.Proxy = nil
	plain := observed{o.Observe, bearer{token: o.Bearer, next: own}}
	there := whileThere{breaker: b, next: plain}
	return wiring{
		storage: []option.ClientOption{option.WithEndpoint(endpoint.JoinPath("storage", "v1").String() + "/"),
			option.WithoutAuthentication(), option.WithHTTPClient(&http.Client{Transport: there}),
			storage.WithDisabledClientMetrics()},
		iam: []option.ClientOption{option.WithEndpoint(endpoint.String() + "/"),
			option.WithoutAuthentication(), option.WithHTTPClient(&http.Client{Transport: plain})},
		http: &http.Client{Transport: there},
		idle: own.CloseIdleConnections,
	}, nil
}

// observed tells of each request how it was answered, once the headers of the answer are there, and has a span of it.
type observed struct {
	tell func(service, method, outcome string, took time.Duration)
	next http.RoundTripper
}

// RoundTrip sends the request. Nothing of its URL is told but which of the two services it is for.
func (o observed) RoundTrip(r *http.Request) (*http.Response, error) {
	from, service, outcome := time.Now(), "storage", "error"
	if strings.HasSuffix(r.URL.Path, ":signBlob") {
		service = "iam"
	}

	span := trace.From(r.Context()).Call(service)
	response, err := o.next.RoundTrip(r)
	if err == nil {
		outcome = strconv.Itoa(response.StatusCode)
	}

	span.Called(service, r.Method, outcome, err != nil || response.StatusCode >= http.StatusInternalServerError)
	if o.tell != nil {
		o.tell(service, r.Method, outcome, time.Since(from))
	}

	return response, err
}

// bearer adds the token to every request.
type bearer struct {
	token string
	next  http.RoundTripper
}

// RoundTrip sends a copy of the request: the original is the caller's.
func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return b.next.RoundTrip(r)
}

// whileThere sends requests while storage is there.
type whileThere struct {
	breaker *breaker.Breaker
	next    http.RoundTripper
}

// RoundTrip sends a request, if storage is there. Storage that answers below 500 has not failed.
func (t whileThere) RoundTrip(r *http.Request) (response *http.Response, err error) {
	sent := false
	err = t.breaker.Do(r.Context(), func() (failed bool, err error) {
		sent = true
		response, err = t.next.RoundTrip(r) //nolint:bodyclose // whoever sent the request does
		return err != nil || response.StatusCode >= http.StatusInternalServerError, err
	})
	if !sent && r.Body != nil {
		_ = r.Body.Close() // nobody else does
	}

	return response, err
}
