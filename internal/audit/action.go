package audit

// The actions, as the schema's descriptions name them.
const (
	AccessDenied        Action = "access.denied"
	APIKeyCreated       Action = "api_key.created"
	APIKeyRevoked       Action = "api_key.revoked"
	DatastoreDeleted    Action = "datastore.deleted"
	DatastoreUpdated    Action = "datastore.updated"
	UploadCancelled     Action = "datastore.upload_cancelled"
	DatastoreCreated    Action = "datastore.created"
	WorkspaceUpdated    Action = "workspace.updated"
	WorkspaceLimitSet   Action = "workspace.limit_set"
	MemberJoined        Action = "member.joined"
	MemberRemoved       Action = "member.removed"
	MemberRoleSet       Action = "member.role_set"
	WorkspaceCreated    Action = "workspace.created"
	ObjectCreated       Action = "datastore.object_created"
	ObjectDeleted       Action = "datastore.object_deleted"
	ObjectRead          Action = "datastore.object_read"
	StepExecuted        Action = "datastore.step_executed"
	ObjectRenamed       Action = "datastore.object_renamed"
	ObjectRestored      Action = "datastore.object_restored"
	ObjectUpdated       Action = "datastore.object_updated"
	PrefixDeleted       Action = "datastore.prefix_deleted"
	UploadExpired       Action = "datastore.upload_expired"
	UploadRejected      Action = "datastore.upload_rejected"
	UploadURLCreated    Action = "datastore.upload_url_created"
	SecretAccessFailed  Action = "secret.access_failed"
	SecretAccessed      Action = "secret.accessed"
	SecretCreateFailed  Action = "secret.create_failed"
	SecretCreated       Action = "secret.created"
	SecretDeleted       Action = "secret.deleted"
	SecretRotated       Action = "secret.rotated"
	SecretInjected      Action = "secret.injected"
	SecretInjectFailed  Action = "secret.inject_failed"
	SecretInjectRefused Action = "secret.inject_refused"
	RuntimeKeyAdded     Action = "runtime_key.added"
	RuntimeKeyRemoved   Action = "runtime_key.removed"
	LeaseEnded          Action = "run.lease_ended"
	LeaseRefused        Action = "run.lease_refused"
	OutputRedacted      Action = "run.output_redacted"
	SecretRotationDue   Action = "secret.rotation_due"
	SecretPurged        Action = "secret.purged"
	ReferencesSet       Action = "secret.references_set"
	SecretDestroyed     Action = "secret.version_destroyed"
	SecretRestored      Action = "secret.restored"
	SecretRolledBack    Action = "secret.rolled_back"
	SecretUpdated       Action = "secret.updated"
	TrustedDocumentsSet Action = "workspace.trusted_documents_set"
)

var risks = map[Action]Risk{
	AccessDenied:        Medium,
	APIKeyCreated:       High,
	APIKeyRevoked:       Medium,
	DatastoreDeleted:    High,
	MemberRemoved:       High,
	MemberRoleSet:       High,
	WorkspaceUpdated:    Medium,
	WorkspaceLimitSet:   Medium,
	TrustedDocumentsSet: High,
	ObjectDeleted:       Medium,
	PrefixDeleted:       High,
	SecretAccessed:      High,
	SecretAccessFailed:  High,
	SecretDeleted:       High,
	SecretRotated:       Medium,
	SecretInjected:      Medium,
	SecretInjectFailed:  Medium,
	SecretInjectRefused: High,
	RuntimeKeyAdded:     High,
	RuntimeKeyRemoved:   Medium,
	LeaseRefused:        High,
	SecretDestroyed:     High,
	SecretPurged:        High,
	SecretRotationDue:   Medium,
	SecretRestored:      Medium,
	SecretRolledBack:    Medium,
}

// Risk returns how much harm the action could do; Low where nothing else is said.
func (a Action) Risk() Risk {
	if r, ok := risks[a]; ok {
		return r
	}

	return Low
}
