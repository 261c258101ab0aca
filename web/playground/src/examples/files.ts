import type { Group } from './example'

export const files: Group = {
  title: 'Files',
  says: 'Objects in a datastore, with all their versions.',
  examples: [
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
  ],
}
