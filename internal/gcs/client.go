package gcs

import (
	"errors"
	"net"
	"net/http"
	"net/url"

	"cloud.google.com/go/storage"
	"google.golang.org/api/option"
)

func checkEndpoint(endpoint string) (*url.URL, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the storage endpoint must be like http://127.0.0.1:4443")
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "http" && (ip == nil || !ip.IsLoopback()) {
		return nil, errors.New("the storage endpoint is in clear text and not a loopback address")
	}
	return u, nil
}

// clientOptions leaves Google's own wiring alone, and gives an emulator a transport of its own that bears the token.
func clientOptions(o Options, endpoint *url.URL) ([]option.ClientOption, func(), error) {
	if o.Endpoint == "" {
		return []option.ClientOption{storage.WithDisabledClientMetrics()}, func() {}, nil
	}
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return nil, nil, errors.New("the default transport of this process was replaced")
	}
	own := base.Clone()
	own.Proxy = nil
	return []option.ClientOption{
		option.WithEndpoint(endpoint.JoinPath("storage", "v1").String() + "/"),
		option.WithoutAuthentication(),
		option.WithHTTPClient(&http.Client{Transport: bearer{token: o.Bearer, next: own}}),
		storage.WithDisabledClientMetrics(),
	}, own.CloseIdleConnections, nil
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
