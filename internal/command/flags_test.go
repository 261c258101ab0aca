package command

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// flagLines are the flags of all commands, each after its command, with its variable, and what its default is.
func flagLines(t *testing.T) (lines []string, defaults map[string]string) {
	t.Helper()
	parser, err := newParser(&commands{})
	if err != nil {
		t.Fatal(err)
	}

	defaults = map[string]string{}
	for _, leaf := range parser.Model.Leaves(false) {
		for _, flag := range slices.Concat(leaf.AllFlags(true)...) {
			if flag.Name == "help" {
				continue
			}

			line := strings.TrimSpace(leaf.Path() + " --" + flag.Name + " " + strings.Join(flag.Envs, " "))
			line = strings.TrimPrefix(line, "data-api ")
			lines = append(lines, line)
			defaults[line] = flag.Default
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines), defaults
}

func TestFlags_KeepTheirNamesAndVariables(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/flags.txt")
	if err != nil {
		t.Fatal(err)
	}

	got, _ := flagLines(t)
	want := strings.Split(strings.TrimSpace(string(text)), "\n")
	if !slices.ContainsFunc(got, ofDev) {
		want = slices.DeleteFunc(want, ofDev) // a release has none of them
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("testdata/flags.txt lacks: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("no flag is: %s", line)
		}
	}
}

// shortNames are those of a person's command.
var shortNames = []string{"login --issuer", "login --client"}

func TestFlags_OneVariable_HasOneNameInAllCommands(t *testing.T) {
	t.Parallel()
	lines, _ := flagLines(t)
	names := map[string]string{}
	for _, line := range lines {
		command, flag, _ := strings.Cut(line, " --")
		name, variable, has := strings.Cut(flag, " ")
		switch known := names[variable]; {
		case !has || slices.Contains(shortNames, command+" --"+name):
		case known != "" && known != name:
			t.Errorf("%s is --%s and, for %s, --%s", variable, known, command, name)
		default:
			names[variable] = name
		}
	}
}

func TestFlags_OldName_IsRefusedWithTheNewOne(t *testing.T) {
	t.Parallel()
	for _, command := range []string{"serve", "reconcile", "doctor"} {
		parser, err := newParser(&commands{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = parser.Parse([]string{command, "--region", "eu=bucket,europe-west1"})
		if err == nil || !strings.Contains(err.Error(), `did you mean "--regions"`) {
			t.Errorf("%s: got %v", command, err)
		}
	}
}

func ofDev(line string) bool {
	return strings.HasPrefix(line, "dev ") || strings.HasPrefix(line, "backends ")
}

var (
	settingRow = regexp.MustCompile("(?m)^\\| (`--.*?) \\| (`DATA_API_.*?) \\| (.*?) \\|")
	quoted     = regexp.MustCompile("`([^`]+)`")
)

func TestSettings_TheTableHasEveryFlagOfServe(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/reference/settings.md")
	if err != nil {
		t.Fatal(err)
	}

	got, defaults := flagLines(t)
	got = slices.DeleteFunc(got, func(line string) bool { return !strings.HasPrefix(line, "serve ") })
	var want []string
	for _, row := range settingRow.FindAllStringSubmatch(string(text), -1) {
		flags, variables := quoted.FindAllStringSubmatch(row[1], -1), quoted.FindAllStringSubmatch(row[2], -1)
		for i, flag := range flags {
			line := "serve " + flag[1] + " " + variables[i][1]
			want = append(want, line)
			if shown := quoted.FindStringSubmatch(row[3]); shown != nil && shown[1] != "false" && shown[1] != defaults[line] {
				t.Errorf("%s: the table says %q is the default, it is %q", line, shown[1], defaults[line])
			}
			if defaults[line] != "" && quoted.FindString(row[3]) == "" {
				t.Errorf("%s: the table has no default, it is %q", line, defaults[line])
			}
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("serve has\n%s\n\nthe table has\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
