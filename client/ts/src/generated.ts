/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import { type TypedDocumentString, typed } from './document.js'
/** What kind of caller somebody is. */
export type ActorKind =
  /** A program with an API key. */
  | 'API_KEY'
  /** The server itself, for what it does on schedule. */
  | 'SYSTEM'
  /** A person who signed in, or was known by email address. */
  | 'USER';

/** The public half of a key pair whose private half stays with the runtime. */
export type AddRuntimeKeyInput = {
  /** Which runtime has the private half, in 1 to 120 characters. */
  name: string;
  /** The public half: an X25519 key of 32 bytes, which no other key of the workspace is. */
  publicKey: string;
};

/** Which events to list; all conditions that are given must hold. An empty text is BAD_USER_INPUT: leave it out instead. */
export type AuditFilter = {
  /** Exactly this action, for example `secret.accessed`; null for all. */
  action?: string | null | undefined;
  /** Only events that ended so; null for all. */
  outcome?: Outcome | null | undefined;
  /** Only what this member or API key did, by `Actor.principalId`; null for all. */
  principalId?: string | null | undefined;
  /** Only events of this risk; null for all. */
  risk?: Risk | null | undefined;
  /** Only what happened at that time or later; null for all. */
  since?: string | null | undefined;
  /** Only what happened to the thing of this id; null for all. */
  targetId?: string | null | undefined;
  /** Only what happened before that time; null for all. */
  until?: string | null | undefined;
};

/** The upload to cancel. */
export type CancelUploadInput = {
  /** The `id` of an `Upload` of this workspace; NOT_FOUND if there is none. */
  uploadId: string;
};

/** The upload whose bytes have been sent. */
export type CompleteUploadInput = {
  /** The `id` of an `Upload` of this workspace; NOT_FOUND if there is none. */
  uploadId: string;
};

/** What uses secrets, by the platform's own id and name. */
export type ConsumerInput = {
  /** 1 to 128 printable ASCII characters. */
  externalId: string;
  /** What kind of thing it is; with `externalId` it says which one. */
  kind: ConsumerKind;
  /** 1 to 120 characters. */
  name: string;
};

/** What can use a secret by configuration. */
export type ConsumerKind =
  /** An agent of the platform. */
  | 'AGENT'
  /** A connection to an outside system. */
  | 'CONNECTION'
  /** A skill that agents call. */
  | 'SKILL'
  /** A workflow, whatever its runs. */
  | 'WORKFLOW';

/** A consumer that has declared its secrets, by the platform's id. */
export type ConsumerRefInput = {
  /** The id that was declared: 1 to 128 printable ASCII characters. */
  externalId: string;
  /** The kind that was declared. */
  kind: ConsumerKind;
};

/** Which object version to copy, and to where. */
export type CopyObjectInput = {
  /** The datastore to copy from; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** Only while this is the target key's current version; 0 means the target key must be new. */
  ifTargetVersion?: number | null | undefined;
  /** Only while the version with this `id` is the target key's current one, else CONFLICT; null for any. */
  ifTargetVersionId?: string | null | undefined;
  /** The key to copy from, exactly; NOT_FOUND if nothing is there. */
  key: string;
  /** The datastore to copy to, which may be the same one; its policy decides whether it takes the copy. */
  targetDatastoreId: string;
  /** The key to copy to: 1 to 900 bytes of UTF-8 in NFC, without control characters. */
  targetKey: string;
  /** The number of a version that is kept; null for the current one. */
  version?: number | null | undefined;
};

/** A new API key: what it may do, from where, and for how long. */
export type CreateAPIKeyInput = {
  /** Networks it may be used from, in CIDR, at most 50; null or empty means anywhere. */
  allowedNetworks?: Array<string> | null | undefined;
  /** When it expires, a time to come; null if it does not. */
  expiresAt?: string | null | undefined;
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH. The token is not shown again.
   */
  idempotencyKey?: string | null | undefined;
  /** What it is for, in 1 to 120 characters; it need not be unique. */
  name: string;
  /** What it may do: at least one scope. */
  scopes: Array<Scope>;
  /** Whether it may only send documents that `trustedDocuments` or the deployment lists; others get DOCUMENT_NOT_TRUSTED, and so does REST. */
  trustedDocumentsOnly?: boolean | null | undefined;
};

/** A new datastore, and what it takes. */
export type CreateDatastoreInput = {
  /** Content types it is to take: at most 50, exact or `type/*`, without parameters; null or empty for any. */
  contentTypes?: Array<string> | null | undefined;
  /** Text for people to read, at most 2,000 characters. */
  description?: string | null | undefined;
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** How many versions of each key to keep, the current one included: 1 to 100. */
  keepVersions?: number | null | undefined;
  /** At most 32, each key once. */
  labels?: Array<LabelInput> | null | undefined;
  /** The largest object it is to take: 1 byte to 5 TiB; null for the deployment's limit. */
  maxObjectBytes?: string | null | undefined;
  /** A name that is unique in the workspace: 1 to 120 characters, none of them a control character. */
  name: string;
};

/** Which object version to serve, for how long, and under which name. */
export type CreateDownloadURLInput = {
  /** The datastore that holds it; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /** How long the URL works: `PT1S` to `P1D`. */
  expiresIn?: string | null | undefined;
  /** The file name that a browser saves it under; null for the last part of the key. */
  filename?: string | null | undefined;
  /** The object's key, exactly; NOT_FOUND if nothing is there. */
  key: string;
  /** The number of a version that is kept; null for the current one. */
  version?: number | null | undefined;
};

/** A new secret: its name and first value. */
export type CreateSecretInput = {
  /** At most 2,000 characters, shown to everybody who may list secrets. */
  description?: string | null | undefined;
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** At most 32, each key once, shown to everybody who may list secrets, and on record in the audit log. */
  labels?: Array<LabelInput> | null | undefined;
  /** A name that is unique in the workspace: 1 to 120 of letters, digits, `_`, `-`, `.` and `/`. It is no UUID, and begins with none before a dot. */
  name: string;
  /** How often it is to be rotated; null for whenever people want. */
  rotation?: RotationScheduleInput | null | undefined;
  /** The first value, which becomes version 1. */
  value: SecretValueInput;
};

/** One file that is to come: where to, and what it may be. */
export type CreateUploadURLInput = {
  /** One that the datastore takes. */
  contentType: string;
  /**
   * For clients that can send no header but Content-Type: the signature binds nothing else. Until it is settled storage may then take a longer body,
   * or another one after the first; size and `md5` are checked at settlement, and what fails there never becomes an object.
   */
  contentTypeOnly?: boolean | null | undefined;
  /** The datastore to upload to; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /** How long the URL works: `PT1S` to `P1D`. A session lasts seven days, whatever this says. */
  expiresIn?: string | null | undefined;
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** Only while this is the key's current version; 0 means the key must be new. */
  ifVersion?: number | null | undefined;
  /** Only while the version with this `id` is the key's current one; null for any. CONFLICT if it is not now, PRECONDITION if it is not at settlement. */
  ifVersionId?: string | null | undefined;
  /** 1 to 900 bytes of UTF-8 in NFC, without control characters. Kept exactly. */
  key: string;
  /** The most bytes the file may have, reserved until then. Defaults to 100 MiB, or the datastore's or the deployment's limit if that is less. */
  maxBytes?: string | null | undefined;
  /** Base64 MD5 of the file; storage refuses other bytes. */
  md5?: string | null | undefined;
  /** A JSON object to keep with the version, at most 8 KiB. */
  metadata?: Record<string, unknown> | null | undefined;
  /** Whether the file comes in one PUT, or in parts. */
  mode?: UploadMode | null | undefined;
  /** The origin of the pages that send the parts of a RESUMABLE upload, as browsers write it; by default that of the page that asks, if it may use this server. */
  origin?: string | null | undefined;
  /** The run that writes it: only for API keys with `runs:execute`; others get FORBIDDEN. */
  run?: RunStepInput | null | undefined;
};

/** A new workspace: its name, and where its data is kept. */
export type CreateWorkspaceInput = {
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** A name for people to read: 1 to 120 characters; it need not be unique. */
  name: string;
  /** One of `regions`. It never changes. */
  region: string;
};

/** What a list of datastores is ordered by; those that are equal in it stand in the order of their ids. */
export type DatastoreOrder = {
  /** From which end. */
  direction?: OrderDirection | null | undefined;
  /** Which field decides. */
  field: DatastoreOrderField;
};

/** What a list of datastores can be ordered by. */
export type DatastoreOrderField =
  /** `createdAt`. */
  | 'CREATED_AT'
  /** `name`, by its bytes in UTF-8: upper case comes before lower case. */
  | 'NAME'
  /** `updatedAt`: when it last changed, but for its objects. */
  | 'UPDATED_AT';

/** The datastore to delete. */
export type DeleteDatastoreInput = {
  /** The datastore to delete; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /** Whether to delete it although it has objects; else that is IN_USE. */
  force?: boolean | null | undefined;
};

/** The object to delete. */
export type DeleteObjectInput = {
  /** The datastore that holds it; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /** Only while this is the current version, else CONFLICT; null deletes whichever is. */
  ifVersion?: number | null | undefined;
  /** Only while the version with this `id` is current, else CONFLICT; null for any. */
  ifVersionId?: string | null | undefined;
  /** The object's key, exactly; NOT_FOUND if nothing is there. */
  key: string;
};

/** Which objects to delete, or only to count. */
export type DeleteObjectsInput = {
  /** The datastore that holds them; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /** True, the default, only counts; false deletes. */
  dryRun?: boolean | null | undefined;
  /** The prefix of the keys to delete, matched exactly, upper and lower case apart; empty means all. */
  prefix: string;
};

/** The secret to delete. */
export type DeleteSecretInput = {
  /** Whether to delete it although something references it; else that is IN_USE. */
  force?: boolean | null | undefined;
  /** The secret to delete; NOT_FOUND if there is none in this workspace. */
  secretId: string;
};

/** The progress of a deletion in the background. */
export type DeletionState =
  /** Nothing is left, in the database or in storage. */
  | 'DONE'
  /** Objects or their bytes are left. */
  | 'RUNNING';

/** The version whose value is to be gone for ever. */
export type DestroySecretVersionInput = {
  /** The secret that it is of; NOT_FOUND if there is none in this workspace. */
  secretId: string;
  /** The number of a version that is not the current one. */
  version: number;
};

