package gcs_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/embedded/gcs"
)

// childDir makes this test binary an emulator that waits to be killed.
const childDir = "GCS_EMULATOR_CHILD_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		serveUntilKilled(dir)
	}
	goleak.VerifyTestMain(m)
}

func serveUntilKilled(dir string) {
	s, err := gcs.Start(context.Background(), gcs.Options{Dir: dir, Bearer: token, Signers: signers()})
	if err != nil {
		fmt.Println("error:", err)
		os.Exit(1)
	}
	fmt.Println(s.URL())
	select {}
}
