package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
)

// asked is what one client asked of one secret, and told what it was told.
type (
	asked struct {
		verb   string // rotate, roll back, destroy, read, delete or restore
		value  string // of a rotation
		number int    // of the version that is rolled back to, or destroyed
	}
	told struct {
		value   string // of a reading
		version int    // of a rotation, or of rolling back
		code    string // of a refusal
		unknown bool   // it may or may not have been done
		nothing bool   // it was not done
	}
)

// state is a secret as whoever uses it should see it. States are compared, so what it has had is one text: its values
// in order, each after a space, and nothing but the space for one that is destroyed.
type state struct {
	values  string
	deleted bool
}

func (s state) all() []string { return strings.Split(s.values, " ")[1:] }

func (s state) version() int { return len(s.all()) }

func (s state) current() string { return s.values[strings.LastIndex(s.values, " ")+1:] }

func (s state) with(value string) state {
	s.values += " " + value
	return s
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
		return s.with(in.value), ""
	case in.verb == "roll back" || in.verb == "destroy":
		return s.onVersion(in)
	case in.verb == "delete":
		s.deleted = true
		return s, ""
	}
	return s, ""
}

// onVersion is after for what names a version: a destroyed one never becomes current again.
func (s state) onVersion(in asked) (next state, code string) {
	switch all := s.all(); {
	case in.number > len(all):
		return s, "NOT_FOUND"
	case in.number == len(all), in.verb == "roll back" && all[in.number-1] == "":
		return s, "CONFLICT"
	case in.verb == "roll back":
		return s.with(all[in.number-1]), ""
	default:
		all[in.number-1] = ""
		s.values = " " + strings.Join(all, " ")
		return s, ""
	}
}

// register is one secret: a rotation sets the value and has the next number, as has rolling back with an earlier value,
// and every way of reading it, a reveal or an injection, sees the value that is set.
var register = porcupine.Model{
	Init: func() any { return state{} },
	Step: func(before, input, output any) (bool, any) {
		in, out, s := input.(asked), output.(told), before.(state)
		next, code := s.after(in)
		switch {
		case out.unknown: // the checker may put it after everything else, which is as if it had not been done
			return true, next
		case in.verb == "read" && code == "":
			return out.code == "" && out.value == s.current(), next
		case (in.verb == "rotate" || in.verb == "roll back") && code == "":
			return out.code == "" && out.version == next.version(), next
		}
		return out.code == code, next
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v → %+v", input, output) },
}

// numbered is the history with the number of each rotation whose outcome is unknown, as the secret's versions have it,
// and without those that were not done. Which those are nobody can tell once a value that is not known otherwise is
// destroyed.
func (h *history) numbered(t *testing.T) (all []porcupine.Operation) {
	t.Helper()
	done, destroyed := h.versions(t)
	for _, op := range h.operations {
		in, out := op.Input.(asked), op.Output.(told)
		if in.verb == "rotate" && out.unknown && done[in.value] > 0 {
			op.Output = told{version: done[in.value]}
		} else if in.verb == "rotate" && out.unknown && !destroyed {
			continue
		}
		all = append(all, op)
	}
	return all
}

// versions reveals every version that the secret has in the end, and says whether some are destroyed.
func (h *history) versions(t *testing.T) (numbers map[string]int, destroyed bool) {
	t.Helper()
	if code := h.do(h.admin, sentences["restore"], map[string]any{"s": h.secret}).code(); code != "" &&
		code != "CONFLICT" {
		t.Fatalf("restoring it in the end: %s", code)
	}
	last := h.do(h.admin, `query($s: ID!) { secret(id: $s) { currentVersion } }`, map[string]any{"s": h.secret}).
		number("data", "secret", "currentVersion")
	numbers = map[string]int{}
	for n := 1; n <= last; n++ {
		a := h.do(h.admin, `mutation($s: ID!, $n: Int!) { revealSecret(input: {secretId: $s, version: $n}) { value } }`,
			map[string]any{"s": h.secret, "n": n})
		value := a.text("data", "revealSecret", "value")
		switch {
		case a.code() == "CONFLICT":
			destroyed = true
		case value == "":
			t.Fatalf("version %d has no value", n)
		case numbers[value] == 0: // else somebody has rolled back to it
			numbers[value] = n
		}
	}
	return numbers, destroyed
}

func TestRegister_HistoriesThatNoSecretMayHave_AreIllegal(t *testing.T) {
	t.Parallel()
	set := func(at int64, value string, version int) porcupine.Operation {
		return porcupine.Operation{
			Input:  asked{verb: "rotate", value: value},
			Call:   at,
			Output: told{version: version},
			Return: at + 1,
		}
	}
	saw := func(at int64, out told) porcupine.Operation {
		return porcupine.Operation{Input: asked{verb: "read"}, Call: at, Output: out, Return: at + 1}
	}
	onVersion := func(at int64, verb string, number int, out told) porcupine.Operation {
		return porcupine.Operation{Input: asked{verb: verb, number: number}, Call: at, Output: out, Return: at + 1}
	}
	both := []porcupine.Operation{set(0, "a", 1), set(2, "b", 2)}
	deleted := porcupine.Operation{Input: asked{verb: "delete"}, Call: 4, Output: told{}, Return: 5}
	for name, c := range map[string]struct {
		history []porcupine.Operation
		legal   bool
	}{
		"the new value after a rotation": {[]porcupine.Operation{set(0, "a", 1), set(2, "b", 2),
			saw(4, told{value: "b"})}, true},
		"the old value after a rotation": {[]porcupine.Operation{set(0, "a", 1), set(2, "b", 2),
			saw(4, told{value: "a"})}, false},
		"a number left out": {[]porcupine.Operation{set(0, "a", 1), set(2, "b", 3)}, false},
		"a value after a deletion": {[]porcupine.Operation{set(0, "a", 1), deleted,
			saw(6, told{value: "a"})}, false},
		"a refusal without a deletion": {[]porcupine.Operation{set(0, "a", 1),
			saw(6, told{code: "NOT_FOUND"})}, false},
		"an earlier value, rolled back": {append(slices.Clip(both), onVersion(4, "roll back", 1, told{version: 3}),
			saw(6, told{value: "a"})), true},
		"a destroyed value is refused": {append(slices.Clip(both), onVersion(4, "destroy", 1, told{}),
			onVersion(6, "roll back", 1, told{code: "CONFLICT"}),
			onVersion(8, "destroy", 2, told{code: "CONFLICT"})), true},
		"a destroyed value comes back": {append(slices.Clip(both), onVersion(4, "destroy", 1, told{}),
			onVersion(6, "roll back", 1, told{version: 3})), false},
	} {
		if porcupine.CheckOperations(register, c.history) != c.legal {
			t.Errorf("%s: legal is not %v", name, c.legal)
		}
	}
}