/** The lease to end, and the proof that the caller was handed its secrets. */
export type EndLeaseInput = {
  /** The lease to end; its secrets can no longer be injected or redacted under it. */
  leaseId: string;
  /** A `sealedToken` of the lease, opened, in base64. */
  token: string;
};

/** The `extensions.code` of every error this API returns. */
export type ErrorCode =
  /** Not a GraphQL request over HTTP: method, media type, JSON or size; the status says which. */
  | 'BAD_REQUEST'
  /** `extensions.field` names the input at fault. */
  | 'BAD_USER_INPUT'
  /** A name that is taken, a version that has moved on (`extensions.currentVersion`), or a thing in a state that does not allow it. */
  | 'CONFLICT'
  /** The API key may only send documents that its workspace or the deployment lists. */
  | 'DOCUMENT_NOT_TRUSTED'
  /** `extensions.requiredRole` and `extensions.requiredScope` say what is missing. */
  | 'FORBIDDEN'
  /** The document is no GraphQL. */
  | 'GRAPHQL_PARSE_FAILED'
  /** The document does not fit the schema. */
  | 'GRAPHQL_VALIDATION_FAILED'
  /** The idempotency key was used before with another input. */
  | 'IDEMPOTENCY_MISMATCH'
  /** A fault of the server; `extensions.requestId` finds it in the logs. */
  | 'INTERNAL'
  /** Deletion refused: `extensions.count` says how many still use it, `extensions.references` lists the first of those who use a secret. */
  | 'IN_USE'
  /** It does not exist in this workspace. */
  | 'NOT_FOUND'
  /** No list of trusted documents has the id that was sent: send the document itself. */
  | 'PERSISTED_QUERY_NOT_FOUND'
  /** The document is larger, deeper or dearer than allowed. */
  | 'QUERY_TOO_COSTLY'
  /** `extensions.limitBytes`, `extensions.usedBytes`, `extensions.reservedBytes`. */
  | 'QUOTA_EXCEEDED'
  /** `extensions.retryAfterSeconds`. */
  | 'RATE_LIMITED'
  /** No credential, more than one, or one that is invalid, expired or revoked. */
  | 'UNAUTHENTICATED'
  /** Google Cloud Storage, Secret Manager or the database did not answer. Nothing was acknowledged. */
  | 'UNAVAILABLE';

/** A value for the server to make up, which nobody has seen. */
export type GenerateSecretInput = {
  /** The characters to take. */
  alphabet?: SecretAlphabet | null | undefined;
  /** How long the value is: 8 to 1024 characters. */
  length?: number | null | undefined;
};

/** One secret to inject, or one field of it. */
export type InjectSecretInput = {
  /** One field of a JSON secret: the text of a string, the JSON of anything else. */
  field?: string | null | undefined;
  /** A secret that the consumer references; FORBIDDEN if it does not. */
  secretId: string;
};

/** Which secrets to hand to which step, and the key that only its runtime can open them with. */
export type InjectSecretsInput = {
  /** The agent, skill, connection or workflow that is running; only what it references is handed out. */
  consumer: ConsumerRefInput;
  /** `PT1M` to `P1D`, of a lease that begins; one that is open expires when it was to. */
  leaseFor?: string | null | undefined;
  /** An open lease of this API key, run and consumer; without it a new one begins. In all of its steps a lease holds at most 100 secrets. */
  leaseId?: string | null | undefined;
  /** The step that gets them; it stands in the audit log. */
  run: RunStepInput;
  /** The registered key to seal to, by the `id` of a `RuntimeKey`; NOT_FOUND if it was removed. */
  runtimeKeyId: string;
  /** What to hand out: 1 to 100 secrets or fields. */
  secrets: Array<InjectSecretInput>;
};

/** Keeps the things that have a label. */
export type LabelFilter = {
  /** The whole key, exactly. */
  key: string;
  /** The whole value, exactly; null for whatever value. */
  value?: string | null | undefined;
};

/**
 * A label to put on a thing. BAD_USER_INPUT names the part at fault, such as `labels[3].key`. The labels are on record in the audit log, where the thing's event is:
 * they are no place for values of secrets.
 */
export type LabelInput = {
  /** 1 to 63 of the letters a to z, digits, `-`, `_` and `.`, the first a letter or a digit. */
  key: string;
  /** At most 63 characters, none of them a control character or invisible; may be empty. */
  value: string;
};

/** From which end a list is ordered. */
export type OrderDirection =
  /** The least first: from A to Z, from the oldest to the newest. */
  | 'ASC'
  /** The greatest first: from Z to A, from the newest to the oldest. */
  | 'DESC';

/** How an attempt ended. */
export type Outcome =
  /** It was done. */
  | 'ALLOWED'
  /** It was refused: the role, scope or rule did not allow it. */
  | 'DENIED'
  /** It was allowed and did not work, for example because storage did not answer. */
  | 'FAILED';

/** Output of a run, and the proof that the caller was handed its secrets. */
export type RedactOutputInput = {
  /** The lease whose secrets are looked for. */
  leaseId: string;
  /** What the run put out: at most 512 KiB of any bytes. */
  output: string;
  /** A `sealedToken` of the lease, opened, in base64. */
  token: string;
};

/** The member to remove. */
export type RemoveMemberInput = {
  /** Whether API keys and runtime keys that the member created go on working. */
  keepKeys?: boolean | null | undefined;
  /** The `id` of a `Member` of this workspace; NOT_FOUND if there is none. */
  memberId: string;
};

/** The runtime key to remove. */
export type RemoveRuntimeKeyInput = {
  /** The `id` of a `RuntimeKey` of this workspace; NOT_FOUND if there is none. */
  runtimeKeyId: string;
};

/** Which object to rename, and how. */
export type RenameObjectInput = {
  /** The datastore that holds it; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** Only while this is the current version, else CONFLICT; null for any. */
  ifVersion?: number | null | undefined;
  /** Only while the version with this `id` is the current one, else CONFLICT; null for any. */
  ifVersionId?: string | null | undefined;
  /** The object's key, exactly; NOT_FOUND if nothing is there. */
  key: string;
  /** The key that it is to have: 1 to 900 bytes of UTF-8 in NFC, without control characters. */
  newKey: string;
};

/** Which earlier version to make current again. */
export type RestoreObjectVersionInput = {
  /** The datastore that holds the object; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** Only while this is the key's current version. */
  ifVersion?: number | null | undefined;
  /** Only while the version with this `id` is the key's current one, else CONFLICT; null for any. */
  ifVersionId?: string | null | undefined;
  /** The object's key, exactly; NOT_FOUND if nothing is there. */
  key: string;
  /** The number of a version that is still kept and not the current one. */
  version: number;
};

/** The deleted secret to bring back. */
export type RestoreSecretInput = {
  /** A new name, where the old one is taken by now. */
  name?: string | null | undefined;
  /** A secret that was deleted and not yet destroyed; NOT_FOUND afterwards. */
  secretId: string;
};

/** Which value to return, why, and to whom it is to be readable. */
export type RevealSecretInput = {
  /** One top-level field of a JSON secret: its text, or its JSON where it is no string. */
  field?: string | null | undefined;
  /** Why, for the audit log. Required where the workspace says so; a reason in which there is nothing to see is none. */
  reason?: string | null | undefined;
  /** An X25519 public key: then only `sealed` is returned (as `SealedSecret` describes, with `reveal` and the audit event's id). */
  recipientKey?: string | null | undefined;
  /** The secret to reveal; NOT_FOUND if there is none in this workspace, or it is deleted. */
  secretId: string;
  /** The number of a version that is not destroyed; null for the current one. */
  version?: number | null | undefined;
};

/** The API key to revoke. */
export type RevokeAPIKeyInput = {
  /** The `id` of an `APIKey` of this workspace; NOT_FOUND if there is none. */
  apiKeyId: string;
};

/** How much harm an action could do. */
export type Risk =
  /** Worth an alert: for example a revealed secret, a new API key or a changed role. */
  | 'HIGH'
  /** Everyday work, for example creating a datastore. */
  | 'LOW'
  /** Worth a look: for example a refusal, or a deleted object. */
  | 'MEDIUM';

/** A user's role in a workspace. Each includes the ones before it. */
export type Role =
  /** Also reveals secrets, reads the audit log, and manages members and API keys. */
  | 'ADMIN'
  /** Also creates, changes and deletes datastores, objects and secrets, and rotates secrets. */
  | 'EDITOR'
  /** Reads datastores, objects and the names of secrets. */
  | 'VIEWER';

/** Which earlier value to make current again. */
export type RollbackSecretInput = {
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** Only while this is the current version, else CONFLICT; null replaces whichever is. */
  ifVersion?: number | null | undefined;
  /** The secret to roll back; NOT_FOUND if there is none in this workspace, or it is deleted. */
  secretId: string;
  /** The number of a version in the state RETAINED. */
  version: number;
};

/** The value that replaces the current one. */
export type RotateSecretInput = {
  /** End the leases that pinned the replaced version: for a leaked value. */
  endLeases?: boolean | null | undefined;
  /**
   * 1 to 128 printable ASCII characters, remembered for 24 hours: the call sent again with the same key and input is
   * done once; with another input it gets IDEMPOTENCY_MISMATCH.
   */
  idempotencyKey?: string | null | undefined;
  /** Only while this is the current version, else CONFLICT; null replaces whichever is. */
  ifVersion?: number | null | undefined;
  /** The secret to rotate; NOT_FOUND if there is none in this workspace, or it is deleted. */
  secretId: string;
  /** The new value; the current one is taken too, as a new version. */
  value: SecretValueInput;
};

/** How often a secret is to be rotated, and by whom. */
export type RotationScheduleInput = {
  /**
   * When rotations are due, as crontab has it, for example `0 3 * * MON`: minute, hour, day of the month, month, day of the week, with a space between them,
   * at one minute of an hour; null where `every` is given. A time that a change of the clocks leaves out is as much later; one that comes twice counts the first time.
   */
  cron?: string | null | undefined;
  /** How long a value is used until the next is due: `PT1H` to `P3650D`; null where `cron` is given. */
  every?: string | null | undefined;
  /** Without it, people rotate; `overdue` tells them. */
  generate?: GenerateSecretInput | null | undefined;
  /** The time zone of `cron`, by its name in the IANA database, for example `Europe/Berlin`. */
  timeZone?: string | null | undefined;
};

