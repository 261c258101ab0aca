package httpserver

import (
	"net/netip"
	"testing"
	"time"
)

func TestFailures_Network_CountsAsOne(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Unix(0, 0)}
	f := newFailures(2, clock.Now)
	for _, address := range []string{"2001:db8::1", "2001:db8::ffff:1", "192.0.2.1"} {
		f.add(netip.MustParseAddr(address))
	}
	f.add(netip.Addr{})
	f.add(netip.Addr{})
	for address, blocked := range map[string]bool{
		"2001:db8::2":     true,
		"2001:db8:0:1::2": false,
		"192.0.2.1":       false,
		"192.0.2.2":       false,
	} {
		if got := f.wait(netip.MustParseAddr(address)) > 0; got != blocked {
			t.Errorf("%s: blocked is %v", address, got)
		}
	}
	if f.wait(netip.Addr{}) != time.Minute {
		t.Error("connections without an address are not counted")
	}
}

func TestFailures_AnotherMinute_BeginsAnew(t *testing.T) {
	t.Parallel()
	clock, address := &clock{now: time.Unix(0, 0)}, netip.MustParseAddr("192.0.2.1")
	f := newFailures(2, clock.Now)
	f.add(address)
	clock.advance(time.Minute)
	f.add(address)
	if f.wait(address) != 0 {
		t.Error("a failure of the minute before counts")
	}
}

func TestFailures_ManyAddresses_TakeBoundedMemory(t *testing.T) {
	t.Parallel()
	f := newFailures(1, time.Now)
	address := netip.MustParseAddr("10.0.0.0")
	for range knownAddresses + 10 {
		f.add(address)
		address = address.Next()
	}
	if f.known.Len() != knownAddresses {
		t.Errorf("remembers %d", f.known.Len())
	}
}
