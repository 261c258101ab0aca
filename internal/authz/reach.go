package authz

// roleFor is the weakest role that may do all that a scope allows. An admin gives keys the scopes that only runtimes
// use, whose actions no role may do.
var roleFor = map[Scope]Role{
	DatastoresRead:  Viewer,
	DatastoresWrite: Editor,
	SecretsList:     Viewer,
	SecretsRead:     Admin,
	SecretsWrite:    Editor,
	SecretsInject:   Admin,
	AuditRead:       Admin,
	RunsExecute:     Admin,
}

// Within reports whether the role may do all that the scope allows. An unknown scope is within none.
func (s Scope) Within(r Role) bool { return r.Includes(roleFor[s]) }
