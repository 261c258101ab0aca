package secretmanager

import (
	"regexp"
	"strconv"
	"strings"

	"google.golang.org/grpc/codes"
)

var (
	parentShape = regexp.MustCompile(`^projects/[a-z0-9][a-z0-9:.-]{0,62}/locations/[a-z0-9-]{1,63}$`)
	idShape     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)
	numberShape = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)
	aliasShape  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,62}$`)
)

func checkParent(parent string) error {
	if !parentShape.MatchString(parent) {
		return refuse(codes.InvalidArgument, "The provided parent [%s] does not match projects/*/locations/*: this "+
			"emulator keeps regional secrets only.", parent)
	}

	return nil
}

// checkSecret refuses what is no full name of a secret.
func checkSecret(name string) error {
	parent, id, found := strings.Cut(name, "/secrets/")
	if !found || !parentShape.MatchString(parent) || !idShape.MatchString(id) {
		return refuse(codes.InvalidArgument, "The provided Secret [%s] does not match the expected format.", name)
	}

	return nil
}

// splitVersion takes the full name of a version apart. Production names versions by number, because `latest` may lag
// and aliases move.
func splitVersion(name string) (secret string, n int64, err error) {
	secret, which, found := strings.Cut(name, "/versions/")
	switch {
	case found && checkSecret(secret) == nil && aliasShape.MatchString(which):
		return "", 0, refuse(codes.Unimplemented, "This emulator knows versions by number only, not [%s].", which)
	case !found || checkSecret(secret) != nil || !numberShape.MatchString(which):
		return "", 0, refuse(codes.InvalidArgument, "The provided Secret Version [%s] does not match the expected "+
			"format.", name)
	}

	n, err = strconv.ParseInt(which, 10, 64)
	return secret, n, err
}

func versionName(secret string, n int64) string {
	return secret + "/versions/" + strconv.FormatInt(n, 10)
}
