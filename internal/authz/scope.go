package authz

import (
	"maps"
	"slices"
	"strings"
)

// Scope is what an API key may do; the values are the schema's Scope.
type Scope string

// The scopes.
const (
	DatastoresRead  Scope = "DATASTORES_READ"
	DatastoresWrite Scope = "DATASTORES_WRITE"
	SecretsList     Scope = "SECRETS_LIST"
	SecretsRead     Scope = "SECRETS_READ"
	SecretsWrite    Scope = "SECRETS_WRITE"
	SecretsInject   Scope = "SECRETS_INJECT"
	AuditRead       Scope = "AUDIT_READ"
	RunsExecute     Scope = "RUNS_EXECUTE"
)

// implied is the one table of what each scope includes beside itself.
var implied = map[Scope][]Scope{
	DatastoresRead:  nil,
	DatastoresWrite: {DatastoresRead},
	SecretsList:     nil,
	SecretsRead:     {SecretsList},
	SecretsWrite:    {SecretsList},
	SecretsInject:   {SecretsList},
	AuditRead:       nil,
	RunsExecute:     {DatastoresRead, DatastoresWrite},
}

// AllScopes returns every scope, in alphabetical order.
func AllScopes() []Scope { return slices.Sorted(maps.Keys(implied)) }

// Including returns the scopes that a key may have been granted to have this one: itself and those that imply it, in
// alphabetical order.
func (s Scope) Including() (all []Scope) {
	for _, granted := range AllScopes() {
		if NewScopes(granted).Has(s) {
			all = append(all, granted)
		}
	}

	return all
}

// Text returns the scope as credentials and documentation spell it, for example `secrets:read`.
func (s Scope) Text() string {
	noun, verb, _ := strings.Cut(strings.ToLower(string(s)), "_")
	return noun + ":" + verb
}

// ParseScope reads a scope as Text spells it; ok is false for one that does not exist.
func ParseScope(text string) (s Scope, ok bool) {
	for known := range implied {
		if known.Text() == text {
			return known, true
		}
	}

	return "", false
}

// Scopes is a set of scopes, closed under implication.
type Scopes []Scope

// NewScopes returns the scopes with all that they imply, sorted and without repeats; unknown ones are left out.
func NewScopes(granted ...Scope) Scopes {
	var all Scopes
	for _, s := range granted {
		if more, known := implied[s]; known {
			all = append(append(all, s), more...)
		}
	}

	slices.Sort(all)
	return slices.Compact(all)
}

// Has reports whether the set holds a scope.
func (s Scopes) Has(scope Scope) bool { return slices.Contains(s, scope) }
