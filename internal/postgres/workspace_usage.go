package postgres

// Whoever changes what a workspace holds locks its usage row until the commit, so that the quota is held exactly; that
// comes last, for others wait.

// count adds to what the workspace holds.
func (t *Tx) count(objects, bytes int64) error {
	_, err := t.exec(`UPDATE workspace_usage SET object_count = object_count + $2, used_bytes = used_bytes + $3
		WHERE workspace_id = $1`, t.ws, objects, bytes)
	return err
}

// unreserve gives reserved bytes back to the workspace.
func (t *Tx) unreserve(bytes int64) error {
	_, err := t.exec(`UPDATE workspace_usage SET reserved_bytes = reserved_bytes - $2 WHERE workspace_id = $1`,
		t.ws, bytes)
	return err
}
