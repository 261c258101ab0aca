package audit

import (
	"net/netip"
	"slices"

	"github.com/provenanceone/data-api/internal/ident"
)

// maxAddresses is how many addresses a fold names.
const maxAddresses = 20

// andOthers stands for those beyond.
const andOthers = "and others"

// tally is what a fold has counted.
type tally struct {
	n int
	// from are the addresses that they came from, IPv6 by the /64 that one subscriber has.
	from []string
	last Entry
}

func (t *tally) add(e Entry) {
	t.n++
	t.last = e
	if address := network(e.By.From.IP); address != "" {
		t.name(address)
	}
}

func (t *tally) name(address string) {
	switch {
	case slices.Contains(t.from, address):
	case len(t.from) < maxAddresses && address != andOthers:
		t.from = append(t.from, address)
	case !slices.Contains(t.from, andOthers):
		t.from = append(t.from, andOthers)
	}
}

// plus returns the sum of this tally and a later one.
func (t tally) plus(later tally) tally {
	sum := tally{n: t.n + later.n, last: later.last, from: slices.Clone(t.from)}
	if later.n == 0 {
		sum.last = t.last
	}

	for _, address := range later.from {
		sum.name(address)
	}

	return sum
}

// on returns the entry with the count of the attempts that it stands for beside its own.
func (t tally) on(e Entry) Entry {
	if t.n == 0 {
		return e
	}

	return e.With("denialsSuppressed", t.n).With("addresses", t.from)
}

// event returns the last entry, which stands for those before it. It has a new id each time: the log is in the order of
// writing, and nobody knows whether an unconfirmed entry is in it.
func (t tally) event() Entry {
	before := t
	before.n--
	return before.on(t.last).Named(ident.New[Event]())
}

// network is an address as folds name it; empty for none.
func network(ip string) string {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}

	if address = address.Unmap(); address.Is4() {
		return address.String()
	}

	prefix, err := address.WithZone("").Prefix(64)
	if err != nil {
		return ""
	}

	return prefix.String()
}
