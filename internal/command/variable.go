package command

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	"github.com/alecthomas/kong"
)

// variablePrefix begins the names of all variables of this program.
const variablePrefix = "DATA_API_"

// mostTypos is how many letters a name may differ in from one that it is taken for.
const mostTypos = 3

// shellVariables are read by commands, and of no flag, or of no flag of a release.
var shellVariables = []string{"DATA_API_URL", "DATA_API_STATE_DIR", "DATA_API_POSTGRES_BIN"}

// strayVariables says of each variable in an environment that looks like a setting, and that no command reads, that it
// is none, and which setting of serve is nearest. It never quotes a value.
func strayVariables(environment []string, program *kong.Application) (says []string) {
	known, ofServe := map[string]bool{}, map[string]bool{}
	for _, leaf := range program.Leaves(false) {
		for _, flag := range slices.Concat(leaf.AllFlags(false)...) {
			for _, name := range flag.Envs {
				known[name] = true
				known[name+fileSuffix] = known[name+fileSuffix] || flag.Tag.Has("secret")
				ofServe[name] = ofServe[name] || leaf.Name == "serve"
			}
		}
	}

	maps.DeleteFunc(ofServe, func(_ string, is bool) bool { return !is })
	for _, line := range slices.Sorted(slices.Values(environment)) {
		name, _, _ := strings.Cut(line, "=")
		if !strings.HasPrefix(name, variablePrefix) || known[name] || slices.Contains(shellVariables, name) {
			continue
		}

		says = append(says, fmt.Sprintf("%s is no setting%s", name, meant(name, slices.Sorted(maps.Keys(ofServe)))))
	}

	return says
}

// meant ends the sentence: with the nearest name, if one is near.
func meant(name string, settings []string) string {
	nearest, typos := "", mostTypos+1
	for _, setting := range settings {
		if d := levenshtein.ComputeDistance(name, setting); d < typos {
			nearest, typos = setting, d
		}
	}

	if nearest == "" {
		return ", and was not read."
	}

	return ", and was not read: did you mean " + nearest + "?"
}
