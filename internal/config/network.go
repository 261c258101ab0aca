package config

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
)

// Proxies are the networks of trusted proxies, as far as Check lets them pass.
func (s Serve) Proxies() []netip.Prefix {
	var networks []netip.Prefix
	for _, text := range s.TrustedProxies {
		if network, err := proxyNetwork(text); err == nil {
			networks = append(networks, network)
		}
	}

	return networks
}

func (s Serve) checkProxies() error {
	var errs []error
	for _, text := range s.TrustedProxies {
		_, err := proxyNetwork(text)
		errs = append(errs, err)
	}

	return errors.Join(errs...)
}

func proxyNetwork(text string) (netip.Prefix, error) {
	network, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return network, bad("--trusted-proxies", "has %q, which is no network: write it ADDRESS/BITS, for example "+
			"10.0.0.0/8", text)
	case network.Bits() == 0:
		return network, bad("--trusted-proxies", "must not have %s: anyone could claim any address", text)
	case network.Addr().Is4In6():
		return network, bad("--trusted-proxies", "has %s: write networks of IPv4 as such, for example 10.0.0.0/8", text)
	}

	return network.Masked(), nil
}

// checkOrigins refuses what no browser would ever send as an origin, or what anyone on the network could be. The port
// `*` is for loopback.
func (s Serve) checkOrigins() error {
	var errs []error
	for _, origin := range s.AllowedOrigins {
		host, anyPort := strings.CutSuffix(origin, ":*")
		u, err := url.Parse(host)
		switch {
		case err != nil || u.Hostname() == "" || strings.Contains(host, "*") ||
			host != strings.ToLower(u.Scheme+"://"+u.Host):
			errs = append(errs, bad("--allowed-origins", "has %q, which is no origin: write it as browsers do, "+
				"for example https://app.example or https://app.example:8443", origin))
		case anyPort && (!IsLoopback(u.Hostname()) || u.Port() != ""):
			errs = append(errs, bad("--allowed-origins",
				"has %s: name the port; any port is for loopback alone", origin))
		case u.Scheme == "https" && u.Port() == "443", u.Scheme == "http" && u.Port() == "80":
			errs = append(errs, bad("--allowed-origins", "has %s: leave out the port, as browsers do", origin))
		case u.Scheme != "https" && (u.Scheme != "http" || !IsLoopback(u.Hostname())):
			errs = append(errs, bad("--allowed-origins",
				"has %s: it must be https; http is for loopback alone", origin))
		}
	}

	return errors.Join(errs...)
}

func (s Serve) checkTLS() error {
	switch {
	case s.TLSCertificateFile == "" && s.TLSKeyFile != "":
		return bad("--tls-certificate-file", "is missing: --tls-key-file needs it (or set %s)",
			variable("--tls-certificate-file"))
	case s.TLSCertificateFile != "" && s.TLSKeyFile == "":
		return bad("--tls-key-file", "is missing: --tls-certificate-file needs it (or set %s)",
			variable("--tls-key-file"))
	case s.TLSCertificateFile == "" && !s.TLSEndsInFront && listensBeyondLoopback(s.Listen):
		return bad("--listen", "would let other machines talk to this server without TLS: give it a certificate with "+
			"--tls-certificate-file and --tls-key-file, or say with --tls-ends-in-front (or %s=true) that a proxy "+
			"in front of it speaks TLS", variable("--tls-ends-in-front"))
	}

	return nil
}

func listensBeyondLoopback(address string) bool {
	return isListenAddress("--listen", address) == nil && !ListensOnLoopback(address)
}

// Hosts are the names that a request may ask for. Next to embedded backends these are loopback's own, so that no page
// elsewhere can reach them by a name that it rebinds; elsewhere the front end decides, and there are none.
func (s Serve) Hosts() []string {
	if s.Dev == (Emulators{}) {
		return nil
	}

	return []string{"127.0.0.1", "localhost", "::1"}
}
