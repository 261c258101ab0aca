package command

import (
	"context"
	"errors"
	"strings"

	"github.com/provenanceone/data-api/client"
	"github.com/provenanceone/data-api/client/runtime"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// variable is an environment variable with the secret for it.
type variable struct {
	name string
	// secretName is the name of the secret, where that is given; resolve finds its id.
	secretName string
	secret     runtime.Secret
}

// variables reads the flags --secret, and names every bad one at once.
func (c execCommand) variables() (all []variable, err error) {
	for _, text := range c.Secret {
		v, ok := parseVariable(text)
		if !ok {
			err = errors.Join(err, fault.New(fault.Invalid, "--secret %s: it takes NAME=SECRET or NAME=SECRET#FIELD; "+
				"SECRET is a secret's name, or its id, a lower-case UUID.", text))
		}

		all = append(all, v)
	}

	return all, err
}

// parseVariable reads NAME=SECRET or NAME=SECRET#FIELD. No name of a secret has a #, or the form of an id.
func parseVariable(text string) (v variable, ok bool) {
	name, of, _ := strings.Cut(text, "=")
	secret, field, hasField := strings.Cut(of, "#")
	// ID.FIELD is the form of versions that took no names, which may have dots.
	if id, rest, dotted := strings.Cut(of, "."); dotted && isSecretID(id) {
		secret, field, hasField = id, rest, true
	}

	v = variable{name: name, secret: runtime.Secret{Field: field}}
	if isSecretID(secret) {
		v.secret.ID = secret
	} else {
		v.secretName = secret
	}

	return v, name != "" && !strings.ContainsRune(name, 0) && secret != "" && hasField == (field != "") &&
		!ident.HasFormOfID(v.secretName)
}

func isSecretID(text string) bool { return ident.Of[runtime.Secret](text).Valid() }

// resolve finds the ids of secrets that are given by name. Errors: one that names each that is not there.
func resolve(ctx context.Context, api *runtime.Client, variables []variable) (missing error) {
	ids := map[string]string{}
	for i, v := range variables {
		if v.secretName == "" {
			continue
		}

		if _, known := ids[v.secretName]; !known {
			id, found, err := api.SecretID(ctx, v.secretName)
			if err != nil {
				return fault.New(fault.Unavailable, "The command was not run: %s", client.Message(err))
			}

			if !found {
				missing = errors.Join(missing, fault.New(fault.NotFound, "--secret %s: there is no secret named %s "+
					"in this workspace.", v.name, v.secretName))
			}

			ids[v.secretName] = id
		}

		variables[i].secret.ID = ids[v.secretName]
	}

	return missing
}
