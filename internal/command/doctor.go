package command

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/provenanceone/data-api/internal/app"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/doctor"
)

type doctorCommand struct {
	config.Serve
	Apply bool `env:"-" help:"Set the rules of buckets that are not as they should be: access, staging, CORS."`
	JSON  bool `env:"-" name:"json" help:"Print the findings as JSON."`
}

// Run prints what each check found. It fails with exit code 1 if there is a fault.
func (c doctorCommand) Run(ctx context.Context, s streams) error {
	if err := c.Check(); err != nil {
		return err
	}

	found, err := app.Examine(ctx, c.Serve, app.Examination{Apply: c.Apply})
	if err != nil {
		return err
	}

	show := printFindings
	if c.JSON {
		show = encodeFindings
	}

	if err := show(s.out, found); err != nil {
		return err
	}

	if doctor.HasFault(found) {
		return exitError(1)
	}

	return nil
}

func encodeFindings(w io.Writer, found []doctor.Finding) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // commands have & and >
	e.SetIndent("", "  ")
	return e.Encode(found)
}

// printFindings writes a table. Below a row that is not well stands what a store said, and a line to paste.
func printFindings(w io.Writer, found []doctor.Finding) error {
	width := len("CHECK")
	for _, f := range found {
		width = max(width, len(f.Check))
	}

	var table strings.Builder
	row := func(check string, status doctor.Status, says string) {
		line := fmt.Sprintf("%-*s  %-7s  %s", width, check, status, says)
		fmt.Fprintln(&table, strings.TrimRight(visible(line), " "))
	}
	row("CHECK", "STATUS", "")
	for _, f := range found {
		row(f.Check, f.Status, f.Says)
		if f.Cause != "" {
			fmt.Fprintf(&table, "    because: %s\n", visible(strings.ReplaceAll(f.Cause, "\n", "; ")))
		}

		if f.Mend != "" {
			fmt.Fprintf(&table, "    type:    %s\n", visible(f.Mend))
		}
	}

	_, err := io.WriteString(w, table.String())
	return err
}
