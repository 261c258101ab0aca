package dev

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/workspace"
)

// demos are the workspaces of every dev instance. Their ids never change, so that commands can be pasted again after a
// reset.
var demos = map[string]workspace.ID{
	"acme":   "01980000-0000-7000-8000-00000000ac3e",
	"globex": "01980000-0000-7000-8000-0000000910be",
}

// seed makes the missing demo workspaces, each with a user of each role.
func seed(ctx context.Context, i instance) error {
	db, err := postgres.Open(i.DatabaseURL)
	if err != nil {
		return err
	}

	var errs []error
	for name, id := range demos {
		err := workspace.Found(ctx, db.Workspaces(), workspace.Workspace{
			ID:     id,
			Name:   name,
			Region: i.Region.Name,
		}, demoMembers(i, name))
		if !fault.Is(err, fault.Conflict) {
			errs = append(errs, err)
		}
	}

	return errors.Join(append(errs, db.Close())...)
}

func demoMembers(i instance, workspaceName string) []member.Member {
	var all []member.Member
	for _, role := range authz.Roles() {
		all = append(all, member.Member{
			ID:      ident.New[member.Member](),
			Issuer:  i.OIDCIssuer,
			Role:    role,
			Subject: demoSubject(workspaceName, role),
			Email:   demoEmail(workspaceName, role),
		})
	}

	return all
}

// demoUsers are the same people for the sign-in page, admins first.
func demoUsers() (all []oidc.User) {
	for _, name := range slices.Sorted(maps.Keys(demos)) {
		for _, role := range slices.Backward(authz.Roles()) {
			all = append(all, oidc.User{
				Subject:   demoSubject(name, role),
				Email:     demoEmail(name, role),
				Workspace: name,
				Role:      strings.ToLower(string(role)),
			})
		}
	}

	return all
}

func demoSubject(workspaceName string, role authz.Role) string {
	return workspaceName + "-" + strings.ToLower(string(role))
}

func demoEmail(workspaceName string, role authz.Role) string {
	return strings.ToLower(string(role)) + "@" + workspaceName + ".example"
}