/** 1 to 128 printable ASCII characters each. */
export type RunStepInput = {
  /** The platform's id of the run. */
  runId: string;
  /** The platform's id of the step within the run. */
  stepId: string;
};

/** What an API key may do. No key manages members, keys or settings: that takes a person. */
export type Scope =
  /** `audit:read` */
  | 'AUDIT_READ'
  /** `datastores:read` */
  | 'DATASTORES_READ'
  /** `datastores:write`, which includes `datastores:read`. */
  | 'DATASTORES_WRITE'
  /** `runs:execute`: execute storage steps; includes `datastores:write`. */
  | 'RUNS_EXECUTE'
  /** `secrets:inject`: hand runs the secrets that their consumer references, sealed; includes `secrets:list`. */
  | 'SECRETS_INJECT'
  /** `secrets:list`: names and metadata, never values. */
  | 'SECRETS_LIST'
  /** `secrets:read`: reveal values; includes `secrets:list`. */
  | 'SECRETS_READ'
  /** `secrets:write`, which includes `secrets:list`. */
  | 'SECRETS_WRITE';

/** The characters of a value that the server makes up. */
export type SecretAlphabet =
  /** Letters and digits: 62 characters, 5.95 bits each. */
  | 'ALPHANUMERIC'
  /** `0` to `9` and `a` to `f`: 4 bits each. */
  | 'HEX'
  /** Letters, digits and punctuation that needs no escaping in a shell or URL. */
  | 'SAFE_PUNCTUATION';

/** Which secrets to list; all that are given must hold. An empty text is BAD_USER_INPUT: leave it out instead. */
export type SecretFilter = {
  /** Whether to list those, too, that are deleted and can still be restored. */
  includeDeleted?: boolean | null | undefined;
  /** Those with every one of these labels, at most 10; null or empty for all. */
  labels?: Array<LabelFilter> | null | undefined;
  /** The one with exactly this name, and with `includeDeleted` deleted ones that have it; null for all. */
  name?: string | null | undefined;
  /** Those whose name has this text in it, whatever its case; null for all. */
  nameContains?: string | null | undefined;
  /** Whether anything references it; null for both. */
  referenced?: boolean | null | undefined;
  /** Whether their rotation is overdue; null for both. */
  rotationOverdue?: boolean | null | undefined;
};

/** What the current value is, which decides what can be asked of it. */
export type SecretFormat =
  /** Bytes that are no text: a reveal returns them in base64 only. */
  | 'BINARY'
  /** A JSON object, whose fields can be revealed and injected one by one. */
  | 'JSON'
  /** A text, returned as it was given. */
  | 'TEXT';

/** What a list of secrets is ordered by; those that are equal in it stand in the order of their ids. */
export type SecretOrder = {
  /** From which end. */
  direction?: OrderDirection | null | undefined;
  /** Which field decides. */
  field: SecretOrderField;
};

/** What a list of secrets can be ordered by. */
export type SecretOrderField =
  /** `createdAt`. */
  | 'CREATED_AT'
  /** `name`, by its bytes: upper case comes before lower case. */
  | 'NAME'
  /** `rotatedAt`: when the value last changed. */
  | 'ROTATED_AT';

/** Exactly one of these. At most 64 KiB. */
export type SecretValueInput =
  {   /** Any bytes, in standard base64 with padding. */
  base64: string; generate?: never; json?: never; text?: never; }
  |  { base64?: never;   /** Let the server make one up. */
  generate: GenerateSecretInput; json?: never; text?: never; }
  |  { base64?: never; generate?: never;   /**
   * A JSON object as text: at most 100 fields, each name of 1 to 256 bytes without the character U+0000. BAD_USER_INPUT for
   * a name that stands twice in one object, and for `\\u` escapes that make half a surrogate pair.
   */
  json: string; text?: never; }
  |  { base64?: never; generate?: never; json?: never;   /** A text without the character U+0000. */
  text: string; };

/** What has become of a version and its value. */
export type SecretVersionState =
  /** The one that reveals and new leases get. */
  | 'CURRENT'
  /** Its value is gone for ever. */
  | 'DESTROYED'
  /** Replaced. It can be revealed and rolled back to, and open leases that pinned it still get it; no new lease does. */
  | 'RETAINED';

/** Somebody to invite, or a member whose role changes. */
export type SetMemberRoleInput = {
  /** An email address, in NFC. The case of ASCII letters makes no difference; other letters are compared exactly. A new one is invited. */
  email: string;
  /**
   * Whether a member who has joined is invited again: the identity that joined is a member no more, at once on every server, and whoever signs in
   * next with this verified address takes its place, with the same id and keys. For somebody who has a new account at the identity provider.
   */
  inviteAgain?: boolean | null | undefined;
  /**
   * Whether keys that the member created go on working beyond a lower role. If not, runtime keys are removed below ADMIN, and API keys are
   * revoked that have a scope which the new role does not cover: VIEWER covers `datastores:read` and `secrets:list`, EDITOR `datastores:write` and
   * `secrets:write` as well.
   */
  keepKeys?: boolean | null | undefined;
  /** The role from now on, effective at once on every server. */
  role: Role;
};

/** All the secrets that one consumer uses from now on. */
export type SetSecretReferencesInput = {
  /** Who uses them; what was declared for it before is replaced. */
  consumer: ConsumerInput;
  /** The secrets that it uses, at most 100; an empty list means none any more. */
  secretIds: Array<string>;
};

/** The documents to trust from now on. */
export type SetTrustedDocumentsInput = {
  /**
   * The manifest that a build tool wrote: Apollo's `generate-persisted-query-manifest`, or an object of texts by id, as Relay's compiler and GraphQL
   * Code Generator write it. At most 1,000 documents of 64 KiB, 768 KiB in all; ids have 1 to 200 bytes. An empty object trusts none.
   */
  manifest: Record<string, unknown>;
};

/** What a storage step does; it decides which other fields are needed. */
export type StorageAction =
  /** Deletes an object. */
  | 'DELETE'
  /** Reads an object, an upload that has landed included. */
  | 'GET'
  /** Lists objects by key. */
  | 'LIST'
  /** Writes an object. */
  | 'PUT';

/** A storage step as a workflow configures it. A field that its action does not use is refused, and so is one that it needs and lacks. */
export type StorageStepInput = {
  /** What to do. */
  action: StorageAction;
  /** LIST: the `endCursor` of the page before; null for the first page. */
  after?: string | null | undefined;
  /** PUT: the content as bytes, instead of `text`; at most 256 KiB once decoded. */
  base64?: string | null | undefined;
  /** PUT: defaults to `text/plain; charset=utf-8` for text, and to `application/octet-stream` for base64. */
  contentType?: string | null | undefined;
  /** The datastore to work on; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /** LIST: 1 to 100; defaults to 100. */
  first?: number | null | undefined;
  /** PUT, DELETE: sent again with the same key, it is done once. */
  idempotencyKey?: string | null | undefined;
  /** PUT, DELETE: only while this is the current version; for PUT, 0 means the key must be new. */
  ifVersion?: number | null | undefined;
  /** PUT, DELETE: only while the version with this `id` is the current one. */
  ifVersionId?: string | null | undefined;
  /** GET, PUT, DELETE: needed. */
  key?: string | null | undefined;
  /** LIST: those whose key starts so; defaults to all. */
  prefix?: string | null | undefined;
  /** The step in whose name it is done; it stands in the audit log and on the version written. */
  run: RunStepInput;
  /** PUT: the content, at most 256 KiB, as text or base64: one of them is needed. Larger outputs go through `createUploadURL`. */
  text?: string | null | undefined;
  /** GET: defaults to the current version. */
  version?: number | null | undefined;
};

/** Fields left out stay as they are; null clears. A policy counts from the next write on: what is stored stays, and what lands later is judged by it. */
export type UpdateDatastoreInput = {
  /** At most 50, exact or `type/*`, without parameters; null or an empty list takes any. */
  contentTypes?: Array<string> | null | undefined;
  /** The datastore to change; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /** At most 2,000 characters; null clears it. */
  description?: string | null | undefined;
  /** How many versions of each key to keep: 1 to 100; null goes back to 1. */
  keepVersions?: number | null | undefined;
  /** At most 32, each key once; they replace all that it has, and an empty list takes all off. It may be left out; null is refused. */
  labels?: Array<LabelInput> | null | undefined;
  /** 1 byte to 5 TiB; null goes back to the deployment's limit. */
  maxObjectBytes?: string | null | undefined;
  /** 1 to 120 characters, unique in the workspace. It may be left out; null is refused. */
  name?: string | null | undefined;
};

/** Fields left out stay as they are; metadata is replaced as a whole. */
export type UpdateObjectInput = {
  /** The datastore that holds it; NOT_FOUND if there is none in this workspace. */
  datastoreId: string;
  /** Only while this is the current version, else CONFLICT; null for any. */
  ifVersion?: number | null | undefined;
  /** Only while the version with this `id` is the current one, else CONFLICT; null for any. */
  ifVersionId?: string | null | undefined;
  /** The object's key, exactly; NOT_FOUND if nothing is there. */
  key: string;
  /** All of the new metadata: a JSON object of at most 8 KiB; an empty one for none. */
  metadata: Record<string, unknown>;
};

/** Fields left out stay as they are; null clears. */
export type UpdateSecretInput = {
  /** At most 2,000 characters; null clears it. */
  description?: string | null | undefined;
  /** At most 32, each key once; they replace all that it has, and an empty list takes all off. It may be left out; null is refused. */
  labels?: Array<LabelInput> | null | undefined;
  /** As in `CreateSecretInput`. It may be left out; null is refused. */
  name?: string | null | undefined;
  /** The schedule, counted from the last rotation: due at once if that is a period ago. The same one again changes nothing; null ends it. */
  rotation?: RotationScheduleInput | null | undefined;
  /** The secret to change; NOT_FOUND if there is none in this workspace, or it is deleted. */
  secretId: string;
};

/** Fields left out stay as they are. */
export type UpdateWorkspaceInput = {
  /** A name for people to read: 1 to 120 characters; it need not be unique. It may be left out; null is refused. */
  name?: string | null | undefined;
  /** Whether a reveal must give a `reason`, else BAD_USER_INPUT. It may be left out; null is refused. */
  requireRevealReason?: boolean | null | undefined;
};

/** How the bytes are sent. */
export type UploadMode =
  /**
   * A resumable session that the server opens: send parts by PUT with Content-Range, each but the last a multiple of 256 KiB. Content type and
   * `md5` are pinned; `maxBytes` is checked at settlement. Its URI is a credential: whoever has it can send.
   */
  | 'RESUMABLE'
  /** One PUT of the whole file. */
  | 'SINGLE';

/** Why the bytes of an upload were not taken. */
export type UploadRejection =
  /** Bytes that do not have the `md5` that was given. */
  | 'CHECKSUM'
  /** Another content type than was asked for, or one that the datastore no longer takes. */
  | 'CONTENT_TYPE'
  /** `ifVersion` or `ifVersionId` no longer held. */
  | 'PRECONDITION'
  /** Whoever asked for it has lost the right since. */
  | 'REVOKED'
  /** A later write or deletion of the key was completed first. */
  | 'SUPERSEDED'
  /** More bytes than `maxBytes`, or than the datastore takes by now. */
  | 'TOO_LARGE';

/** What has become of an upload. */
export type UploadState =
  /** `cancelUpload` ended it, or the deletion of its datastore; late bytes never become an object. */
  | 'CANCELLED'
  /** It became an object version. */
  | 'COMPLETED'
  /** No bytes came in time; what was reserved is free again. */
  | 'EXPIRED'
  /** Bytes may still arrive. */
  | 'OPEN'
  /** Bytes arrived and were not taken; `rejection` says why. */
  | 'REJECTED';

