package trusted_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }
