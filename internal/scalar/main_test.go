package scalar_test

import (
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func written(m graphql.Marshaler) string {
	var out strings.Builder
	m.MarshalGQL(&out)
	return out.String()
}

// refused asserts that an error is a fault.Invalid that repeats nothing of what was sent.
func refused(t *testing.T, sent any, err error) {
	t.Helper()
	if !fault.Is(err, fault.Invalid) {
		t.Fatalf("%#v: got %v, want a fault of kind %s", sent, err, fault.Invalid)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("the error repeats what was sent: %v", err)
	}
}
