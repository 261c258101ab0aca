package client

import "strconv"

// UploadOption changes what Upload stores, or how.
type UploadOption func(*uploading)

// WithContentType says what the content is; application/octet-stream without it.
func WithContentType(contentType string) UploadOption {
	return func(u *uploading) { u.input.ContentType = contentType }
}

// WithSize says how many bytes a content has that cannot tell itself.
func WithSize(bytes int64) UploadOption { return func(u *uploading) { u.size = bytes } }

// WithMaxBytes says how many bytes a content of unknown length may have: so many are reserved of the quota. Without it
// it is 100 MiB, or what the datastore takes if that is less.
func WithMaxBytes(bytes int64) UploadOption {
	return func(u *uploading) { u.input.MaxBytes = new(strconv.FormatInt(bytes, 10)) }
}

// WithMetadata keeps a JSON object with the version.
func WithMetadata(metadata map[string]any) UploadOption {
	return func(u *uploading) { u.input.Metadata = &metadata }
}

// WithIfVersion stores the content only while this version is the key's current one; 0 means that the key must be new.
// Otherwise the upload is rejected with UploadRejectionPrecondition.
func WithIfVersion(version int) UploadOption {
	return func(u *uploading) { u.input.IfVersion = &version }
}

// WithRun says which step of a run the content is of; for API keys with `runs:execute` alone.
func WithRun(runID, stepID string) UploadOption {
	return func(u *uploading) { u.input.Run = &RunStepInput{RunId: runID, StepId: stepID} }
}

// WithProgress calls report whenever storage has taken bytes: with how many it has of how many; total is -1 while that
// is unknown.
func WithProgress(report func(sent, total int64)) UploadOption {
	return func(u *uploading) { u.progress = report }
}
