package e2e

import (
	"fmt"
	"testing"

	"github.com/anishathalye/porcupine"
)

// asked is what one client asked of one secret, and told what it was told.
type (
	asked struct {
		verb  string // rotate, read, delete or restore
		value string // of a rotation
	}
	told struct {
		value   string // of a reading
		version int    // of a rotation
		code    string // of a refusal
		unknown bool   // it may or may not have been done
	}
)

// state is a secret as whoever uses it should see it.
type state struct {
	value   string
	version int
	deleted bool
}

// after is what an operation makes of a state, and the code that it is refused with.
func (s state) after(in asked) (next state, code string) {
	switch {
	case in.verb == "restore" && s.deleted:
		s.deleted = false
		return s, ""
	case in.verb == "restore":
		return s, "CONFLICT"
	case s.deleted:
		return s, "NOT_FOUND"
	case in.verb == "rotate":
		return state{value: in.value, version: s.version + 1}, ""
	case in.verb == "delete":
		s.deleted = true
		return s, ""
	}
	return s, ""
}

// register is one secret: a rotation sets the value and has the next number, and every way of reading it, a reveal or an injection, sees the value that is set.
var register = porcupine.Model{
	Init: func() any { return state{} },
	Step: func(before, input, output any) (bool, any) {
		in, out, s := input.(asked), output.(told), before.(state)
		next, code := s.after(in)
		switch {
		case out.unknown: // the checker may put it after everything else, which is as if it had not been done
			return true, next
		case in.verb == "read" && code == "":
			return out.code == "" && out.value == s.value, next
		case in.verb == "rotate" && code == "":
			return out.code == "" && out.version == next.version, next
		}
		return out.code == code, next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

// numbered is the history with the number of each rotation whose outcome is unknown, as the secret's versions have it, and without those that were not done.
func (h *history) numbered(t *testing.T) (all []porcupine.Operation) {
	t.Helper()
	done := h.versions(t)
	for _, op := range h.operations {
		in, out := op.Input.(asked), op.Output.(told)
		if in.verb == "rotate" && out.unknown {
			if op.Output = (told{version: done[in.value]}); done[in.value] == 0 {
				continue
			}
		}
		all = append(all, op)
	}
	return all
}

// versions reveals every version that the secret has in the end.
func (h *history) versions(t *testing.T) map[string]int {
	t.Helper()
	if code := h.do(h.admin, sentences["restore"], map[string]any{"s": h.secret}).code(); code != "" && code != "CONFLICT" {
		t.Fatalf("restoring it in the end: %s", code)
	}
	last := h.do(h.admin, `query($s: ID!) { secret(id: $s) { currentVersion } }`, map[string]any{"s": h.secret}).number("data", "secret", "currentVersion")
	numbers := map[string]int{}
	for n := 1; n <= last; n++ {
		value := h.do(h.admin, `mutation($s: ID!, $n: Int!) { revealSecret(input: {secretId: $s, version: $n}) { value } }`,
			map[string]any{"s": h.secret, "n": n}).text("data", "revealSecret", "value")
		if value == "" || numbers[value] != 0 {
			t.Fatalf("version %d has %q, which version %d has too", n, value, numbers[value])
		}
		numbers[value] = n
	}
	return numbers
}

func TestRegister_HistoriesThatNoSecretMayHave_AreIllegal(t *testing.T) {
	t.Parallel()
	set := func(at int64, value string, version int) porcupine.Operation {
		return porcupine.Operation{Input: asked{verb: "rotate", value: value}, Call: at, Output: told{version: version}, Return: at + 1}
	}
	saw := func(at int64, out told) porcupine.Operation {
		return porcupine.Operation{Input: asked{verb: "read"}, Call: at, Output: out, Return: at + 1}
	}
	deleted := porcupine.Operation{Input: asked{verb: "delete"}, Call: 4, Output: told{}, Return: 5}
	for name, c := range map[string]struct {
		history []porcupine.Operation
		legal   bool
	}{
		"the new value after a rotation": {[]porcupine.Operation{set(0, "a", 1), set(2, "b", 2), saw(4, told{value: "b"})}, true},
		"the old value after a rotation": {[]porcupine.Operation{set(0, "a", 1), set(2, "b", 2), saw(4, told{value: "a"})}, false},
		"a number left out":              {[]porcupine.Operation{set(0, "a", 1), set(2, "b", 3)}, false},
		"a value after a deletion":       {[]porcupine.Operation{set(0, "a", 1), deleted, saw(6, told{value: "a"})}, false},
		"a refusal without a deletion":   {[]porcupine.Operation{set(0, "a", 1), saw(6, told{code: "NOT_FOUND"})}, false},
	} {
		if porcupine.CheckOperations(register, c.history) != c.legal {
			t.Errorf("%s: legal is not %v", name, c.legal)
		}
	}
}
