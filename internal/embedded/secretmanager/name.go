package secretmanager

import (
	"regexp"
	"strconv"
	"strings"

	"google.golang.org/grpc/codes"
)

var (
	parentShape  = regexp.MustCompile(`^projects/[a-z0-9][a-z0-9:.-]{0,62}(/locations/[a-z0-9-]{1,63})?$`)
	idShape      = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)
	numberShape  = regexp.MustCompile(`^[1-9][0-9]{0,17}$`)
	aliasShape   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,62}$`)
	noAliasNames = map[string]bool{"latest": true, "NEW": true}
)

func regional(name string) bool { return strings.Contains(name, "/locations/") }

func checkParent(parent string) error {
	if !parentShape.MatchString(parent) {
		return refuse(codes.InvalidArgument, "The provided parent [%s] does not match projects/* or "+
			"projects/*/locations/*.", parent)
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

// splitVersion takes the full name of a version apart; which is a number, an alias or `latest`.
func splitVersion(name string) (secret, which string, err error) {
	secret, which, found := strings.Cut(name, "/versions/")
	if !found || checkSecret(secret) != nil || !numberShape.MatchString(which) && !aliasShape.MatchString(which) {
		return "", "", refuse(codes.InvalidArgument, "The provided Secret Version [%s] does not match the expected "+
			"format.", name)
	}

	return secret, which, nil
}

// numberOf returns 0 for what is no number.
func numberOf(which string) int64 {
	if !numberShape.MatchString(which) {
		return 0
	}

	n, _ := strconv.ParseInt(which, 10, 64)
	return n
}

func versionName(secret string, n int64) string {
	return secret + "/versions/" + strconv.FormatInt(n, 10)
}
