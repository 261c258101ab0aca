package secret

// Secret is a credential.
type Secret struct{}
