package secretmanager

import (
	"fmt"

	"google.golang.org/grpc/codes"
)

// refusal is an answer that Google gives too. It never quotes a payload.
type refusal struct {
	code codes.Code
	text string
}

func (r refusal) Error() string { return r.code.String() + ": " + r.text }

func refuse(code codes.Code, format string, args ...any) error {
	return refusal{code, fmt.Sprintf(format, args...)}
}

func noSecret(name string) error {
	return refuse(codes.NotFound, "Secret [%s] not found.", name)
}

func noVersion(name string) error {
	return refuse(codes.NotFound, "Secret Version [%s] not found.", name)
}

// matchEtag lets an omitted etag pass.
func matchEtag(sent, stored string) error {
	if sent == "" || sent == stored {
		return nil
	}

	return refuse(codes.FailedPrecondition, "The etag provided in the request does not match the resource's current "+
		"etag.")
}
