package redact_test

import (
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/redact"
)

func TestRedact_AsShellsAndLanguagesPrintIt_IsReplaced(t *testing.T) {
	t.Parallel()
	const value = "Zx9\"it's $a `b` \\c! é€"
	const lines = "line é\x01\n\tit's \"q\" \x1b\u0085\U000e0001😀"
	for name, row := range map[string]struct{ value, text string }{
		"bash declare -p":   {value, "declare -x PW=\"" + "Zx9\\\"it's \\$a \\`b\\` \\\\c! é€" + `"`},
		"bash set -x":       {value, `+ curl -u 'Zx9"it'\''s $a ` + "`b`" + ` \c! é€'`},
		"dash export -p":    {value, `export PW='Zx9"it'"'"'s $a ` + "`b`" + ` \c! é€'`},
		"bash printf %q":    {value, `Zx9\"it\'s\ \$a\ ` + "\\`b\\`" + `\ \\c\!\ é€`},
		"zsh printf %q":     {"#a~b c-and-more", `\#a\~b\ c-and-more`},
		"bash $'...'":       {lines, `$'line é\001\n\tit\'s "q" \E\302\205\363\240\200\201😀'`},
		"bash $'...' in C":  {lines, `$'line \303\251\001\n\tit\'s "q" \E\302\205\363\240\200\201\360\237\230\200'`},
		"Python repr":       {lines, `'line é\x01\n\tit\'s "q" \x1b\x85\U000e0001😀'`},
		"Python ascii":      {lines, `'line \xe9\x01\n\tit\'s "q" \x1b\x85\U000e0001\U0001f600'`},
		"Python bytes":      {lines, `b'line \xc3\xa9\x01\n\tit\'s "q" \x1b\xc2\x85\xf3\xa0\x80\x81\xf0\x9f\x98\x80'`},
		"Python repr, \"":   {"it's a value", `"it's a value"`},
		"Node util.inspect": {"line\x0b\x1f\n it's \x7f\u0080", `'line\x0B\x1F\n it\'s \x7F\x80'`},
		"Go %q":             {lines, strconv.Quote(lines)},
		"JSON.stringify":    {"line\x01\b\u2028\"\\", `"line\u0001\b` + "\u2028" + `\"\\"`},
	} {
		out, counts := redact.NewSet([]redact.Secret{key(row.value)}).Redact([]byte(row.text))
		if len(counts) != 1 || counts[0].Count != 1 || len(out) > len(mark)+18 {
			t.Errorf("%s: %s", name, out)
		}
	}
}

// printers are programs that print the value of PW, whatever way they quote it.
var printers = map[string][]string{
	"bash":    {"-c", "declare -p PW\nset -x\n: \"$PW\"\nset +x\nprintf '%q\\n' \"$PW\"; export -p"},
	"dash":    {"-c", "export -p; set"},
	"zsh":     {"-c", "typeset -p PW; print -r -- ${(q)PW}; set -x; : $PW"},
	"python3": {"-c", `import os; v = os.environ["PW"]; print(repr(v), ascii(v), repr(v.encode()), ["'" + '"' + v])`},
	"node":    {"-e", `console.log([process.env.PW], JSON.stringify(process.env.PW))`},
}

// TestRedact_AsProgramsPrintIt_IsReplaced asks those that this machine has.
func TestRedact_AsProgramsPrintIt_IsReplaced(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(printers)) {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Logf("without %s, which is not here", name)
			continue
		}
		for _, value := range []string{`Zx9$-"quoted"`, "it's-and-`$(that)`", `back\slash!#~&*;|<>[]{}^,?()`,
			"tab\t line\n\x01\x1b[0m é€😀'\"", "é'é-only-one", "#~first of all"} {
			child := exec.CommandContext(t.Context(), path, printers[name]...)
			child.Env = []string{"PW=" + value, "LC_ALL=C.UTF-8"}
			text, err := child.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			out, counts := redact.NewSet([]redact.Secret{key(value)}).Redact(text)
			if len(counts) == 0 || strings.Contains(string(out), value[len(value)-3:]) ||
				strings.Contains(string(out), value[:3]) {
				t.Errorf("%s left of %q: %s", name, value, out)
			}
		}
	}
}
