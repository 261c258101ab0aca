package command

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// fileSuffix ends the variable that names a file with the value of a setting that bears the tag `secret`.
const fileSuffix = "_FILE"

// none is what a resolver returns for a flag that it has no value for.
var none any

// resolveFromFile reads such a setting from its file, as orchestrators mount secrets: what is in the environment shows
// in process lists and dumps. A flag goes before the file; the variable of the setting beside it is refused, because
// nobody could say which counts.
func resolveFromFile(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if !flag.Tag.Has("secret") || len(flag.Envs) == 0 {
		return none, nil
	}

	name := flag.Envs[0] + fileSuffix
	path := os.Getenv(name)
	switch {
	case path == "":
		return none, nil
	case os.Getenv(flag.Envs[0]) != "":
		return nil, fmt.Errorf("%s and %s are both set: keep one", flag.Envs[0], name)
	}

	content, err := os.ReadFile(path) //nolint:gosec // whoever starts the program names it
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}

	return strings.TrimSpace(string(content)), nil
}
