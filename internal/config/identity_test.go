package config

import (
	"strings"
	"testing"
)

func TestTrustEmail_OfAnIssuerOpenToAll_IsRefused(t *testing.T) {
	t.Parallel()
	for issuer, taken := range map[string]bool{
		"https://login.microsoftonline.com/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0": true,
		"https://sts.windows.net/f8cdef31-a31e-4b4a-93e4-5f571e91255a/":               true,
		"https://id.example/realms/common":                                            true,
		"https://login.microsoftonline.com/common/v2.0":                               false,
		"https://login.microsoftonline.com/Common/v2.0":                               false,
		"https://login.microsoftonline.com//common/v2.0":                              false,
		"https://login.microsoftonline.us/organizations/v2.0":                         false,
		"https://login.microsoftonline.com/consumers/v2.0":                            false,
		"https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0": false,
		"https://accounts.google.com":                                                 false,
		"https://Accounts.Google.com:443":                                             false,
		"https://securetoken.google.com/project":                                      false,
	} {
		s := good()
		s.OIDCIssuer, s.Identity.TrustEmail = issuer, true
		err := s.Check()
		if (err == nil) != taken || err != nil && !strings.Contains(err.Error(), "--oidc-trust-email") {
			t.Errorf("%s: %v", issuer, err)
		}
		s.Identity.EmailVerifiedClaim = "xms_edov"
		if s.Check() == nil {
			t.Errorf("%s: both settings were taken", issuer)
		}
		s.Identity.TrustEmail = false
		if err := s.Check(); err != nil {
			t.Errorf("%s, by the claim: %v", issuer, err)
		}
	}
}

func TestSignInClient_WhoseTokensWouldBeRefused_IsRefused(t *testing.T) {
	t.Parallel()
	s := good()
	s.Identity.SignInClient = "cli"
	if err := s.Check(); err != nil {
		t.Errorf("where any client counts: %v", err)
	}
	s.Identity.Clients = []string{"front"}
	if err := s.Check(); err == nil || !strings.Contains(err.Error(), "--sign-in-client") {
		t.Errorf("where it is not among those that count: %v", err)
	}
	s.Identity.Clients = []string{"front", "cli"}
	if err := s.Check(); err != nil {
		t.Errorf("where it is among them: %v", err)
	}
}
