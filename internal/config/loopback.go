package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// IsLoopback reports whether a host, without port, can only be this machine.
func IsLoopback(host string) bool {
	if host == "localhost" {
		return true
	}

	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.IsLoopback()
}

// ListensOnLoopback reports whether an address HOST:PORT can only be reached from this machine.
func ListensOnLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	return err == nil && IsLoopback(host)
}

func isListenAddress(flag, address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return bad(flag, "is no address HOST:PORT: %q", address)
	}

	return nil
}

// CheckDatabaseURL refuses a text that is no database URL, and a URL that would send a password or rows unencrypted to
// another machine.
func CheckDatabaseURL(flag, address string) error {
	if address == "" {
		return nil
	}

	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return bad(flag, "is no URL postgres://USER@HOST/DATABASE") // never quoted: it may hold a password
	}

	host := u.Hostname()
	if named := u.Query().Get("host"); named != "" {
		host = named
	}

	switch u.Query().Get("sslmode") {
	case "disable", "allow", "prefer":
		if host != "" && !strings.HasPrefix(host, "/") && !IsLoopback(host) {
			return bad(flag, "would talk to %s without TLS: use sslmode=verify-full or sslmode=require", host)
		}
	}

	return nil
}

// isSafeIssuer refuses an issuer whose keys anyone on the network could replace.
func isSafeIssuer(flag, issuer string) error {
	if issuer == "" {
		return nil
	}

	u, err := url.Parse(issuer)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return bad(flag, "is no issuer URL: %q", issuer)
	case u.Scheme == "https", u.Scheme == "http" && IsLoopback(u.Hostname()):
		return nil
	}

	return bad(flag, "must be https; http is for loopback alone")
}

// check refuses emulators that are not on loopback, or that a server would use which is not.
func (e Emulators) check(listen string) error {
	if e == (Emulators{}) {
		return nil
	}

	var errs []error
	if !ListensOnLoopback(listen) {
		errs = append(errs, bad("--listen", "must be on loopback while embedded backends are used"))
	}

	u, err := url.Parse(e.GCSEndpoint)
	local := err == nil && u.Scheme == "http" && IsLoopback(u.Hostname())
	if e.GCSEndpoint != "" && !local {
		errs = append(errs, bad("--gcs-endpoint", "must be an http URL on loopback"))
	}

	if e.SecretManagerEndpoint != "" && !ListensOnLoopback(e.SecretManagerEndpoint) {
		errs = append(errs, bad("--secretmanager-endpoint", "must be HOST:PORT on loopback"))
	}

	if (e.GCSEndpoint == "") != (e.SecretManagerEndpoint == "") || (e.BearerFile == "") != (e.GCSEndpoint == "") {
		errs = append(errs, bad("--gcs-endpoint", "--secretmanager-endpoint and --backend-bearer-file go together"))
	}

	return errors.Join(errs...)
}
