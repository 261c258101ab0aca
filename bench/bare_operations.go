package main

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"net/url"
	"strconv"
	"time"
)

type author struct {
	Label string `json:"label"`
}

type datastoreRow struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	ObjectCount int64     `json:"objectCount,string"`
	UsedBytes   int64     `json:"usedBytes,string"`
	CreatedAt   time.Time `json:"createdAt"`
	CreatedBy   author    `json:"createdBy"`
}

func (b *bare) listDatastores(ctx context.Context, c call) (any, error) {
	rows, err := b.list.QueryContext(ctx, c.workspace, c.First)
	if err != nil {
		return nil, err
	}

	defer func() { _ = rows.Close() }()
	nodes := make([]datastoreRow, 0, c.First)
	for rows.Next() {
		var d datastoreRow
		if err := rows.Scan(&d.ID, &d.Name, &d.ObjectCount, &d.UsedBytes, &d.CreatedAt,
			&d.CreatedBy.Label); err != nil {
			return nil, err
		}

		nodes = append(nodes, d)
	}

	return map[string]any{"datastores": map[string]any{"nodes": nodes}}, rows.Err()
}

func (b *bare) findSecret(ctx context.Context, c call) (any, error) {
	var s struct {
		ID             string    `json:"id"`
		Name           string    `json:"name"`
		Format         string    `json:"format"`
		CurrentVersion int       `json:"currentVersion"`
		CreatedAt      time.Time `json:"createdAt"`
		CreatedBy      author    `json:"createdBy"`
	}
	err := b.secret.QueryRowContext(ctx, c.workspace, c.ID).
		Scan(&s.ID, &s.Name, &s.Format, &s.CurrentVersion, &s.CreatedAt, &s.CreatedBy.Label)
	return map[string]any{"secret": s}, err
}

func (b *bare) revealSecret(ctx context.Context, c call) (any, error) {
	var s struct {
		Version      int    `json:"version"`
		Value        string `json:"value"`
		AuditEventID string `json:"auditEventId"`
	}
	var sealed []byte
	if err := b.reveal.QueryRowContext(ctx, c.workspace, c.ID, c.key).
		Scan(&s.Version, &sealed, &s.AuditEventID); err != nil {
		return nil, err
	}

	value, err := b.seal.Open(nil, nil, sealed, nil)
	s.Value = string(value)
	return map[string]any{"revealSecret": s}, err
}

func (b *bare) rotateSecret(ctx context.Context, c call) (any, error) {
	var version int
	err := b.rotate.QueryRowContext(ctx, c.workspace, c.ID, c.key, seal(b.seal, c.V)).Scan(&version)
	return map[string]any{"rotateSecret": map[string]any{"version": map[string]any{"version": version}}}, err
}

// createUploadURL signs a PUT by RSA-2048.
//
// Source: https://cloud.google.com/storage/docs/authentication/signatures (version 4).
func (b *bare) createUploadURL(_ context.Context, c call) (any, error) {
	const host, algorithm, signed = "storage.googleapis.com", "GOOG4-RSA-SHA256", "content-type;host"
	now := time.Now().UTC()
	at, scope := now.Format("20060102T150405Z"), now.Format("20060102")+"/auto/storage/goog4_request"
	path := (&url.URL{Path: "/bench/" + c.workspace + "/" + c.D + "/" + c.K}).EscapedPath()
	query := url.Values{
		"X-Goog-Algorithm":     {algorithm},
		"X-Goog-Credential":    {"bench@bench.iam.gserviceaccount.com/" + scope},
		"X-Goog-Date":          {at},
		"X-Goog-Expires":       {strconv.Itoa(900)},
		"X-Goog-SignedHeaders": {signed},
	}.Encode()
	sum := sha256.Sum256([]byte("PUT\n" + path + "\n" + query + "\ncontent-type:text/csv\nhost:" + host + "\n\n" +
		signed + "\nUNSIGNED-PAYLOAD"))
	sum = sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%x", algorithm, at, scope, sum))
	signature, err := rsa.SignPKCS1v15(rand.Reader, b.signer, crypto.SHA256, sum[:])
	address := fmt.Sprintf("https://%s%s?%s&X-Goog-Signature=%x", host, path, query, signature)
	return map[string]any{"createUploadURL": map[string]any{"url": address}}, err
}
