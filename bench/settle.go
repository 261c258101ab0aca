package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const (
	uploadOfBench   = `{"query":"mutation($d: ID!, $k: String!) { createUploadURL(input: {datastoreId: $d, key: $k, contentType: \"text/csv\", maxBytes: \"1024\"}) { url headers { name value } upload { id } } }","variables":{"d":"DATASTORE","k":"FRESH"}}`
	completeOfBench = `{"query":"mutation($u: ID!) { completeUpload(input: {uploadId: $u}) { object { current { version sizeBytes } } } }","variables":{"u":"UPLOAD"}}`
)

// settlements are whole uploads, held against the same without their settlement.
func (w *world) settlements() operation {
	return operation{
		name:  "settle",
		by:    w.settles,
		bare:  w.lands,
		apart: true,
		most:  950,
		after: w.cancelUploads,
		against: "a whole upload of 1 KiB: its URL, the PUT and `completeUpload`, which settles it; against the URL " +
			"and the PUT alone",
		bound: "CPU: settlement is a stat, a copy and a deletion in storage and two transactions of Postgres, one " +
			"after the other; the signature and the PUT are on both sides.",
	}
}

func (w *world) settles(ctx context.Context, client int) error {
	id, err := w.land(ctx, client)
	if err != nil {
		return err
	}

	answer, err := w.graphQL(ctx, w.places[client].token, strings.ReplaceAll(completeOfBench, "UPLOAD", id))
	if err == nil && !strings.Contains(string(answer), `"sizeBytes":"1024"`) {
		err = fmt.Errorf("it became no object: %s", answer)
	}

	return err
}

func (w *world) lands(ctx context.Context, client int) error {
	_, err := w.land(ctx, client)
	return err
}

// land sends 1 KiB to a new upload, and returns the upload's id.
func (w *world) land(ctx context.Context, client int) (id string, err error) {
	raw, err := w.graphQL(ctx, w.places[client].token, operation{apart: true, body: uploadOfBench}.sent(w, client))
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
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, grant.URL, strings.NewReader(strings.Repeat("a", 1024)))
	if err != nil {
		return "", err
	}

	for _, h := range grant.Headers {
		r.Header.Set(h.Name, h.Value)
	}

	response, err := w.client.Do(r)
	if err != nil {
		return "", err
	}

	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("storage answered %d: %w", response.StatusCode, err)
	}

	return grant.Upload.ID, nil
}
