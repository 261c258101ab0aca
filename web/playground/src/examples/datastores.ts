import type { Group } from './example'

export const datastores: Group = {
  title: 'Datastores and files',
  examples: [
    {
      name: 'CreateDatastore',
      title: 'Create a datastore',
      says: 'A flat namespace of objects, addressed by key. Its name is unique in the workspace.',
      needs: 'editor, or datastores:write',
      query: `mutation CreateDatastore($input: CreateDatastoreInput!) {
  createDatastore(input: $input) {
    datastore { id name description createdAt }
  }
}`,
      variables: `{
  "input": {
    "name": "reports",
    "description": "Made in the playground"
  }
}`,
    },
    {
      name: 'ListDatastores',
      title: 'List datastores and objects',
      says: 'A page of datastores, each with the first of its objects.',
      needs: 'viewer, or datastores:read',
      query: `query ListDatastores($first: Int, $prefix: String) {
  datastores(first: $first) {
    totalCount
    nodes {
      id
      name
      objectCount
      usedBytes
      objects(first: 5, prefix: $prefix) {
        nodes {
          key
          current { version sizeBytes contentType createdAt }
        }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
      variables: `{
  "first": 10,
  "prefix": ""
}`,
    },
    {
      name: 'CreateUploadURL',
      title: 'Upload a file',
      says: 'Answers with a URL to PUT one file to, straight into storage. Below the answer is the curl command for it.',
      needs: 'editor, or datastores:write',
      query: `mutation CreateUploadURL($input: CreateUploadURLInput!) {
  createUploadURL(input: $input) {
    upload { id state expiresAt }
    method
    headers { name value }
    url
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "key": "2026/05/01.csv",
    "contentType": "text/csv",
    "maxBytes": "1048576",
    "expiresIn": "PT15M"
  }
}`,
    },
    {
      name: 'CompleteUpload',
      title: 'Complete an upload',
      says: 'Says at once what became of it. Optional: reading the key finds it too.',
      needs: 'editor, or datastores:write',
      query: `mutation CompleteUpload($input: CompleteUploadInput!) {
  completeUpload(input: $input) {
    upload { state rejection }
    object { key current { version sizeBytes crc32c } }
  }
}`,
      variables: `{
  "input": { "uploadId": "UPLOAD_ID" }
}`,
    },
    {
      name: 'ReadObject',
      title: 'Read a small file',
      says: 'What is stored at a key, its content included. Each read of content is on record.',
      needs: 'viewer, or datastores:read',
      query: `query ReadObject($datastoreId: ID!, $key: String!) {
  datastore(id: $datastoreId) {
    name
    object(key: $key) {
      current {
        version
        sizeBytes
        contentType
        content(maxBytes: 4096) { text truncated }
      }
    }
  }
}`,
      variables: `{
  "datastoreId": "DATASTORE_ID",
  "key": "2026/05/01.csv"
}`,
    },
    {
      name: 'CreateDownloadURL',
      title: 'Download a file',
      says: 'Answers with a URL that serves the object for a quarter of an hour, to whoever has it.',
      needs: 'viewer, or datastores:read',
      query: `mutation CreateDownloadURL($input: CreateDownloadURLInput!) {
  createDownloadURL(input: $input) {
    url
    expiresAt
    version { version sizeBytes }
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "key": "2026/05/01.csv",
    "expiresIn": "PT15M"
  }
}`,
    },
    {
      name: 'FindDatastore',
      title: 'Find a datastore by name',
      says: 'The one that has exactly this name, with what is at its top.',
      needs: 'viewer, or datastores:read',
      query: `query FindDatastore($name: String!) {
  datastoreByName(name: $name) {
    id
    description
    maxObjectBytes
    contentTypes
    keepVersions
    folders(first: 10) { nodes { prefix } }
    objects(first: 10, folder: "") { nodes { key } }
  }
}`,
      variables: `{
  "name": "reports"
}`,
    },
    {
      name: 'UpdateDatastore',
      title: 'Change a datastore',
      says: 'Its name, description or policy. What is left out stays as it is; null clears.',
      needs: 'editor, or datastores:write',
      query: `mutation UpdateDatastore($input: UpdateDatastoreInput!) {
  updateDatastore(input: $input) {
    datastore { name description maxObjectBytes contentTypes keepVersions }
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "contentTypes": ["text/*", "application/json"],
    "keepVersions": 5
  }
}`,
    },
    {
      name: 'CancelUpload',
      title: 'Cancel an upload',
      says: 'Makes its URL worthless, whether or not bytes were sent. What it reserved is free again.',
      needs: 'editor, or datastores:write',
      query: `mutation CancelUpload($input: CancelUploadInput!) {
  cancelUpload(input: $input) {
    upload { id state }
  }
}`,
      variables: `{
  "input": {
    "uploadId": "UPLOAD_ID"
  }
}`,
    },
    {
      name: 'CopyObject',
      title: 'Copy a file',
      says: 'To another key, here or in another datastore. No bytes move.',
      needs: 'editor, or datastores:write',
      query: `mutation CopyObject($input: CopyObjectInput!) {
  copyObject(input: $input) {
    version { version sizeBytes object { key } }
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "key": "2026/05/01.csv",
    "targetDatastoreId": "DATASTORE_ID",
    "targetKey": "2026/05/copy.csv"
  }
}`,
    },
    {
      name: 'RestoreObjectVersion',
      title: 'Restore an earlier version',
      says: 'Makes it current again, as a new version. The datastore must keep more than one.',
      needs: 'editor, or datastores:write',
      query: `mutation RestoreObjectVersion($input: RestoreObjectVersionInput!) {
  restoreObjectVersion(input: $input) {
    version { version sizeBytes createdAt }
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "key": "2026/05/01.csv",
    "version": 1
  }
}`,
    },
    {
      name: 'RenameObject',
      title: 'Rename an object',
      says: 'It keeps its id and its history. Nothing may be at the new key.',
      needs: 'editor, or datastores:write',
      query: `mutation RenameObject($input: RenameObjectInput!) {
  renameObject(input: $input) {
    object { id key current { version } }
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "key": "2026/05/01.csv",
    "newKey": "2026/05/first.csv"
  }
}`,
    },
    {
      name: 'UpdateObject',
      title: 'Replace the metadata of an object',
      says: 'As a new version of the same bytes. What it had before is replaced.',
      needs: 'editor, or datastores:write',
      query: `mutation UpdateObject($input: UpdateObjectInput!) {
  updateObject(input: $input) {
    version { version metadata }
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "key": "2026/05/01.csv",
    "metadata": { "checked": true }
  }
}`,
    },
    {
      name: 'DeleteObject',
      title: 'Delete a file',
      says: 'With all its versions. With ifVersion only while that version is the current one.',
      needs: 'editor, or datastores:write',
      query: `mutation DeleteObject($input: DeleteObjectInput!) {
  deleteObject(input: $input) {
    objectId
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "key": "2026/05/01.csv"
  }
}`,
    },
    {
      name: 'DeleteObjects',
      title: 'Delete a folder',
      says: 'Everything whose key starts with the prefix, in the background. While dryRun is true, it only counts.',
      needs: 'editor, or datastores:write',
      query: `mutation DeleteObjects($input: DeleteObjectsInput!) {
  deleteObjects(input: $input) {
    objectCount
    usedBytes
    atLeast
    deletion { id state objectsDeleted }
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "prefix": "2026/",
    "dryRun": true
  }
}`,
    },
    {
      name: 'DeleteDatastore',
      title: 'Delete a datastore',
      says: 'Refused with IN_USE while it has objects, unless force is true.',
      needs: 'editor, or datastores:write',
      query: `mutation DeleteDatastore($input: DeleteDatastoreInput!) {
  deleteDatastore(input: $input) {
    datastoreId
    deletion { id state objectsTotal }
  }
}`,
      variables: `{
  "input": {
    "datastoreId": "DATASTORE_ID",
    "force": false
  }
}`,
    },
  ],
}
