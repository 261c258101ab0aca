package command

import (
	"fmt"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// steps tells of a step with many parts: by a bar where somebody looks at a terminal, else by a line. What it returns
// is called after each part, by several at once.
func (s streams) steps(what string, parts int) (done func()) {
	screen, is := s.err.(*os.File)
	if !is || !term.IsTerminal(int(screen.Fd())) {
		fmt.Fprintf(s.err, "%s: %d\n", what, parts)
		return func() {}
	}

	bar := progressbar.NewOptions(parts, progressbar.OptionSetDescription(what), progressbar.OptionSetWriter(screen),
		progressbar.OptionShowCount(), progressbar.OptionOnCompletion(func() { fmt.Fprintln(screen) }))
	return func() { _ = bar.Add(1) } // it only fails past its end
}
