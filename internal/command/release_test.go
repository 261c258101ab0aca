//go:build !dev

package command

import (
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func TestRelease_CommandsOnEmbeddedBackends_SayHowToGetThem(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"dev", "dev token --role admin", "dev --help", "dev --listen 127.0.0.1:0", "backends",
		"backends --state-dir /tmp/x"} {
		parser, err := newParser(&commands{},
			kong.Exit(func(int) { t.Errorf("%s exits", line) }))
		if err != nil {
			t.Fatal(err)
		}
		chosen, err := parser.Parse(strings.Fields(line))
		if err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		if err := chosen.Run(); err == nil || !strings.Contains(sentence(err), "go build -tags dev") {
			t.Errorf("%s: it says %v", line, err)
		}
	}
}
