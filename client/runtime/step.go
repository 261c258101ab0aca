package runtime

import (
	"context"
	"fmt"
	"strconv"

	"github.com/provenanceone/data-api/client"
)

// MaxContent is how many bytes a step gives or takes inline.
const MaxContent = 256 << 10

// Place is a key of a datastore.
type Place struct {
	DatastoreID string
	// Key is kept exactly, path separators included.
	Key string
}

// Version is one immutable state of an object.
type Version struct {
	ID string
	// Number counts up from 1 with each write to the key.
	Number      int
	SizeBytes   int64
	ContentType string
	// CRC32C is base64 of four big-endian bytes.
	CRC32C string
}

// Object is what a version of an object holds.
type Object struct {
	Version
	// Content is all of it; nil where URL is not empty.
	Content []byte
	// URL serves what has more than MaxContent bytes, for a quarter of an hour and without a credential.
	URL string
}

// Get reads the current version of an object in a step of a run.
//
// Errors: those of the API, *client.Error: NOT_FOUND, FORBIDDEN without `runs:execute`,
// UNAVAILABLE.
// Effects: it is on record as `datastore.object_read` and `datastore.step_executed`, before the content leaves.
func (c *Client) Get(ctx context.Context, r Run, at Place) (Object, error) {
	return c.get(ctx, stepOn(r, client.StorageActionGet, at))
}

// GetVersion is Get of a version that is still kept, by its number.
func (c *Client) GetVersion(ctx context.Context, r Run, at Place, number int) (Object, error) {
	input := stepOn(r, client.StorageActionGet, at)
	input.Version = &number
	return c.get(ctx, input)
}

func (c *Client) get(ctx context.Context, input client.StorageStepInput) (Object, error) {
	done, err := c.step(ctx, input)
	if err != nil {
		return Object{}, err
	}

	o := Object{Version: versionOf(done.Version)}
	if done.Content != nil {
		o.Content = done.Content.Base64
	}

	if done.DownloadURL != nil {
		o.URL = *done.DownloadURL
	}

	return o, nil
}

// Output is what a step puts.
type Output struct {
	// Content has at most MaxContent bytes: larger outputs are uploaded.
	Content []byte
	// ContentType is `application/octet-stream` if it is empty.
	ContentType string
	// IfVersion is the version that must be current, 0 for none; nil for any.
	IfVersion *int
	// IdempotencyKey makes it safe to send again; empty for none.
	IdempotencyKey string
}

// Put writes an object in a step of a run. The version is the zero one where a repeated call finds that it is no
// longer kept.
//
// Errors: those of the API: BAD_USER_INPUT, NOT_FOUND, CONFLICT if another version is current, QUOTA_EXCEEDED,
// IDEMPOTENCY_MISMATCH, UNAVAILABLE.
// Effects: it is on record as `datastore.object_created` and `datastore.step_executed`.
func (c *Client) Put(ctx context.Context, r Run, at Place, o Output) (Version, error) {
	input := stepOn(r, client.StorageActionPut, at)
	content := append([]byte{}, o.Content...) // never nil: nothing is an object too
	input.Base64, input.ContentType = &content, orNil(o.ContentType)
	input.IfVersion, input.IdempotencyKey = o.IfVersion, orNil(o.IdempotencyKey)
	done, err := c.step(ctx, input)
	if err != nil {
		return Version{}, err
	}

	return versionOf(done.Version), nil
}

// Listed is an object in a list, at its current version.
type Listed struct {
	Key     string
	Current Version
}

// Page is a part of a list.
type Page struct {
	Objects []Listed
	// Next is what the next page comes after; empty where there is none.
	Next string
}

// List lists a datastore's objects by key in a step of a run, those whose key starts with prefix, up to a hundred of
// them after the end of another page.
//
// Errors: those of the API: BAD_USER_INPUT, NOT_FOUND, UNAVAILABLE. Effects: it is on record as
// `datastore.step_executed`.
func (c *Client) List(ctx context.Context, r Run, datastoreID, prefix, after string) (Page, error) {
	input := stepOn(r, client.StorageActionList, Place{DatastoreID: datastoreID})
	input.Prefix, input.After = orNil(prefix), orNil(after)
	done, err := c.step(ctx, input)
	if err != nil {
		return Page{}, err
	}

	page := Page{Objects: make([]Listed, len(done.Objects.Nodes))}
	for i, n := range done.Objects.Nodes {
		page.Objects[i] = Listed{Key: n.Key, Current: versionOf(&n.Current)}
	}

	if done.Objects.PageInfo.HasNextPage {
		page.Next = *done.Objects.PageInfo.EndCursor
	}

	return page, nil
}

// Delete deletes an object in a step of a run: with ifVersion only while that version is current. With a key it is
// safe to send again.
//
// Errors: those of the API: NOT_FOUND, CONFLICT if another version is current, UNAVAILABLE.
// Effects: it is on record as `datastore.object_deleted` and `datastore.step_executed`.
func (c *Client) Delete(ctx context.Context, r Run, at Place, ifVersion *int, idempotencyKey string) error {
	input := stepOn(r, client.StorageActionDelete, at)
	input.IfVersion, input.IdempotencyKey = ifVersion, orNil(idempotencyKey)
	_, err := c.step(ctx, input)
	return err
}

func stepOn(r Run, action client.StorageAction, at Place) client.StorageStepInput {
	return client.StorageStepInput{
		Run:         client.RunStepInput{RunId: r.ID, StepId: r.StepID},
		Action:      action,
		DatastoreId: at.DatastoreID,
		Key:         orNil(at.Key),
	}
}

func (c *Client) step(ctx context.Context, input client.StorageStepInput) (*client.StorageStepPayload, error) {
	answer, err := client.RunStorageStep(ctx, c.api, input)
	if err != nil {
		return nil, fmt.Errorf("storage step %s: %w", input.Action, err)
	}

	return answer.RunStorageStep, nil
}

func versionOf(v *client.ObjectVersion) Version {
	if v == nil {
		return Version{}
	}

	size, _ := strconv.ParseInt(v.SizeBytes, 10, 64) // a BigInt is written so
	return Version{ID: v.Id, Number: v.Version, SizeBytes: size, ContentType: v.ContentType, CRC32C: v.Crc32c}
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}

	return &text
}
