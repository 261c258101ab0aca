package client

import (
	"context"
	"iter"
)

// Datastores returns the workspace's datastores: all of them, or those whose name contains a text.
func (c *Client) Datastores(ctx context.Context, nameContains string) iter.Seq2[Datastore, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[Datastore], error) {
		a, err := ListDatastores(ctx, c, first, after, orNil(nameContains), nil, nil, nil)
		if err != nil {
			return nil, err
		}

		return a.Datastores, nil
	})
}

// Objects returns a datastore's objects by key: all of them, or those whose key has a prefix.
func (c *Client) Objects(ctx context.Context, datastoreID, prefix string) iter.Seq2[Object, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[Object], error) {
		a, err := ListObjects(ctx, c, datastoreID, first, after, orNil(prefix), nil)
		switch {
		case err != nil:
			return nil, err
		case a.Datastore == nil:
			return nil, errNone(noDatastore)
		}

		return &a.Datastore.Objects, nil
	})
}

// Folders returns what the keys below a prefix share up to the next slash; below the empty one, the first folders.
func (c *Client) Folders(ctx context.Context, datastoreID, prefix string) iter.Seq2[ObjectFolder, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[ObjectFolder], error) {
		a, err := ListFolders(ctx, c, datastoreID, first, after, orNil(prefix), nil)
		switch {
		case err != nil:
			return nil, err
		case a.Datastore == nil:
			return nil, errNone(noDatastore)
		}

		return &a.Datastore.Folders, nil
	})
}

// ObjectVersions returns the versions of an object that are kept, newest first.
func (c *Client) ObjectVersions(ctx context.Context, datastoreID, key string) iter.Seq2[ObjectVersion, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[ObjectVersion], error) {
		a, err := ListObjectVersions(ctx, c, datastoreID, key, first, after)
		switch {
		case err != nil:
			return nil, err
		case a.Datastore == nil:
			return nil, errNone(noDatastore)
		case a.Datastore.Object == nil:
			return nil, errNone(noObject)
		}

		return &a.Datastore.Object.Versions, nil
	})
}

// Uploads returns a datastore's uploads that are no objects, or not yet, newest first: all of them, or those in a
// state.
func (c *Client) Uploads(ctx context.Context, datastoreID string, state *UploadState) iter.Seq2[Upload, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[Upload], error) {
		a, err := ListUploads(ctx, c, datastoreID, first, after, state)
		switch {
		case err != nil:
			return nil, err
		case a.Datastore == nil:
			return nil, errNone(noDatastore)
		}

		return a.Datastore.Uploads, nil
	})
}

// Secrets returns the workspace's secrets, without values: all of them that are not deleted, or those of a filter.
func (c *Client) Secrets(ctx context.Context, filter *SecretFilter) iter.Seq2[Secret, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[Secret], error) {
		a, err := ListSecrets(ctx, c, first, after, filter, nil)
		if err != nil {
			return nil, err
		}

		return a.Secrets, nil
	})
}

// SecretVersions returns the versions of a secret, newest first, without values.
func (c *Client) SecretVersions(ctx context.Context, secretID string) iter.Seq2[SecretVersion, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[SecretVersion], error) {
		a, err := ListSecretVersions(ctx, c, secretID, first, after)
		switch {
		case err != nil:
			return nil, err
		case a.Secret == nil:
			return nil, errNone(noSecret)
		}

		return &a.Secret.Versions, nil
	})
}

// SecretReferences returns what uses a secret.
func (c *Client) SecretReferences(ctx context.Context, secretID string) iter.Seq2[SecretReference, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[SecretReference], error) {
		a, err := ListSecretReferences(ctx, c, secretID, first, after)
		switch {
		case err != nil:
			return nil, err
		case a.Secret == nil:
			return nil, errNone(noSecret)
		}

		return &a.Secret.References, nil
	})
}

// AuditEvents returns the workspace's audit events, newest first: all of them, or those of a filter.
func (c *Client) AuditEvents(ctx context.Context, filter *AuditFilter) iter.Seq2[AuditEvent, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[AuditEvent], error) {
		a, err := ListAuditEvents(ctx, c, first, after, filter)
		if err != nil {
			return nil, err
		}

		return a.AuditEvents, nil
	})
}

// APIKeys returns the workspace's API keys, newest first, without their tokens.
func (c *Client) APIKeys(ctx context.Context) iter.Seq2[APIKeyDetails, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[APIKeyDetails], error) {
		a, err := ListAPIKeys(ctx, c, first, after)
		if err != nil {
			return nil, err
		}

		return a.ApiKeys, nil
	})
}

// RuntimeKeys returns the public keys that secrets may be sealed to.
func (c *Client) RuntimeKeys(ctx context.Context) iter.Seq2[RuntimeKey, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[RuntimeKey], error) {
		a, err := ListRuntimeKeys(ctx, c, first, after)
		if err != nil {
			return nil, err
		}

		return a.RuntimeKeys, nil
	})
}

// Members returns the workspace's members.
func (c *Client) Members(ctx context.Context) iter.Seq2[Member, error] {
	return All(ctx, func(ctx context.Context, first *int, after *string) (Page[Member], error) {
		a, err := ListMembers(ctx, c, first, after)
		if err != nil {
			return nil, err
		}

		return a.Members, nil
	})
}
