package authz

// CredentialError is the cause of the fault of a refused credential. It says what is known of the credential, for the
// log and the count of bad ones, and lets nobody in.
type CredentialError struct {
	// Who is whose credential it is; zero if nobody's.
	Who Who
	// Expired is whether the credential was good until it expired, so that nobody has guessed it.
	Expired bool
}

// Error says what is known, without any of the credential.
func (r *CredentialError) Error() string {
	text := "the credential of " + string(r.Who.Kind) + " " + r.Who.PrincipalID
	if r.Who == (Who{}) {
		text = "a credential"
	}

	if r.Expired {
		return text + " has expired"
	}

	return text + " is refused"
}
