package upload_test

import (
	"flag"
	"testing"

	"github.com/provenanceone/data-api/internal/pgtest"
)

func TestMain(m *testing.M) {
	_ = flag.Set("rapid.checks", "12") // a default: the command line may ask for more
	pgtest.Main(m)
}
