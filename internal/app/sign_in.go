package app

import (
	"encoding/json"
	"net/http"
)

// signInPath is where programs learn who signs people in. Source: RFC 9728, section 3.
const signInPath = "/.well-known/oauth-protected-resource"

// protectedResource is what they learn. Source: RFC 9728, section 2, which leaves room for members like the last.
type protectedResource struct {
	Resource string   `json:"resource"`
	Issuers  []string `json:"authorization_servers"`
	Methods  []string `json:"bearer_methods_supported"`
	Client   string   `json:"sign_in_client_id"`
}

// saySignIn answers with the issuer, and the client by which people sign in.
func (a *App) saySignIn(w http.ResponseWriter, r *http.Request) {
	scheme := "http://"
	if a.settings.TLSEndsInFront || a.settings.TLSCertificateFile != "" {
		scheme = "https://"
	}

	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(protectedResource{ // whoever asked may have gone
		Resource: scheme + r.Host,
		Issuers:  []string{a.settings.OIDCIssuer},
		Methods:  []string{"header"},
		Client:   a.settings.Identity.SignInClient,
	})
}
