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
  ],
}
