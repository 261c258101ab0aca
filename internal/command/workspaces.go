package command

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/workspace"
)

type workspacesCommand struct {
	Create   createWorkspaceCommand `cmd:"" help:"Create a workspace, and invite its first admin."`
	SetLimit setLimitCommand        `cmd:"" help:"Change how many bytes a workspace may hold."`

	Delete deleteWorkspaceCommand `cmd:"" help:"Export a workspace, and delete it from the database, the buckets and Secret Manager, for ever."`

	InviteAdmin inviteAdminCommand `cmd:"" help:"Invite an admin, or again one who cannot sign in any more."`
}

type inviteAdminCommand struct {
	DatabaseURL string `required:"" secret:"" placeholder:"URL" help:"The database as the app role."`
	Workspace   string `env:"-" required:"" placeholder:"ID" help:"The workspace's id."`
	Admin       string `env:"-" required:"" placeholder:"EMAIL" help:"Whoever next signs in with this verified address is an admin, and whoever joined by it before is a member no more."`
}

// Run makes the invitation and prints the member's id, and nothing else.
func (c inviteAdminCommand) Run(ctx context.Context, s streams) error {
	return onDatabase(c.DatabaseURL, func(db *postgres.DB) error {
		admin, err := workspace.InviteAdmin(ctx, db.Members(), workspace.ID(c.Workspace), c.Admin, time.Now())
		if err != nil {
			return fmt.Errorf("inviting an admin: %w", err)
		}

		_, err = fmt.Fprintln(s.out, admin.ID)
		return err
	})
}

// onDatabase opens the database for one command. Errors: fault.Invalid naming the flag, for a bad URL; those of do.
func onDatabase(url string, do func(*postgres.DB) error) (err error) {
	if err := config.CheckDatabaseURL("--database-url", url); err != nil {
		return err
	}

	db, err := postgres.Open(url)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, db.Close()) }()
	return do(db)
}

type setLimitCommand struct {
	DatabaseURL string `required:"" secret:"" placeholder:"URL" help:"The database as the app role."`
	Workspace   string `env:"-" required:"" placeholder:"ID" help:"The workspace's id."`
	Limit       size   `env:"-" required:"" placeholder:"SIZE" help:"For example 10GiB, or none. What is stored stays, be it more."`
}

// Run changes the limit and prints what it was, what it is, and what the workspace holds.
func (c setLimitCommand) Run(ctx context.Context, s streams) error {
	return onDatabase(c.DatabaseURL, func(db *postgres.DB) error {
		was, u, err := workspace.SetLimit(ctx, db.Workspaces(), workspace.ID(c.Workspace), c.Limit.bytes)
		if err != nil {
			return fmt.Errorf("setting the limit: %w", err)
		}

		_, err = fmt.Fprintf(s.out, "limit: %s bytes, before: %s; used: %d, reserved: %d\n", size{u.LimitBytes},
			size{was}, u.UsedBytes, u.ReservedBytes)
		return err
	})
}

type createWorkspaceCommand struct {
	DatabaseURL string          `required:"" secret:"" placeholder:"URL" help:"The database as the app role."`
	Regions     []config.Region `sep:";" required:"" placeholder:"NAME=BUCKET,LOCATION" help:"The deployment's regions, as serve has them."`
	Name        string          `env:"-" required:"" help:"1 to 120 characters."`
	Region      string          `env:"-" required:"" help:"Where its objects and secrets are kept; it never changes."`
	Admin       string          `env:"-" required:"" placeholder:"EMAIL" help:"Whoever first signs in with this verified address is its admin."`
	Limit       *size           `env:"-" placeholder:"SIZE" help:"How much it may hold, for example 10GiB, or none; by default what --default-quota-bytes says."`

	DefaultQuotaBytes int64 `default:"0" help:"What a new workspace may hold, in bytes, as serve has it; 0 for no limit (${default})."`
}

// Run creates the workspace and prints its id, and nothing else.
func (c createWorkspaceCommand) Run(ctx context.Context, s streams) error {
	w, admin, err := c.workspace()
	if err != nil {
		return err
	}

	return onDatabase(c.DatabaseURL, func(db *postgres.DB) error {
		if err := workspace.Found(ctx, db.Workspaces(), w, []member.Member{admin}); err != nil {
			return fmt.Errorf("creating workspace: %w", err)
		}

		_, err := fmt.Fprintln(s.out, w.ID)
		return err
	})
}

// workspace checks the settings, and names every bad one at once.
func (c createWorkspaceCommand) workspace() (workspace.Workspace, member.Member, error) {
	email, badEmail := member.Address(c.Admin)
	var badRegion error
	if _, known := (config.Stores{Regions: c.Regions}).Buckets()[c.Region]; !known {
		badRegion = fault.New(fault.Invalid, "--region: the deployment has no region %q.", c.Region)
	}

	limit, badLimit := c.limit()
	w := workspace.Workspace{ID: authz.NewWorkspaceID(), Name: c.Name, Region: c.Region, LimitBytes: limit}
	admin := member.Member{ID: ident.New[member.Member](), Email: email, Role: authz.Admin}
	return w, admin, errors.Join(config.CheckDatabaseURL("--database-url", c.DatabaseURL), badEmail, badRegion,
		badLimit, ident.CheckName("name", c.Name))
}

// limit is how many bytes the workspace may hold; nil for no limit.
func (c createWorkspaceCommand) limit() (*int64, error) {
	switch {
	case c.Limit != nil && c.Limit.bytes != nil && *c.Limit.bytes == 0:
		return nil, fault.New(fault.Invalid, "--limit 0 would let it hold nothing: write none for no limit.")
	case c.Limit != nil:
		return c.Limit.bytes, nil
	}

	quota := config.Serve{DefaultQuotaBytes: c.DefaultQuotaBytes}.DefaultQuota()
	return quota, config.CheckDefaultQuota(c.DefaultQuotaBytes)
}
