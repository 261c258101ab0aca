/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** The upload whose bytes have been sent. */
export type CompleteUploadInput = {
  /** The `id` of an `Upload` of this workspace; NOT_FOUND if there is none. */
  uploadId: string;
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
  /** The largest object it is to take: 1 byte to 5 TiB; null for the deployment's limit. */
  maxObjectBytes?: string | null | undefined;
  /** A name that is unique in the workspace: 1 to 120 characters, none of them a control character. */
  name: string;
};

/** One file that is to come: where to, and what it may be. */
export type CreateUploadUrlInput = {
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

/** A user's role in a workspace. Each includes the ones before it. */
export type Role =
  /** Also reveals secrets, reads the audit log, and manages members and API keys. */
  | 'ADMIN'
  /** Also creates, changes and deletes datastores, objects and secrets, and rotates secrets. */
  | 'EDITOR'
  /** Reads datastores, objects and the names of secrets. */
  | 'VIEWER';

/** 1 to 128 printable ASCII characters each. */
export type RunStepInput = {
  /** The platform's id of the run. */
  runId: string;
  /** The platform's id of the step within the run. */
  stepId: string;
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

export type CreateDatastoreMutationVariables = Exact<{
  input: CreateDatastoreInput;
}>;


export type CreateDatastoreMutation = { createDatastore: { datastore: { id: string, name: string } } | null };

export type DatastoresQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type DatastoresQuery = { datastores: { totalCount: number, edges: Array<{ cursor: string, node: { id: string, name: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type ObjectsQueryVariables = Exact<{
  datastoreId: string;
  first: number;
  after?: string | null | undefined;
}>;


export type ObjectsQuery = { datastore: { id: string, objects: { edges: Array<{ cursor: string, node: { id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, createdAt: string } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } } | null };

export type SecretsQueryVariables = Exact<{
  first: number;
  after?: string | null | undefined;
}>;


export type SecretsQuery = { secrets: { edges: Array<{ cursor: string, node: { id: string, name: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } | null };

export type RevealSecretMutationVariables = Exact<{
  input: RevealSecretInput;
}>;


export type RevealSecretMutation = { revealSecret: { version: number, value: string | null, base64: string | null } | null };

export type ViewerQueryVariables = Exact<{ [key: string]: never; }>;


export type ViewerQuery = { viewer: { role: Role | null, actor: { label: string }, workspace: { id: string, name: string, region: string } | null } };

export type CreateUploadUrlMutationVariables = Exact<{
  input: CreateUploadUrlInput;
}>;


export type CreateUploadUrlMutation = { createUploadURL: { url: string | null, upload: { id: string }, headers: Array<{ name: string, value: string }> } | null };

export type CompleteUploadMutationVariables = Exact<{
  input: CompleteUploadInput;
}>;


export type CompleteUploadMutation = { completeUpload: { upload: { id: string, state: UploadState, rejection: UploadRejection | null }, object: { id: string, key: string, current: { id: string, version: number, sizeBytes: string, contentType: string, createdAt: string } } | null } | null };


export const CreateDatastoreDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateDatastore"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateDatastoreInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createDatastore"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"datastore"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<CreateDatastoreMutation, CreateDatastoreMutationVariables>;
export const DatastoresDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Datastores"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"datastores"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}},{"kind":"Field","name":{"kind":"Name","value":"totalCount"}}]}}]}}]} as unknown as DocumentNode<DatastoresQuery, DatastoresQueryVariables>;
export const ObjectsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Objects"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"datastoreId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"datastore"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"datastoreId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"objects"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"current"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"contentType"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]}}]} as unknown as DocumentNode<ObjectsQuery, ObjectsQueryVariables>;
export const SecretsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Secrets"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"secrets"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<SecretsQuery, SecretsQueryVariables>;
export const RevealSecretDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RevealSecret"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RevealSecretInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"revealSecret"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"value"}},{"kind":"Field","name":{"kind":"Name","value":"base64"}}]}}]}}]} as unknown as DocumentNode<RevealSecretMutation, RevealSecretMutationVariables>;
export const ViewerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"viewer"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"actor"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"label"}}]}},{"kind":"Field","name":{"kind":"Name","value":"role"}},{"kind":"Field","name":{"kind":"Name","value":"workspace"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"region"}}]}}]}}]}}]} as unknown as DocumentNode<ViewerQuery, ViewerQueryVariables>;
export const CreateUploadUrlDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateUploadURL"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateUploadURLInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createUploadURL"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"headers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"value"}}]}}]}}]}}]} as unknown as DocumentNode<CreateUploadUrlMutation, CreateUploadUrlMutationVariables>;
export const CompleteUploadDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CompleteUpload"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CompleteUploadInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"completeUpload"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"upload"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"rejection"}}]}},{"kind":"Field","name":{"kind":"Name","value":"object"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"key"}},{"kind":"Field","name":{"kind":"Name","value":"current"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"version"}},{"kind":"Field","name":{"kind":"Name","value":"sizeBytes"}},{"kind":"Field","name":{"kind":"Name","value":"contentType"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CompleteUploadMutation, CompleteUploadMutationVariables>;