export type APIKeysQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type APIKeysQuery = { apiKeys: { nodes: Array<{ id: string, name: string, prefix: string, scopes: Array<Scope>, allowedNetworks: Array<string>, trustedDocumentsOnly: boolean, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type CreateAPIKeyMutationVariables = Exact<{
  input: CreateAPIKeyInput;
}>;


export type CreateAPIKeyMutation = { createAPIKey: { token: string | null, apiKey: { id: string, name: string, prefix: string, scopes: Array<Scope>, allowedNetworks: Array<string>, trustedDocumentsOnly: boolean, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type RevokeAPIKeyMutationVariables = Exact<{
  input: RevokeAPIKeyInput;
}>;


export type RevokeAPIKeyMutation = { revokeAPIKey: { apiKey: { id: string, name: string, prefix: string, scopes: Array<Scope>, allowedNetworks: Array<string>, trustedDocumentsOnly: boolean, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type APIKeyFieldsFragment = { id: string, name: string, prefix: string, scopes: Array<Scope>, allowedNetworks: Array<string>, trustedDocumentsOnly: boolean, expiresAt: string | null, lastUsedAt: string | null, revokedAt: string | null, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } };

export type AuditEventQueryVariables = Exact<{
  id: string;
}>;


export type AuditEventQuery = { auditEvent: { id: string, at: string, action: string, risk: Risk, outcome: Outcome, ip: string | null, userAgent: string | null, requestId: string, reason: string | null, targetKind: string, targetId: string | null, targetLabel: string | null, details: Record<string, unknown>, actor: { kind: ActorKind, principalId: string | null, label: string } } | null };

export type AuditEventsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: AuditFilter | null | undefined;
}>;


export type AuditEventsQuery = { auditEvents: { nodes: Array<{ id: string, at: string, action: string, risk: Risk, outcome: Outcome, ip: string | null, userAgent: string | null, requestId: string, reason: string | null, targetKind: string, targetId: string | null, targetLabel: string | null, details: Record<string, unknown>, actor: { kind: ActorKind, principalId: string | null, label: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type AuditEventFieldsFragment = { id: string, at: string, action: string, risk: Risk, outcome: Outcome, ip: string | null, userAgent: string | null, requestId: string, reason: string | null, targetKind: string, targetId: string | null, targetLabel: string | null, details: Record<string, unknown>, actor: { kind: ActorKind, principalId: string | null, label: string } };

export type DatastoreQueryVariables = Exact<{
  id: string;
}>;


export type DatastoreQuery = { datastore: { objectCount: string, usedBytes: string, id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } } | null };

export type DatastoreByNameQueryVariables = Exact<{
  name: string;
}>;


export type DatastoreByNameQuery = { datastoreByName: { objectCount: string, usedBytes: string, id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } } | null };

export type DatastoresQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  nameContains?: string | null | undefined;
  name?: string | null | undefined;
  labels?: Array<LabelFilter> | LabelFilter | null | undefined;
  orderBy?: DatastoreOrder | null | undefined;
}>;


export type DatastoresQuery = { datastores: { nodes: Array<{ id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type CreateDatastoreMutationVariables = Exact<{
  input: CreateDatastoreInput;
}>;


export type CreateDatastoreMutation = { createDatastore: { datastore: { id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type UpdateDatastoreMutationVariables = Exact<{
  input: UpdateDatastoreInput;
}>;


export type UpdateDatastoreMutation = { updateDatastore: { datastore: { id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type DeleteDatastoreMutationVariables = Exact<{
  input: DeleteDatastoreInput;
}>;


export type DeleteDatastoreMutation = { deleteDatastore: { datastoreId: string, deletion: { id: string, datastoreId: string, prefix: string | null, state: DeletionState, objectsTotal: string, counting: boolean, objectsDeleted: string, bytesFreed: string, lastError: string | null, createdAt: string, finishedAt: string | null } | null } | null };

export type DeleteObjectsMutationVariables = Exact<{
  input: DeleteObjectsInput;
}>;


export type DeleteObjectsMutation = { deleteObjects: { objectCount: string, usedBytes: string, atLeast: boolean, deletion: { id: string, datastoreId: string, prefix: string | null, state: DeletionState, objectsTotal: string, counting: boolean, objectsDeleted: string, bytesFreed: string, lastError: string | null, createdAt: string, finishedAt: string | null } | null } | null };

export type DatastoreFieldsFragment = { id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } };

export type DeletionFieldsFragment = { id: string, datastoreId: string, prefix: string | null, state: DeletionState, objectsTotal: string, counting: boolean, objectsDeleted: string, bytesFreed: string, lastError: string | null, createdAt: string, finishedAt: string | null };

export type NodeQueryVariables = Exact<{
  id: string;
}>;


export type NodeQuery = { node:
    | { __typename: 'APIKey', id: string }
    | { __typename: 'AuditEvent', id: string, at: string, action: string, risk: Risk, outcome: Outcome, ip: string | null, userAgent: string | null, requestId: string, reason: string | null, targetKind: string, targetId: string | null, targetLabel: string | null, details: Record<string, unknown>, actor: { kind: ActorKind, principalId: string | null, label: string } }
    | { __typename: 'Datastore', id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } }
    | { __typename: 'DatastoreObject', id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } }
    | { __typename: 'Deletion', id: string }
    | { __typename: 'Member', id: string, email: string, role: Role, joinedAt: string | null, createdAt: string }
    | { __typename: 'ObjectVersion', id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string }
    | { __typename: 'RuntimeKey', id: string, name: string, publicKey: string, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } }
    | { __typename: 'Secret', id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } }
    | { __typename: 'Upload', id: string }
    | { __typename: 'Workspace', id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string }
   | null };

export type NodesQueryVariables = Exact<{
  ids: Array<string> | string;
}>;


export type NodesQuery = { nodes: Array<
    | { __typename: 'APIKey', id: string }
    | { __typename: 'AuditEvent', id: string, at: string, action: string, risk: Risk, outcome: Outcome, ip: string | null, userAgent: string | null, requestId: string, reason: string | null, targetKind: string, targetId: string | null, targetLabel: string | null, details: Record<string, unknown>, actor: { kind: ActorKind, principalId: string | null, label: string } }
    | { __typename: 'Datastore', id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } }
    | { __typename: 'DatastoreObject', id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } }
    | { __typename: 'Deletion', id: string }
    | { __typename: 'Member', id: string, email: string, role: Role, joinedAt: string | null, createdAt: string }
    | { __typename: 'ObjectVersion', id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string }
    | { __typename: 'RuntimeKey', id: string, name: string, publicKey: string, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } }
    | { __typename: 'Secret', id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } }
    | { __typename: 'Upload', id: string }
    | { __typename: 'Workspace', id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string }
   | null> };

export type DeletionQueryVariables = Exact<{
  id: string;
}>;


export type DeletionQuery = { node:
    | { __typename: 'APIKey' }
    | { __typename: 'AuditEvent' }
    | { __typename: 'Datastore' }
    | { __typename: 'DatastoreObject' }
    | { __typename: 'Deletion', id: string, datastoreId: string, prefix: string | null, state: DeletionState, objectsTotal: string, counting: boolean, objectsDeleted: string, bytesFreed: string, lastError: string | null, createdAt: string, finishedAt: string | null }
    | { __typename: 'Member' }
    | { __typename: 'ObjectVersion' }
    | { __typename: 'RuntimeKey' }
    | { __typename: 'Secret' }
    | { __typename: 'Upload' }
    | { __typename: 'Workspace' }
   | null };

export type UploadQueryVariables = Exact<{
  id: string;
}>;


export type UploadQuery = { node:
    | { __typename: 'APIKey' }
    | { __typename: 'AuditEvent' }
    | { __typename: 'Datastore' }
    | { __typename: 'DatastoreObject' }
    | { __typename: 'Deletion' }
    | { __typename: 'Member' }
    | { __typename: 'ObjectVersion' }
    | { __typename: 'RuntimeKey' }
    | { __typename: 'Secret' }
    | { __typename: 'Upload', id: string, key: string, contentType: string, maxBytes: string, state: UploadState, rejection: UploadRejection | null, expiresAt: string, createdAt: string }
    | { __typename: 'Workspace' }
   | null };

type NodeFields_APIKey_Fragment = { __typename: 'APIKey', id: string };

type NodeFields_AuditEvent_Fragment = { __typename: 'AuditEvent', id: string, at: string, action: string, risk: Risk, outcome: Outcome, ip: string | null, userAgent: string | null, requestId: string, reason: string | null, targetKind: string, targetId: string | null, targetLabel: string | null, details: Record<string, unknown>, actor: { kind: ActorKind, principalId: string | null, label: string } };

type NodeFields_Datastore_Fragment = { __typename: 'Datastore', id: string, name: string, description: string | null, maxObjectBytes: string | null, contentTypes: Array<string>, keepVersions: number, createdAt: string, updatedAt: string, labels: Array<{ key: string, value: string }>, createdBy: { kind: ActorKind, principalId: string | null, label: string } };

type NodeFields_DatastoreObject_Fragment = { __typename: 'DatastoreObject', id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } };

type NodeFields_Deletion_Fragment = { __typename: 'Deletion', id: string };

type NodeFields_Member_Fragment = { __typename: 'Member', id: string, email: string, role: Role, joinedAt: string | null, createdAt: string };

type NodeFields_ObjectVersion_Fragment = { __typename: 'ObjectVersion', id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string };

type NodeFields_RuntimeKey_Fragment = { __typename: 'RuntimeKey', id: string, name: string, publicKey: string, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } };

type NodeFields_Secret_Fragment = { __typename: 'Secret', id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } };

type NodeFields_Upload_Fragment = { __typename: 'Upload', id: string };

type NodeFields_Workspace_Fragment = { __typename: 'Workspace', id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string };

export type NodeFieldsFragment =
  | NodeFields_APIKey_Fragment
  | NodeFields_AuditEvent_Fragment
  | NodeFields_Datastore_Fragment
  | NodeFields_DatastoreObject_Fragment
  | NodeFields_Deletion_Fragment
  | NodeFields_Member_Fragment
  | NodeFields_ObjectVersion_Fragment
  | NodeFields_RuntimeKey_Fragment
  | NodeFields_Secret_Fragment
  | NodeFields_Upload_Fragment
  | NodeFields_Workspace_Fragment
;

export type ActorFieldsFragment = { kind: ActorKind, principalId: string | null, label: string };

export type NextPageFragment = { hasNextPage: boolean, endCursor: string | null };

export type ObjectQueryVariables = Exact<{
  datastoreId: string;
  key: string;
}>;


export type ObjectQuery = { datastore: { object: { id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } } | null } | null };

export type ObjectContentQueryVariables = Exact<{
  datastoreId: string;
  key: string;
  maxBytes?: number | null | undefined;
}>;


export type ObjectContentQuery = { datastore: { object: { id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string, content: { text: string | null, base64: string, truncated: boolean } | null } } | null } | null };

export type ObjectsQueryVariables = Exact<{
  datastoreId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  prefix?: string | null | undefined;
  folder?: string | null | undefined;
}>;


export type ObjectsQuery = { datastore: { objects: { nodes: Array<{ id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type FoldersQueryVariables = Exact<{
  datastoreId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  prefix?: string | null | undefined;
  delimiter?: string | null | undefined;
}>;


export type FoldersQuery = { datastore: { folders: { nodes: Array<{ prefix: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type ObjectVersionsQueryVariables = Exact<{
  datastoreId: string;
  key: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type ObjectVersionsQuery = { datastore: { object: { versions: { nodes: Array<{ id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null } | null };

export type CreateDownloadURLMutationVariables = Exact<{
  input: CreateDownloadURLInput;
}>;


export type CreateDownloadURLMutation = { createDownloadURL: { url: string, expiresAt: string, version: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } } | null };

export type DeleteObjectMutationVariables = Exact<{
  input: DeleteObjectInput;
}>;


export type DeleteObjectMutation = { deleteObject: { objectId: string } | null };

export type CopyObjectMutationVariables = Exact<{
  input: CopyObjectInput;
}>;


export type CopyObjectMutation = { copyObject: { version: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } } | null };

export type RestoreObjectVersionMutationVariables = Exact<{
  input: RestoreObjectVersionInput;
}>;


export type RestoreObjectVersionMutation = { restoreObjectVersion: { version: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } } | null };

export type RenameObjectMutationVariables = Exact<{
  input: RenameObjectInput;
}>;


export type RenameObjectMutation = { renameObject: { object: { id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } } } | null };

export type UpdateObjectMutationVariables = Exact<{
  input: UpdateObjectInput;
}>;


export type UpdateObjectMutation = { updateObject: { version: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } } | null };

export type ObjectFieldsFragment = { id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } };

export type ObjectVersionFieldsFragment = { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string };

export type SecretReferencesQueryVariables = Exact<{
  secretId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SecretReferencesQuery = { secret: { references: { nodes: Array<{ createdAt: string, consumer: { kind: ConsumerKind, externalId: string, name: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type SetSecretReferencesMutationVariables = Exact<{
  input: SetSecretReferencesInput;
}>;


export type SetSecretReferencesMutation = { setSecretReferences: { references: Array<{ createdAt: string, secret: { id: string, name: string }, consumer: { kind: ConsumerKind, externalId: string, name: string } }> } | null };

export type ConsumerFieldsFragment = { kind: ConsumerKind, externalId: string, name: string };

export type RuntimeKeysQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type RuntimeKeysQuery = { runtimeKeys: { nodes: Array<{ id: string, name: string, publicKey: string, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type AddRuntimeKeyMutationVariables = Exact<{
  input: AddRuntimeKeyInput;
}>;


export type AddRuntimeKeyMutation = { addRuntimeKey: { runtimeKey: { id: string, name: string, publicKey: string, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type RemoveRuntimeKeyMutationVariables = Exact<{
  input: RemoveRuntimeKeyInput;
}>;


export type RemoveRuntimeKeyMutation = { removeRuntimeKey: { runtimeKeyId: string } | null };

export type RunStorageStepMutationVariables = Exact<{
  input: StorageStepInput;
}>;


export type RunStorageStepMutation = { runStorageStep: { downloadURL: string | null, version: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } | null, content: { text: string | null, base64: string, truncated: boolean } | null, objects: { nodes: Array<{ id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type InjectSecretsMutationVariables = Exact<{
  input: InjectSecretsInput;
}>;


export type InjectSecretsMutation = { injectSecrets: { leaseId: string, sealedToken: string, expiresAt: string, secrets: Array<{ secretId: string, field: string | null, name: string, version: number, sealed: string }> } | null };

export type RedactOutputMutationVariables = Exact<{
  input: RedactOutputInput;
}>;


export type RedactOutputMutation = { redactOutput: { output: string, redactions: Array<{ secretId: string, version: number, count: number }>, unmasked: Array<{ secretId: string, version: number, parts: number }> } | null };

export type EndLeaseMutationVariables = Exact<{
  input: EndLeaseInput;
}>;


export type EndLeaseMutation = { endLease: { leaseId: string } | null };

export type RuntimeKeyFieldsFragment = { id: string, name: string, publicKey: string, createdAt: string, createdBy: { kind: ActorKind, principalId: string | null, label: string } };

export type SecretQueryVariables = Exact<{
  id: string;
}>;


export type SecretQuery = { secret: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } | null };

export type SecretByNameQueryVariables = Exact<{
  name: string;
}>;


export type SecretByNameQuery = { secretByName: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } | null };

export type SecretsQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: SecretFilter | null | undefined;
  orderBy?: SecretOrder | null | undefined;
}>;


export type SecretsQuery = { secrets: { nodes: Array<{ id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type SecretVersionsQueryVariables = Exact<{
  secretId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type SecretVersionsQuery = { secret: { versions: { nodes: Array<{ version: number, state: SecretVersionState, createdAt: string, destroyAt: string | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type CreateSecretMutationVariables = Exact<{
  input: CreateSecretInput;
}>;


export type CreateSecretMutation = { createSecret: { secret: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type RotateSecretMutationVariables = Exact<{
  input: RotateSecretInput;
}>;


export type RotateSecretMutation = { rotateSecret: { secret: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } }, version: { version: number, state: SecretVersionState, createdAt: string, destroyAt: string | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type UpdateSecretMutationVariables = Exact<{
  input: UpdateSecretInput;
}>;


export type UpdateSecretMutation = { updateSecret: { secret: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type RollbackSecretMutationVariables = Exact<{
  input: RollbackSecretInput;
}>;


export type RollbackSecretMutation = { rollbackSecret: { secret: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } }, version: { version: number, state: SecretVersionState, createdAt: string, destroyAt: string | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type DestroySecretVersionMutationVariables = Exact<{
  input: DestroySecretVersionInput;
}>;


export type DestroySecretVersionMutation = { destroySecretVersion: { secret: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type RevealSecretMutationVariables = Exact<{
  input: RevealSecretInput;
}>;


export type RevealSecretMutation = { revealSecret: { version: number, value: string | null, base64: string | null, sealed: string | null, auditEventId: string } | null };

export type DeleteSecretMutationVariables = Exact<{
  input: DeleteSecretInput;
}>;


export type DeleteSecretMutation = { deleteSecret: { secret: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type RestoreSecretMutationVariables = Exact<{
  input: RestoreSecretInput;
}>;


export type RestoreSecretMutation = { restoreSecret: { secret: { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type SecretFieldsFragment = { id: string, name: string, description: string | null, format: SecretFormat, fields: Array<string>, currentVersion: number, createdAt: string, rotatedAt: string, lastRevealedAt: string | null, lastInjectedAt: string | null, purgeAt: string | null, labels: Array<{ key: string, value: string }>, rotation: { every: string | null, cron: string | null, timeZone: string | null, nextAt: string, overdue: boolean, lastError: string | null, generator: { length: number, alphabet: SecretAlphabet } | null } | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } };

export type SecretVersionFieldsFragment = { version: number, state: SecretVersionState, createdAt: string, destroyAt: string | null, createdBy: { kind: ActorKind, principalId: string | null, label: string } };

export type TrustedDocumentsQueryVariables = Exact<{ [key: string]: never; }>;


export type TrustedDocumentsQuery = { trustedDocuments: { documents: Record<string, unknown>, documentCount: number, revision: string, setAt: string, setBy: { kind: ActorKind, principalId: string | null, label: string } } | null };

export type SetTrustedDocumentsMutationVariables = Exact<{
  input: SetTrustedDocumentsInput;
}>;


export type SetTrustedDocumentsMutation = { setTrustedDocuments: { trustedDocuments: { documents: Record<string, unknown>, documentCount: number, revision: string, setAt: string, setBy: { kind: ActorKind, principalId: string | null, label: string } } } | null };

export type TrustedDocumentsFieldsFragment = { documents: Record<string, unknown>, documentCount: number, revision: string, setAt: string, setBy: { kind: ActorKind, principalId: string | null, label: string } };

export type UploadsQueryVariables = Exact<{
  datastoreId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
  state?: UploadState | null | undefined;
}>;


export type UploadsQuery = { datastore: { uploads: { nodes: Array<{ id: string, key: string, contentType: string, maxBytes: string, state: UploadState, rejection: UploadRejection | null, expiresAt: string, createdAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null } | null };

export type CreateUploadURLMutationVariables = Exact<{
  input: CreateUploadURLInput;
}>;


export type CreateUploadURLMutation = { createUploadURL: { url: string | null, method: string, upload: { id: string, key: string, contentType: string, maxBytes: string, state: UploadState, rejection: UploadRejection | null, expiresAt: string, createdAt: string }, headers: Array<{ name: string, value: string }> } | null };

export type CompleteUploadMutationVariables = Exact<{
  input: CompleteUploadInput;
}>;


export type CompleteUploadMutation = { completeUpload: { upload: { id: string, key: string, contentType: string, maxBytes: string, state: UploadState, rejection: UploadRejection | null, expiresAt: string, createdAt: string, version: { id: string, version: number, sizeBytes: string, contentType: string, crc32c: string, md5: string | null, createdAt: string } | null } } | null };

export type CancelUploadMutationVariables = Exact<{
  input: CancelUploadInput;
}>;


export type CancelUploadMutation = { cancelUpload: { upload: { id: string, key: string, contentType: string, maxBytes: string, state: UploadState, rejection: UploadRejection | null, expiresAt: string, createdAt: string } } | null };

export type UploadFieldsFragment = { id: string, key: string, contentType: string, maxBytes: string, state: UploadState, rejection: UploadRejection | null, expiresAt: string, createdAt: string };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { role: Role | null, scopes: Array<Scope>, actor: { kind: ActorKind, principalId: string | null, label: string }, workspace: { id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string } | null } };

export type WorkspaceQueryVariables = Exact<{ [key: string]: never; }>;


export type WorkspaceQuery = { workspace: { id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string, usage: { objectCount: string, usedBytes: string, reservedBytes: string, limitBytes: string | null, secretCount: number } } | null };

export type WorkspacesQueryVariables = Exact<{ [key: string]: never; }>;


export type WorkspacesQuery = { workspaces: Array<{ id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string }> };

export type RegionsQueryVariables = Exact<{ [key: string]: never; }>;


export type RegionsQuery = { regions: Array<string> };

export type ErrorCodesQueryVariables = Exact<{ [key: string]: never; }>;


export type ErrorCodesQuery = { errorCodes: Array<ErrorCode> };

export type MembersQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type MembersQuery = { members: { nodes: Array<{ id: string, email: string, role: Role, joinedAt: string | null, createdAt: string }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type CreateWorkspaceMutationVariables = Exact<{
  input: CreateWorkspaceInput;
}>;


export type CreateWorkspaceMutation = { createWorkspace: { workspace: { id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string } } | null };

export type UpdateWorkspaceMutationVariables = Exact<{
  input: UpdateWorkspaceInput;
}>;


export type UpdateWorkspaceMutation = { updateWorkspace: { workspace: { id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string } } | null };

export type SetMemberRoleMutationVariables = Exact<{
  input: SetMemberRoleInput;
}>;


export type SetMemberRoleMutation = { setMemberRole: { member: { id: string, email: string, role: Role, joinedAt: string | null, createdAt: string }, revokedAPIKeys: Array<{ id: string, name: string }>, removedRuntimeKeys: Array<{ id: string, name: string }> } | null };

export type RemoveMemberMutationVariables = Exact<{
  input: RemoveMemberInput;
}>;


export type RemoveMemberMutation = { removeMember: { memberId: string, revokedAPIKeys: Array<{ id: string, name: string }>, removedRuntimeKeys: Array<{ id: string, name: string }> } | null };

export type WorkspaceFieldsFragment = { id: string, name: string, region: string, requireRevealReason: boolean, createdAt: string };

export type MemberFieldsFragment = { id: string, email: string, role: Role, joinedAt: string | null, createdAt: string };

export const APIKeysDocument: TypedDocumentString<APIKeysQuery, APIKeysQueryVariables> = /* @__PURE__ */ typed(
  "query APIKeys($first:Int$after:String){apiKeys(first:$first after:$after){nodes{...APIKeyFields}pageInfo{...NextPage}}}fragment APIKeyFields on APIKey{id name prefix scopes allowedNetworks trustedDocumentsOnly expiresAt lastUsedAt revokedAt createdAt createdBy{...ActorFields}}fragment ActorFields on Actor{kind principalId label}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const CreateAPIKeyDocument: TypedDocumentString<CreateAPIKeyMutation, CreateAPIKeyMutationVariables> = /* @__PURE__ */ typed(
  "mutation CreateAPIKey($input:CreateAPIKeyInput!){createAPIKey(input:$input){apiKey{...APIKeyFields}token}}fragment APIKeyFields on APIKey{id name prefix scopes allowedNetworks trustedDocumentsOnly expiresAt lastUsedAt revokedAt createdAt createdBy{...ActorFields}}fragment ActorFields on Actor{kind principalId label}",
)

export const RevokeAPIKeyDocument: TypedDocumentString<RevokeAPIKeyMutation, RevokeAPIKeyMutationVariables> = /* @__PURE__ */ typed(
  "mutation RevokeAPIKey($input:RevokeAPIKeyInput!){revokeAPIKey(input:$input){apiKey{...APIKeyFields}}}fragment APIKeyFields on APIKey{id name prefix scopes allowedNetworks trustedDocumentsOnly expiresAt lastUsedAt revokedAt createdAt createdBy{...ActorFields}}fragment ActorFields on Actor{kind principalId label}",
)

export const AuditEventDocument: TypedDocumentString<AuditEventQuery, AuditEventQueryVariables> = /* @__PURE__ */ typed(
  "query AuditEvent($id:ID!){auditEvent(id:$id){...AuditEventFields}}fragment AuditEventFields on AuditEvent{id at action risk outcome actor{...ActorFields}ip userAgent requestId reason targetKind targetId targetLabel details}fragment ActorFields on Actor{kind principalId label}",
)

export const AuditEventsDocument: TypedDocumentString<AuditEventsQuery, AuditEventsQueryVariables> = /* @__PURE__ */ typed(
  "query AuditEvents($first:Int$after:String$filter:AuditFilter){auditEvents(first:$first after:$after filter:$filter){nodes{...AuditEventFields}pageInfo{...NextPage}}}fragment AuditEventFields on AuditEvent{id at action risk outcome actor{...ActorFields}ip userAgent requestId reason targetKind targetId targetLabel details}fragment ActorFields on Actor{kind principalId label}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const DatastoreDocument: TypedDocumentString<DatastoreQuery, DatastoreQueryVariables> = /* @__PURE__ */ typed(
  "query Datastore($id:ID!){datastore(id:$id){...DatastoreFields objectCount usedBytes}}fragment DatastoreFields on Datastore{id name description maxObjectBytes contentTypes keepVersions labels{key value}createdAt createdBy{...ActorFields}updatedAt}fragment ActorFields on Actor{kind principalId label}",
)

export const DatastoreByNameDocument: TypedDocumentString<DatastoreByNameQuery, DatastoreByNameQueryVariables> = /* @__PURE__ */ typed(
  "query DatastoreByName($name:String!){datastoreByName(name:$name){...DatastoreFields objectCount usedBytes}}fragment DatastoreFields on Datastore{id name description maxObjectBytes contentTypes keepVersions labels{key value}createdAt createdBy{...ActorFields}updatedAt}fragment ActorFields on Actor{kind principalId label}",
)

export const DatastoresDocument: TypedDocumentString<DatastoresQuery, DatastoresQueryVariables> = /* @__PURE__ */ typed(
  "query Datastores($first:Int$after:String$nameContains:String$name:String$labels:[LabelFilter!]$orderBy:DatastoreOrder){datastores(first:$first after:$after nameContains:$nameContains name:$name labels:$labels orderBy:$orderBy){nodes{...DatastoreFields}pageInfo{...NextPage}}}fragment DatastoreFields on Datastore{id name description maxObjectBytes contentTypes keepVersions labels{key value}createdAt createdBy{...ActorFields}updatedAt}fragment ActorFields on Actor{kind principalId label}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const CreateDatastoreDocument: TypedDocumentString<CreateDatastoreMutation, CreateDatastoreMutationVariables> = /* @__PURE__ */ typed(
  "mutation CreateDatastore($input:CreateDatastoreInput!){createDatastore(input:$input){datastore{...DatastoreFields}}}fragment DatastoreFields on Datastore{id name description maxObjectBytes contentTypes keepVersions labels{key value}createdAt createdBy{...ActorFields}updatedAt}fragment ActorFields on Actor{kind principalId label}",
)

export const UpdateDatastoreDocument: TypedDocumentString<UpdateDatastoreMutation, UpdateDatastoreMutationVariables> = /* @__PURE__ */ typed(
  "mutation UpdateDatastore($input:UpdateDatastoreInput!){updateDatastore(input:$input){datastore{...DatastoreFields}}}fragment DatastoreFields on Datastore{id name description maxObjectBytes contentTypes keepVersions labels{key value}createdAt createdBy{...ActorFields}updatedAt}fragment ActorFields on Actor{kind principalId label}",
)

export const DeleteDatastoreDocument: TypedDocumentString<DeleteDatastoreMutation, DeleteDatastoreMutationVariables> = /* @__PURE__ */ typed(
  "mutation DeleteDatastore($input:DeleteDatastoreInput!){deleteDatastore(input:$input){datastoreId deletion{...DeletionFields}}}fragment DeletionFields on Deletion{id datastoreId prefix state objectsTotal counting objectsDeleted bytesFreed lastError createdAt finishedAt}",
)

export const DeleteObjectsDocument: TypedDocumentString<DeleteObjectsMutation, DeleteObjectsMutationVariables> = /* @__PURE__ */ typed(
  "mutation DeleteObjects($input:DeleteObjectsInput!){deleteObjects(input:$input){objectCount usedBytes atLeast deletion{...DeletionFields}}}fragment DeletionFields on Deletion{id datastoreId prefix state objectsTotal counting objectsDeleted bytesFreed lastError createdAt finishedAt}",
)

export const NodeDocument: TypedDocumentString<NodeQuery, NodeQueryVariables> = /* @__PURE__ */ typed(
  "query Node($id:ID!){node(id:$id){...NodeFields}}fragment NodeFields on Node{__typename id ...AuditEventFields ...DatastoreFields ...MemberFields ...ObjectFields ...ObjectVersionFields ...RuntimeKeyFields ...SecretFields ...WorkspaceFields}fragment AuditEventFields on AuditEvent{id at action risk outcome actor{...ActorFields}ip userAgent requestId reason targetKind targetId targetLabel details}fragment ActorFields on Actor{kind principalId label}fragment DatastoreFields on Datastore{id name description maxObjectBytes contentTypes keepVersions labels{key value}createdAt createdBy{...ActorFields}updatedAt}fragment MemberFields on Member{id email role joinedAt createdAt}fragment ObjectFields on DatastoreObject{id key current{...ObjectVersionFields}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}fragment RuntimeKeyFields on RuntimeKey{id name publicKey createdAt createdBy{...ActorFields}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment WorkspaceFields on Workspace{id name region requireRevealReason createdAt}",
)

export const NodesDocument: TypedDocumentString<NodesQuery, NodesQueryVariables> = /* @__PURE__ */ typed(
  "query Nodes($ids:[ID!]!){nodes(ids:$ids){...NodeFields}}fragment NodeFields on Node{__typename id ...AuditEventFields ...DatastoreFields ...MemberFields ...ObjectFields ...ObjectVersionFields ...RuntimeKeyFields ...SecretFields ...WorkspaceFields}fragment AuditEventFields on AuditEvent{id at action risk outcome actor{...ActorFields}ip userAgent requestId reason targetKind targetId targetLabel details}fragment ActorFields on Actor{kind principalId label}fragment DatastoreFields on Datastore{id name description maxObjectBytes contentTypes keepVersions labels{key value}createdAt createdBy{...ActorFields}updatedAt}fragment MemberFields on Member{id email role joinedAt createdAt}fragment ObjectFields on DatastoreObject{id key current{...ObjectVersionFields}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}fragment RuntimeKeyFields on RuntimeKey{id name publicKey createdAt createdBy{...ActorFields}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment WorkspaceFields on Workspace{id name region requireRevealReason createdAt}",
)

export const DeletionDocument: TypedDocumentString<DeletionQuery, DeletionQueryVariables> = /* @__PURE__ */ typed(
  "query Deletion($id:ID!){node(id:$id){__typename ...DeletionFields}}fragment DeletionFields on Deletion{id datastoreId prefix state objectsTotal counting objectsDeleted bytesFreed lastError createdAt finishedAt}",
)

export const UploadDocument: TypedDocumentString<UploadQuery, UploadQueryVariables> = /* @__PURE__ */ typed(
  "query Upload($id:ID!){node(id:$id){__typename ...UploadFields}}fragment UploadFields on Upload{id key contentType maxBytes state rejection expiresAt createdAt}",
)

export const ObjectDocument: TypedDocumentString<ObjectQuery, ObjectQueryVariables> = /* @__PURE__ */ typed(
  "query Object($datastoreId:ID!$key:String!){datastore(id:$datastoreId){object(key:$key){...ObjectFields}}}fragment ObjectFields on DatastoreObject{id key current{...ObjectVersionFields}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}",
)

export const ObjectContentDocument: TypedDocumentString<ObjectContentQuery, ObjectContentQueryVariables> = /* @__PURE__ */ typed(
  "query ObjectContent($datastoreId:ID!$key:String!$maxBytes:Int){datastore(id:$datastoreId){object(key:$key){...ObjectFields current{content(maxBytes:$maxBytes){text base64 truncated}}}}}fragment ObjectFields on DatastoreObject{id key current{...ObjectVersionFields}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}",
)

export const ObjectsDocument: TypedDocumentString<ObjectsQuery, ObjectsQueryVariables> = /* @__PURE__ */ typed(
  "query Objects($datastoreId:ID!$first:Int$after:String$prefix:String$folder:String){datastore(id:$datastoreId){objects(first:$first after:$after prefix:$prefix folder:$folder){nodes{...ObjectFields}pageInfo{...NextPage}}}}fragment ObjectFields on DatastoreObject{id key current{...ObjectVersionFields}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const FoldersDocument: TypedDocumentString<FoldersQuery, FoldersQueryVariables> = /* @__PURE__ */ typed(
  "query Folders($datastoreId:ID!$first:Int$after:String$prefix:String$delimiter:String){datastore(id:$datastoreId){folders(first:$first after:$after prefix:$prefix delimiter:$delimiter){nodes{prefix}pageInfo{...NextPage}}}}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const ObjectVersionsDocument: TypedDocumentString<ObjectVersionsQuery, ObjectVersionsQueryVariables> = /* @__PURE__ */ typed(
  "query ObjectVersions($datastoreId:ID!$key:String!$first:Int$after:String){datastore(id:$datastoreId){object(key:$key){versions(first:$first after:$after){nodes{...ObjectVersionFields}pageInfo{...NextPage}}}}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const CreateDownloadURLDocument: TypedDocumentString<CreateDownloadURLMutation, CreateDownloadURLMutationVariables> = /* @__PURE__ */ typed(
  "mutation CreateDownloadURL($input:CreateDownloadURLInput!){createDownloadURL(input:$input){url expiresAt version{...ObjectVersionFields}}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}",
)

export const DeleteObjectDocument: TypedDocumentString<DeleteObjectMutation, DeleteObjectMutationVariables> = /* @__PURE__ */ typed(
  "mutation DeleteObject($input:DeleteObjectInput!){deleteObject(input:$input){objectId}}",
)

export const CopyObjectDocument: TypedDocumentString<CopyObjectMutation, CopyObjectMutationVariables> = /* @__PURE__ */ typed(
  "mutation CopyObject($input:CopyObjectInput!){copyObject(input:$input){version{...ObjectVersionFields}}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}",
)

export const RestoreObjectVersionDocument: TypedDocumentString<RestoreObjectVersionMutation, RestoreObjectVersionMutationVariables> = /* @__PURE__ */ typed(
  "mutation RestoreObjectVersion($input:RestoreObjectVersionInput!){restoreObjectVersion(input:$input){version{...ObjectVersionFields}}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}",
)

export const RenameObjectDocument: TypedDocumentString<RenameObjectMutation, RenameObjectMutationVariables> = /* @__PURE__ */ typed(
  "mutation RenameObject($input:RenameObjectInput!){renameObject(input:$input){object{...ObjectFields}}}fragment ObjectFields on DatastoreObject{id key current{...ObjectVersionFields}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}",
)

export const UpdateObjectDocument: TypedDocumentString<UpdateObjectMutation, UpdateObjectMutationVariables> = /* @__PURE__ */ typed(
  "mutation UpdateObject($input:UpdateObjectInput!){updateObject(input:$input){version{...ObjectVersionFields}}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}",
)

export const SecretReferencesDocument: TypedDocumentString<SecretReferencesQuery, SecretReferencesQueryVariables> = /* @__PURE__ */ typed(
  "query SecretReferences($secretId:ID!$first:Int$after:String){secret(id:$secretId){references(first:$first after:$after){nodes{consumer{...ConsumerFields}createdAt}pageInfo{...NextPage}}}}fragment ConsumerFields on Consumer{kind externalId name}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const SetSecretReferencesDocument: TypedDocumentString<SetSecretReferencesMutation, SetSecretReferencesMutationVariables> = /* @__PURE__ */ typed(
  "mutation SetSecretReferences($input:SetSecretReferencesInput!){setSecretReferences(input:$input){references{secret{id name}consumer{...ConsumerFields}createdAt}}}fragment ConsumerFields on Consumer{kind externalId name}",
)

export const RuntimeKeysDocument: TypedDocumentString<RuntimeKeysQuery, RuntimeKeysQueryVariables> = /* @__PURE__ */ typed(
  "query RuntimeKeys($first:Int$after:String){runtimeKeys(first:$first after:$after){nodes{...RuntimeKeyFields}pageInfo{...NextPage}}}fragment RuntimeKeyFields on RuntimeKey{id name publicKey createdAt createdBy{...ActorFields}}fragment ActorFields on Actor{kind principalId label}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const AddRuntimeKeyDocument: TypedDocumentString<AddRuntimeKeyMutation, AddRuntimeKeyMutationVariables> = /* @__PURE__ */ typed(
  "mutation AddRuntimeKey($input:AddRuntimeKeyInput!){addRuntimeKey(input:$input){runtimeKey{...RuntimeKeyFields}}}fragment RuntimeKeyFields on RuntimeKey{id name publicKey createdAt createdBy{...ActorFields}}fragment ActorFields on Actor{kind principalId label}",
)

export const RemoveRuntimeKeyDocument: TypedDocumentString<RemoveRuntimeKeyMutation, RemoveRuntimeKeyMutationVariables> = /* @__PURE__ */ typed(
  "mutation RemoveRuntimeKey($input:RemoveRuntimeKeyInput!){removeRuntimeKey(input:$input){runtimeKeyId}}",
)

export const RunStorageStepDocument: TypedDocumentString<RunStorageStepMutation, RunStorageStepMutationVariables> = /* @__PURE__ */ typed(
  "mutation RunStorageStep($input:StorageStepInput!){runStorageStep(input:$input){version{...ObjectVersionFields}content{text base64 truncated}downloadURL objects{nodes{...ObjectFields}pageInfo{...NextPage}}}}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}fragment ObjectFields on DatastoreObject{id key current{...ObjectVersionFields}}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const InjectSecretsDocument: TypedDocumentString<InjectSecretsMutation, InjectSecretsMutationVariables> = /* @__PURE__ */ typed(
  "mutation InjectSecrets($input:InjectSecretsInput!){injectSecrets(input:$input){leaseId sealedToken expiresAt secrets{secretId field name version sealed}}}",
)

export const RedactOutputDocument: TypedDocumentString<RedactOutputMutation, RedactOutputMutationVariables> = /* @__PURE__ */ typed(
  "mutation RedactOutput($input:RedactOutputInput!){redactOutput(input:$input){output redactions{secretId version count}unmasked{secretId version parts}}}",
)

export const EndLeaseDocument: TypedDocumentString<EndLeaseMutation, EndLeaseMutationVariables> = /* @__PURE__ */ typed(
  "mutation EndLease($input:EndLeaseInput!){endLease(input:$input){leaseId}}",
)

export const SecretDocument: TypedDocumentString<SecretQuery, SecretQueryVariables> = /* @__PURE__ */ typed(
  "query Secret($id:ID!){secret(id:$id){...SecretFields}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}",
)

export const SecretByNameDocument: TypedDocumentString<SecretByNameQuery, SecretByNameQueryVariables> = /* @__PURE__ */ typed(
  "query SecretByName($name:String!){secretByName(name:$name){...SecretFields}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}",
)

export const SecretsDocument: TypedDocumentString<SecretsQuery, SecretsQueryVariables> = /* @__PURE__ */ typed(
  "query Secrets($first:Int$after:String$filter:SecretFilter$orderBy:SecretOrder){secrets(first:$first after:$after filter:$filter orderBy:$orderBy){nodes{...SecretFields}pageInfo{...NextPage}}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const SecretVersionsDocument: TypedDocumentString<SecretVersionsQuery, SecretVersionsQueryVariables> = /* @__PURE__ */ typed(
  "query SecretVersions($secretId:ID!$first:Int$after:String){secret(id:$secretId){versions(first:$first after:$after){nodes{...SecretVersionFields}pageInfo{...NextPage}}}}fragment SecretVersionFields on SecretVersion{version state createdAt createdBy{...ActorFields}destroyAt}fragment ActorFields on Actor{kind principalId label}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const CreateSecretDocument: TypedDocumentString<CreateSecretMutation, CreateSecretMutationVariables> = /* @__PURE__ */ typed(
  "mutation CreateSecret($input:CreateSecretInput!){createSecret(input:$input){secret{...SecretFields}}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}",
)

export const RotateSecretDocument: TypedDocumentString<RotateSecretMutation, RotateSecretMutationVariables> = /* @__PURE__ */ typed(
  "mutation RotateSecret($input:RotateSecretInput!){rotateSecret(input:$input){secret{...SecretFields}version{...SecretVersionFields}}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}fragment SecretVersionFields on SecretVersion{version state createdAt createdBy{...ActorFields}destroyAt}",
)

export const UpdateSecretDocument: TypedDocumentString<UpdateSecretMutation, UpdateSecretMutationVariables> = /* @__PURE__ */ typed(
  "mutation UpdateSecret($input:UpdateSecretInput!){updateSecret(input:$input){secret{...SecretFields}}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}",
)

export const RollbackSecretDocument: TypedDocumentString<RollbackSecretMutation, RollbackSecretMutationVariables> = /* @__PURE__ */ typed(
  "mutation RollbackSecret($input:RollbackSecretInput!){rollbackSecret(input:$input){secret{...SecretFields}version{...SecretVersionFields}}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}fragment SecretVersionFields on SecretVersion{version state createdAt createdBy{...ActorFields}destroyAt}",
)

export const DestroySecretVersionDocument: TypedDocumentString<DestroySecretVersionMutation, DestroySecretVersionMutationVariables> = /* @__PURE__ */ typed(
  "mutation DestroySecretVersion($input:DestroySecretVersionInput!){destroySecretVersion(input:$input){secret{...SecretFields}}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}",
)

export const RevealSecretDocument: TypedDocumentString<RevealSecretMutation, RevealSecretMutationVariables> = /* @__PURE__ */ typed(
  "mutation RevealSecret($input:RevealSecretInput!){revealSecret(input:$input){version value base64 sealed auditEventId}}",
)

export const DeleteSecretDocument: TypedDocumentString<DeleteSecretMutation, DeleteSecretMutationVariables> = /* @__PURE__ */ typed(
  "mutation DeleteSecret($input:DeleteSecretInput!){deleteSecret(input:$input){secret{...SecretFields}}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}",
)

export const RestoreSecretDocument: TypedDocumentString<RestoreSecretMutation, RestoreSecretMutationVariables> = /* @__PURE__ */ typed(
  "mutation RestoreSecret($input:RestoreSecretInput!){restoreSecret(input:$input){secret{...SecretFields}}}fragment SecretFields on Secret{id name description labels{key value}format fields currentVersion rotation{every cron timeZone nextAt overdue generator{length alphabet}lastError}createdAt createdBy{...ActorFields}rotatedAt lastRevealedAt lastInjectedAt purgeAt}fragment ActorFields on Actor{kind principalId label}",
)

export const TrustedDocumentsDocument: TypedDocumentString<TrustedDocumentsQuery, TrustedDocumentsQueryVariables> = /* @__PURE__ */ typed(
  "query TrustedDocuments{trustedDocuments{...TrustedDocumentsFields}}fragment TrustedDocumentsFields on TrustedDocuments{documents documentCount revision setAt setBy{...ActorFields}}fragment ActorFields on Actor{kind principalId label}",
)

export const SetTrustedDocumentsDocument: TypedDocumentString<SetTrustedDocumentsMutation, SetTrustedDocumentsMutationVariables> = /* @__PURE__ */ typed(
  "mutation SetTrustedDocuments($input:SetTrustedDocumentsInput!){setTrustedDocuments(input:$input){trustedDocuments{...TrustedDocumentsFields}}}fragment TrustedDocumentsFields on TrustedDocuments{documents documentCount revision setAt setBy{...ActorFields}}fragment ActorFields on Actor{kind principalId label}",
)

export const UploadsDocument: TypedDocumentString<UploadsQuery, UploadsQueryVariables> = /* @__PURE__ */ typed(
  "query Uploads($datastoreId:ID!$first:Int$after:String$state:UploadState){datastore(id:$datastoreId){uploads(first:$first after:$after state:$state){nodes{...UploadFields}pageInfo{...NextPage}}}}fragment UploadFields on Upload{id key contentType maxBytes state rejection expiresAt createdAt}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const CreateUploadURLDocument: TypedDocumentString<CreateUploadURLMutation, CreateUploadURLMutationVariables> = /* @__PURE__ */ typed(
  "mutation CreateUploadURL($input:CreateUploadURLInput!){createUploadURL(input:$input){upload{...UploadFields}url method headers{name value}}}fragment UploadFields on Upload{id key contentType maxBytes state rejection expiresAt createdAt}",
)

export const CompleteUploadDocument: TypedDocumentString<CompleteUploadMutation, CompleteUploadMutationVariables> = /* @__PURE__ */ typed(
  "mutation CompleteUpload($input:CompleteUploadInput!){completeUpload(input:$input){upload{...UploadFields version{...ObjectVersionFields}}}}fragment UploadFields on Upload{id key contentType maxBytes state rejection expiresAt createdAt}fragment ObjectVersionFields on ObjectVersion{id version sizeBytes contentType crc32c md5 createdAt}",
)

export const CancelUploadDocument: TypedDocumentString<CancelUploadMutation, CancelUploadMutationVariables> = /* @__PURE__ */ typed(
  "mutation CancelUpload($input:CancelUploadInput!){cancelUpload(input:$input){upload{...UploadFields}}}fragment UploadFields on Upload{id key contentType maxBytes state rejection expiresAt createdAt}",
)

export const ViewerDocument: TypedDocumentString<ViewerQuery, ViewerQueryVariables> = /* @__PURE__ */ typed(
  "query Viewer{viewer{actor{...ActorFields}workspace{...WorkspaceFields}role scopes}}fragment ActorFields on Actor{kind principalId label}fragment WorkspaceFields on Workspace{id name region requireRevealReason createdAt}",
)

export const WorkspaceDocument: TypedDocumentString<WorkspaceQuery, WorkspaceQueryVariables> = /* @__PURE__ */ typed(
  "query Workspace{workspace{...WorkspaceFields usage{objectCount usedBytes reservedBytes limitBytes secretCount}}}fragment WorkspaceFields on Workspace{id name region requireRevealReason createdAt}",
)

export const WorkspacesDocument: TypedDocumentString<WorkspacesQuery, WorkspacesQueryVariables> = /* @__PURE__ */ typed(
  "query Workspaces{workspaces{...WorkspaceFields}}fragment WorkspaceFields on Workspace{id name region requireRevealReason createdAt}",
)

export const RegionsDocument: TypedDocumentString<RegionsQuery, RegionsQueryVariables> = /* @__PURE__ */ typed(
  "query Regions{regions}",
)

export const ErrorCodesDocument: TypedDocumentString<ErrorCodesQuery, ErrorCodesQueryVariables> = /* @__PURE__ */ typed(
  "query ErrorCodes{errorCodes}",
)

export const MembersDocument: TypedDocumentString<MembersQuery, MembersQueryVariables> = /* @__PURE__ */ typed(
  "query Members($first:Int$after:String){members(first:$first after:$after){nodes{...MemberFields}pageInfo{...NextPage}}}fragment MemberFields on Member{id email role joinedAt createdAt}fragment NextPage on PageInfo{hasNextPage endCursor}",
)

export const CreateWorkspaceDocument: TypedDocumentString<CreateWorkspaceMutation, CreateWorkspaceMutationVariables> = /* @__PURE__ */ typed(
  "mutation CreateWorkspace($input:CreateWorkspaceInput!){createWorkspace(input:$input){workspace{...WorkspaceFields}}}fragment WorkspaceFields on Workspace{id name region requireRevealReason createdAt}",
)

export const UpdateWorkspaceDocument: TypedDocumentString<UpdateWorkspaceMutation, UpdateWorkspaceMutationVariables> = /* @__PURE__ */ typed(
  "mutation UpdateWorkspace($input:UpdateWorkspaceInput!){updateWorkspace(input:$input){workspace{...WorkspaceFields}}}fragment WorkspaceFields on Workspace{id name region requireRevealReason createdAt}",
)

export const SetMemberRoleDocument: TypedDocumentString<SetMemberRoleMutation, SetMemberRoleMutationVariables> = /* @__PURE__ */ typed(
  "mutation SetMemberRole($input:SetMemberRoleInput!){setMemberRole(input:$input){member{...MemberFields}revokedAPIKeys{id name}removedRuntimeKeys{id name}}}fragment MemberFields on Member{id email role joinedAt createdAt}",
)

export const RemoveMemberDocument: TypedDocumentString<RemoveMemberMutation, RemoveMemberMutationVariables> = /* @__PURE__ */ typed(
  "mutation RemoveMember($input:RemoveMemberInput!){removeMember(input:$input){memberId revokedAPIKeys{id name}removedRuntimeKeys{id name}}}",
)