package authn

import "testing"

func TestAllows_TheNetworksOfAKey_AndNobodyElse(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		networks []string
		ip       string
		want     bool
	}{
		{nil, "192.0.2.1", true},
		{nil, "", true},
		{[]string{"192.0.2.0/24"}, "192.0.2.255", true},
		{[]string{"192.0.2.0/24"}, "192.0.3.0", false},
		{[]string{"192.0.2.0/24"}, "::ffff:192.0.2.1", true},
		{[]string{"2001:db8::/32"}, "2001:db8::1", true},
		{[]string{"2001:db8::/32"}, "192.0.2.1", false},
		{[]string{"10.0.0.0/8", "192.0.2.0/24"}, "192.0.2.1", true},
		{[]string{"192.0.2.0/24"}, "", false},
		{[]string{"192.0.2.0/24"}, "elsewhere", false},
		{[]string{"nonsense"}, "192.0.2.1", false},
	} {
		if got := (Key{AllowedNetworks: row.networks}).allows(row.ip); got != row.want {
			t.Errorf("%q from %v: %t", row.ip, row.networks, got)
		}
	}
}
