package authz

// CredentialError is the cause of the fault of a refused credential. It says what is known of the credential, for the
// log and the count of bad ones, and lets nobody in.
type CredentialError struct {
	// Who is whose credential it is; zero if nobody's.
	Who Who
	// Expired is whether the credential was good until it expired, so that nobody has guessed it.
	Expired bool
	// KeyID, Issuer and Audience are what a token says of itself, unchecked; empty where it says nothing that can be
	// read. Callers make them up.
	KeyID, Issuer, Audience string
	// Err is why a token is refused; nil where the fault's sentence says so.
	Err error
}

// Error says what is known, without any of the credential.
func (r *CredentialError) Error() string {
	text := "the credential of " + string(r.Who.Kind) + " " + r.Who.PrincipalID
	if r.Who == (Who{}) {
		text = "a credential"
	}

	switch {
	case r.Err != nil:
		return text + " is refused: " + r.Err.Error()
	case r.Expired:
		return text + " has expired"
	}

	return text + " is refused"
}

// Unwrap returns why a token is refused.
func (r *CredentialError) Unwrap() error { return r.Err }
