package httpserver

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// maxHops is how many proxies of a request are followed.
const maxHops = 32

// proxies are the networks of the trusted proxies, whose X-Forwarded-For the server believes.
type proxies []netip.Prefix

func (p proxies) trust(address netip.Addr) bool {
	return slices.ContainsFunc(p, func(network netip.Prefix) bool { return network.Contains(address) })
}

// caller returns the address that a request comes from; the zero address if its connection has none.
//
// That is the connection's own, unless it is a trusted proxy's. Then X-Forwarded-For is read from its end, as each
// proxy adds whom it heard from, up to the first address that is no trusted proxy's. What stands before that anyone
// could have written. An entry that is no plain address ends the walk at the proxy that sent it. Neither Forwarded nor
// X-Real-IP is read: proxies pass them on as they come.
func (p proxies) caller(r *http.Request) netip.Addr {
	address := peerAddress(r.RemoteAddr)
	hops := forwardedFor{lines: r.Header.Values("X-Forwarded-For")}
	for range maxHops {
		if !p.trust(address) {
			return address
		}

		before, ok := hops.last()
		if !ok {
			return address
		}

		address = before
	}

	return address
}

// forwardedFor is the list in all headers X-Forwarded-For together, read from its end.
type forwardedFor struct {
	lines []string
	// rest is what is left of the line after lines, if open.
	rest string
	open bool
}

// last takes the last entry away and returns it; ok is false if there is none, or if it is no address.
func (f *forwardedFor) last() (address netip.Addr, ok bool) {
	if !f.open {
		if len(f.lines) == 0 {
			return netip.Addr{}, false
		}

		f.lines, f.rest = f.lines[:len(f.lines)-1], f.lines[len(f.lines)-1]
	}

	comma := strings.LastIndexByte(f.rest, ',')
	entry := f.rest[comma+1:]
	f.rest, f.open = f.rest[:max(comma, 0)], comma >= 0
	address, err := netip.ParseAddr(strings.Trim(entry, " \t"))
	return address.Unmap(), err == nil && address.Zone() == ""
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
