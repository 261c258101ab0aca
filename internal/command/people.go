package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/postgres"
)

type peopleCommand struct {
	Erase erasePersonCommand `cmd:"" help:"Erase a person: memberships, invitations and keys, and the name and addresses on record."`
}

type erasePersonCommand struct {
	MigrateDatabaseURL string `required:"" secret:"" placeholder:"URL" help:"The database as the owner role."`
	Email              string `env:"-" placeholder:"EMAIL" help:"The person's email address."`
	Issuer             string `env:"-" placeholder:"URL" help:"The issuer of the person's identity."`
	Subject            string `env:"-" placeholder:"ID" help:"The person's subject there."`
	Workspace          string `env:"-" placeholder:"ID" help:"The one workspace to erase the person in; by default all."`
	Confirm            string `env:"-" placeholder:"EMAIL" help:"The address, or without one the subject, once more: it cannot be had back."`
	DryRun             bool   `env:"-" help:"Say what would be erased, and change nothing."`
	JSON               bool   `env:"-" name:"json" help:"Print what was erased as JSON."`
}

// check names every wrong setting at once.
func (c erasePersonCommand) check() error {
	errs := []error{config.CheckDatabaseURL("--migrate-database-url", c.MigrateDatabaseURL), c.person().Check()}
	again := c.Email
	if again == "" {
		again = c.Subject
	}

	if !c.DryRun && c.Confirm != again {
		errs = append(errs, fault.New(fault.Invalid, "--confirm must repeat the address, or without one the subject: "+
			"nothing was erased."))
	}

	return errors.Join(errs...)
}

func (c erasePersonCommand) person() erasure.Person {
	return erasure.Person{Issuer: c.Issuer, Subject: c.Subject, Email: c.Email}
}

// Run erases the person and prints, by workspace, how many rows were changed. It never prints the person.
func (c erasePersonCommand) Run(ctx context.Context, s streams) (err error) {
	if err := c.check(); err != nil {
		return err
	}

	owner, err := postgres.OpenOwner(ctx, c.MigrateDatabaseURL)
	if owner != nil {
		defer func() { err = errors.Join(err, owner.Close()) }()
	}

	if err != nil {
		return err
	}

	all, err := erasure.ErasePerson(ctx, owner, c.person(), authz.WorkspaceID(c.Workspace), c.DryRun)
	if err != nil && len(all) == 0 {
		return err
	}

	return errors.Join(err, c.print(s.out, all))
}

func (c erasePersonCommand) print(w io.Writer, all []erasure.Traces) error {
	if c.JSON {
		return json.NewEncoder(w).Encode(map[string]any{"dryRun": c.DryRun, "workspaces": all})
	}

	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "There is no trace of this person.")
		return err
	}

	for _, t := range all {
		fmt.Fprintf(w, "workspace %s:", t.Workspace)
		for _, table := range slices.Sorted(maps.Keys(t.Rows)) {
			if n := t.Rows[table]; n > 0 {
				fmt.Fprintf(w, " %s %d", table, n)
			}
		}

		fmt.Fprintln(w)
		if t.Admins == 0 {
			fmt.Fprintf(w, "    It has no admin left: data-api workspaces invite-admin --workspace %s --admin EMAIL\n",
				t.Workspace)
		}
	}

	if c.DryRun {
		fmt.Fprintln(w, "That would be erased.")
	}

	return nil
}
