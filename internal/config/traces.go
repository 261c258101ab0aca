package config

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"

	"golang.org/x/net/http/httpguts"
)

// Traces say which requests are traced, and who is told. Without an endpoint none is.
type Traces struct {
	Endpoint       string   `name:"traces-endpoint" placeholder:"URL" help:"Where the collector of traces takes OTLP over HTTP, for example https://collector.example/v1/traces; by default there is none."`
	Header         string   `name:"traces-header" secret:"" placeholder:"NAME:VALUE" help:"A header with the credential that the collector asks for, for example 'Authorization: Bearer …'."`
	SampleRatio    float64  `name:"traces-sample-ratio" default:"0.1" help:"How many of the traces that begin here are kept, 0 for none to 1 for all (${default})."`
	TrustedCallers []string `name:"traces-trusted-callers" placeholder:"CIDR" help:"The networks of callers that go on here with traces of their own, and decide whether these are kept; by default none does."`
}

// Networks are those of trusted callers, as far as Check lets them pass.
func (t Traces) Networks() []netip.Prefix {
	var networks []netip.Prefix
	for _, text := range t.TrustedCallers {
		if network, err := netip.ParsePrefix(text); err == nil {
			networks = append(networks, network.Masked())
		}
	}

	return networks
}

func (t Traces) check() error {
	var errs []error
	if !(t.SampleRatio >= 0 && t.SampleRatio <= 1) {
		errs = append(errs, bad("--traces-sample-ratio", "must be 0, for none, to 1, for all"))
	}

	for _, text := range t.TrustedCallers {
		if network, err := netip.ParsePrefix(text); err != nil || network.Addr().Is4In6() {
			errs = append(errs, bad("--traces-trusted-callers", "has %q, which is no network: write it ADDRESS/BITS, "+
				"for example 10.0.0.0/8", text))
		}
	}

	return errors.Join(append(errs, t.checkEndpoint(), t.checkHeader())...)
}

func (t Traces) checkEndpoint() error {
	if t.Endpoint == "" {
		return nil
	}

	u, err := url.Parse(t.Endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" ||
		u.Fragment != "" {
		return bad("--traces-endpoint", "is no URL without user and query; write it like "+
			"https://collector.example/v1/traces") // never quoted: it may hold a password
	}

	if u.Path == "" || u.Path == "/" {
		return bad("--traces-endpoint", "has no path: collectors take traces at %s/v1/traces", u.Scheme+"://"+u.Host)
	}

	if u.Scheme == "http" && t.Header != "" && !IsLoopback(u.Hostname()) {
		return bad("--traces-endpoint", "would send --traces-header without TLS: use https")
	}

	return nil
}

// checkHeader never quotes it.
func (t Traces) checkHeader() error {
	if t.Header == "" {
		return nil
	}

	name, value, _ := strings.Cut(t.Header, ":")
	value = strings.TrimSpace(value)
	switch {
	case !httpguts.ValidHeaderFieldName(strings.TrimSpace(name)) || value == "" ||
		!httpguts.ValidHeaderFieldValue(value):
		return bad("--traces-header", "is no header: write it NAME:VALUE")
	case t.Endpoint == "":
		return bad("--traces-header", "needs --traces-endpoint")
	}

	return nil
}
