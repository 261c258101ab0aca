/* eslint-disable */
import * as types from './graphql';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation CreateDatastore($input: CreateDatastoreInput!) {\n    createDatastore(input: $input) {\n      datastore {\n        id\n        name\n      }\n    }\n  }\n": typeof types.CreateDatastoreDocument,
    "\n  query Datastores($first: Int!, $after: String) {\n    datastores(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      totalCount\n    }\n  }\n": typeof types.DatastoresDocument,
    "\n  query Objects($datastoreId: ID!, $first: Int!, $after: String) {\n    datastore(id: $datastoreId) {\n      id\n      objects(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            id\n            key\n            current {\n              id\n              version\n              sizeBytes\n              contentType\n              createdAt\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.ObjectsDocument,
    "\n  query Secrets($first: Int!, $after: String) {\n    secrets(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SecretsDocument,
    "\n  mutation RevealSecret($input: RevealSecretInput!) {\n    revealSecret(input: $input) {\n      version\n      value\n      base64\n    }\n  }\n": typeof types.RevealSecretDocument,
    "\n  query Viewer {\n    viewer {\n      actor {\n        label\n      }\n      role\n      workspace {\n        id\n        name\n        region\n      }\n    }\n  }\n": typeof types.ViewerDocument,
};
const documents: Documents = {
    "\n  mutation CreateDatastore($input: CreateDatastoreInput!) {\n    createDatastore(input: $input) {\n      datastore {\n        id\n        name\n      }\n    }\n  }\n": types.CreateDatastoreDocument,
    "\n  query Datastores($first: Int!, $after: String) {\n    datastores(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      totalCount\n    }\n  }\n": types.DatastoresDocument,
    "\n  query Objects($datastoreId: ID!, $first: Int!, $after: String) {\n    datastore(id: $datastoreId) {\n      id\n      objects(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            id\n            key\n            current {\n              id\n              version\n              sizeBytes\n              contentType\n              createdAt\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.ObjectsDocument,
    "\n  query Secrets($first: Int!, $after: String) {\n    secrets(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SecretsDocument,
    "\n  mutation RevealSecret($input: RevealSecretInput!) {\n    revealSecret(input: $input) {\n      version\n      value\n      base64\n    }\n  }\n": types.RevealSecretDocument,
    "\n  query Viewer {\n    viewer {\n      actor {\n        label\n      }\n      role\n      workspace {\n        id\n        name\n        region\n      }\n    }\n  }\n": types.ViewerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateDatastore($input: CreateDatastoreInput!) {\n    createDatastore(input: $input) {\n      datastore {\n        id\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateDatastore($input: CreateDatastoreInput!) {\n    createDatastore(input: $input) {\n      datastore {\n        id\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Datastores($first: Int!, $after: String) {\n    datastores(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      totalCount\n    }\n  }\n"): (typeof documents)["\n  query Datastores($first: Int!, $after: String) {\n    datastores(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      totalCount\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Objects($datastoreId: ID!, $first: Int!, $after: String) {\n    datastore(id: $datastoreId) {\n      id\n      objects(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            id\n            key\n            current {\n              id\n              version\n              sizeBytes\n              contentType\n              createdAt\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query Objects($datastoreId: ID!, $first: Int!, $after: String) {\n    datastore(id: $datastoreId) {\n      id\n      objects(first: $first, after: $after) {\n        edges {\n          cursor\n          node {\n            id\n            key\n            current {\n              id\n              version\n              sizeBytes\n              contentType\n              createdAt\n            }\n          }\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Secrets($first: Int!, $after: String) {\n    secrets(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): (typeof documents)["\n  query Secrets($first: Int!, $after: String) {\n    secrets(first: $first, after: $after) {\n      edges {\n        cursor\n        node {\n          id\n          name\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RevealSecret($input: RevealSecretInput!) {\n    revealSecret(input: $input) {\n      version\n      value\n      base64\n    }\n  }\n"): (typeof documents)["\n  mutation RevealSecret($input: RevealSecretInput!) {\n    revealSecret(input: $input) {\n      version\n      value\n      base64\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    viewer {\n      actor {\n        label\n      }\n      role\n      workspace {\n        id\n        name\n        region\n      }\n    }\n  }\n"): (typeof documents)["\n  query Viewer {\n    viewer {\n      actor {\n        label\n      }\n      role\n      workspace {\n        id\n        name\n        region\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;