package secretmanager

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
)

// maxPage is how many items a page holds at most.
const maxPage = 25000

// ListSecrets lists what was there before the lag, by name.
func (s *Server) ListSecrets(
	_ context.Context, req *secretmanagerpb.ListSecretsRequest,
) (*secretmanagerpb.ListSecretsResponse, error) {
	if err := cmp.Or(checkParent(req.GetParent()), checkList(req)); err != nil {
		return nil, err
	}

	var all []secretRecord
	err := s.store.view(func(tx *bbolt.Tx) (err error) {
		all, err = secretsSeen(tx, req.GetParent()+"/secrets/", s.now().Add(-s.lag))
		return err
	})
	if err != nil {
		return nil, err
	}

	part, next, err := page(all, func(r secretRecord) string { return r.Name }, req)
	if err != nil {
		return nil, err
	}

	res := &secretmanagerpb.ListSecretsResponse{NextPageToken: next, TotalSize: int32(min(len(all), math.MaxInt32))}
	for _, r := range part {
		res.Secrets = append(res.Secrets, r.proto())
	}

	return res, nil
}

// ListSecretVersions lists what was there before the lag, newest first.
func (s *Server) ListSecretVersions(
	_ context.Context, req *secretmanagerpb.ListSecretVersionsRequest,
) (*secretmanagerpb.ListSecretVersionsResponse, error) {
	if err := cmp.Or(checkSecret(req.GetParent()), checkList(req)); err != nil {
		return nil, err
	}

	var all []versionRecord
	seen := s.now().Add(-s.lag)
	err := s.store.view(func(tx *bbolt.Tx) (err error) {
		if _, err = find(tx, req.GetParent()); err != nil {
			return err
		}

		all, err = scan(tx, versions, req.GetParent()+"/versions/",
			func(r versionRecord) bool { return !r.Created.After(seen) })
		return err
	})
	if err != nil {
		return nil, err
	}

	slices.Reverse(all)
	part, next, err := page(all,
		func(r versionRecord) string { return fmt.Sprintf("%020d", math.MaxInt64-r.Number) }, req)
	if err != nil {
		return nil, err
	}

	res := &secretmanagerpb.ListSecretVersionsResponse{
		NextPageToken: next,
		TotalSize:     int32(min(len(all), math.MaxInt32)),
	}
	for _, r := range part {
		res.Versions = append(res.Versions, r.proto(seen))
	}

	return res, nil
}

// secretsSeen merges the secrets that a list shows with those that it still shows.
func secretsSeen(tx *bbolt.Tx, prefix string, at time.Time) ([]secretRecord, error) {
	live, err := scan(tx, secrets, prefix, func(r secretRecord) bool { return !r.Created.After(at) })
	if err != nil {
		return nil, err
	}

	still, err := scan(tx, gone, prefix, func(r secretRecord) bool { return !r.Created.After(at) && r.Gone.After(at) })
	all := slices.Concat(live, still)
	slices.SortFunc(all, func(a, b secretRecord) int { return cmp.Compare(a.Name, b.Name) })
	return all, err
}

func scan[T any](tx *bbolt.Tx, bucket []byte, prefix string, keep func(T) bool) (all []T, err error) {
	c := tx.Bucket(bucket).Cursor()
	for k, v := c.Seek([]byte(prefix)); bytes.HasPrefix(k, []byte(prefix)); k, v = c.Next() {
		var r T
		if err := json.Unmarshal(v, &r); err != nil {
			return nil, fmt.Errorf("reading record of %s: %w", k, err)
		}

		if keep(r) {
			all = append(all, r)
		}
	}

	return all, nil
}

type listRequest interface {
	GetPageSize() int32
	GetPageToken() string
	GetFilter() string
}

func checkList(req listRequest) error {
	if req.GetFilter() != "" {
		return refuse(codes.InvalidArgument, "This emulator knows no filters.")
	}

	if req.GetPageSize() < 0 {
		return refuse(codes.InvalidArgument, "The page size must not be negative.")
	}

	return nil
}

// page cuts one page out of items that are in the order of their keys; a token is the last key of the page before.
func page[T any](items []T, key func(T) string, req listRequest) (part []T, next string, err error) {
	after, err := base64.URLEncoding.DecodeString(req.GetPageToken())
	if err != nil {
		return nil, "", refuse(codes.InvalidArgument, "The provided page token is not valid.")
	}

	from := 0
	if len(after) > 0 {
		from, _ = slices.BinarySearchFunc(items, string(after)+"\x00",
			func(item T, k string) int { return cmp.Compare(key(item), k) })
	}

	size := min(int(req.GetPageSize()), maxPage)
	if size == 0 {
		size = maxPage
	}

	if part = items[from:]; len(part) <= size {
		return part, "", nil
	}

	return part[:size], base64.URLEncoding.EncodeToString([]byte(key(part[size-1]))), nil
}
