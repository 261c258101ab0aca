package httpserver

import (
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
)

// maxHops is how many proxies of a request are followed.
const maxHops = 32

// proxies are the trusted ones, whose X-Forwarded-For the server believes.
type proxies struct {
	networks []netip.Prefix
	log      *slog.Logger
	// warned is whether an entry that cannot be read was logged.
	warned atomic.Bool
}

func newProxies(networks []netip.Prefix, log *slog.Logger) *proxies {
	return &proxies{networks: networks, log: log}
}

func (p *proxies) trust(address netip.Addr) bool {
	return slices.ContainsFunc(p.networks, func(network netip.Prefix) bool { return network.Contains(address) })
}

// caller returns the address that a request comes from; the zero address if its connection has none.
//
// That is the connection's own, unless it is a trusted proxy's. Then X-Forwarded-For is read from its end, as each
// proxy adds whom it heard from, up to the first address that is no trusted proxy's. What stands before that anyone
// could have written. An entry that is no address ends the walk at the proxy that sent it, and the first such entry is
// logged: everybody behind that proxy counts as one caller. Neither Forwarded nor X-Real-IP is read: proxies pass them
// on as they come.
func (p *proxies) caller(r *http.Request) netip.Addr {
	address := peerAddress(r.RemoteAddr)
	hops := forwardedFor{lines: r.Header.Values("X-Forwarded-For")}
	for range maxHops {
		if !p.trust(address) {
			return address
		}

		entry, ok := hops.last()
		if !ok {
			return address
		}

		before, ok := hopAddress(entry)
		if !ok {
			p.warn(r, entry, address)
			return address
		}

		address = before
	}

	return address
}

// warn logs the first entry that cannot be read.
func (p *proxies) warn(r *http.Request, entry string, proxy netip.Addr) {
	if p.warned.CompareAndSwap(false, true) {
		p.log.WarnContext(r.Context(), "an entry of X-Forwarded-For is no address: its callers count as the proxy "+
			"that sent it; further ones are not logged", "entry", cleanText(entry), "proxy", addressText(proxy))
	}
}

// forwardedFor is the list in all headers X-Forwarded-For together, read from its end.
type forwardedFor struct {
	lines []string
	// rest is what is left of the line after lines, if open.
	rest string
	open bool
}

// last takes the last entry away and returns it; ok is false if there is none.
func (f *forwardedFor) last() (entry string, ok bool) {
	if !f.open {
		if len(f.lines) == 0 {
			return "", false
		}

		f.lines, f.rest = f.lines[:len(f.lines)-1], f.lines[len(f.lines)-1]
	}

	comma := strings.LastIndexByte(f.rest, ',')
	entry = f.rest[comma+1:]
	f.rest, f.open = f.rest[:max(comma, 0)], comma >= 0
	return strings.Trim(entry, " \t"), true
}

// hopAddress returns the address of an entry: alone, with a port as Azure's gateways write it, or IPv6 in brackets.
func hopAddress(entry string) (address netip.Addr, ok bool) {
	inner, bracketed := strings.CutPrefix(entry, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	address, err := netip.ParseAddr(inner)
	if err == nil && bracketed == closed && (address.Is6() || !bracketed) {
		return address.Unmap(), address.Zone() == ""
	}

	from, err := netip.ParseAddrPort(entry)
	return from.Addr().Unmap(), err == nil && from.Addr().Zone() == ""
}

// peerAddress returns the address at the other end of a connection, IPv4 as such even where the socket is IPv6;
// invalid if there is none.
func peerAddress(remote string) netip.Addr {
	from, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Addr{}
	}

	return from.Addr().Unmap().WithZone("")
}
