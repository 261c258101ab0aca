package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

const (
	uploadOfBench   = `{"query":"mutation($d: ID!, $k: String!) { createUploadURL(input: {datastoreId: $d, key: $k, contentType: \"text/csv\", maxBytes: \"1024\"}) { url headers { name value } upload { id } } }","variables":{"d":"DATASTORE","k":"FRESH"}}`
	completeOfBench = `{"query":"mutation($u: ID!) { completeUpload(input: {uploadId: $u}) { object { current { version sizeBytes } } } }","variables":{"u":"UPLOAD"}}`
)

// settlements are whole uploads, held against the same without their settlement.
func (w *world) settlements() operation {
	ours, bare := w.asks(uploadOfBench, w.places), w.asks(uploadOfBench, w.places)
	bare.by = func(ctx context.Context, c *client, r request, n int64) ([]byte, error) {
		_, err := land(ctx, c, r, n)
		return c.answer.Bytes(), err
	}
	ours.by = settle
	return operation{
		name:  "settle",
		ours:  ours,
		bare:  bare,
		must:  0.5,
		after: w.cancelUploads,
		against: "a whole upload of 1 KiB: its URL, the PUT and `completeUpload`, which settles it; against the URL " +
			"and the PUT alone",
		bound: "CPU: settlement is a stat, a copy and a deletion in storage and five messages of a transaction in " +
			"Postgres, one after the other; the signature and the PUT are on both sides.",
	}
}

func settle(ctx context.Context, c *client, r request, n int64) ([]byte, error) {
	id, err := land(ctx, c, r, n)
	if err != nil {
		return nil, err
	}

	body := strings.ReplaceAll(completeOfBench, "UPLOAD", id)
	answer, err := c.ask(render("POST", c.RemoteAddr().String(), "/graphql", r.headers, body), n)
	if err == nil && !bytes.Contains(answer, []byte(`"sizeBytes":"1024"`)) {
		err = fmt.Errorf("it became no object: %s", answer)
	}

	return answer, err
}

// land sends 1 KiB to a new upload, and returns the upload's id.
func land(ctx context.Context, c *client, r request, n int64) (id string, err error) {
	raw, err := c.ask(r, n)
	if err != nil {
		return "", err
	}

	var answer struct {
		Data struct {
			CreateUploadURL struct {
				URL     string
				Headers []struct{ Name, Value string }
				Upload  struct{ ID string }
			}
		}
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return "", err
	}

	grant := answer.Data.CreateUploadURL
	at, err := url.Parse(grant.URL)
	if err != nil {
		return "", err
	}

	if c.storage == nil {
		if c.storage, err = dial(ctx, at.Host, patience); err != nil {
			return "", err
		}
	}

	var headers strings.Builder
	for _, h := range grant.Headers {
		if !strings.EqualFold(h.Name, "Content-Length") {
			fmt.Fprintf(&headers, "%s: %s\r\n", h.Name, h.Value)
		}
	}

	_, err = c.storage.ask(render("PUT", at.Host, at.RequestURI(), headers.String(), strings.Repeat("a", 1024)), 0)
	return grant.Upload.ID, err
}
