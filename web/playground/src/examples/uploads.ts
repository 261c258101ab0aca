import type { Group } from './example'

export const uploads: Group = {
  title: 'Uploads',
  says: 'A file goes to storage under a signed URL, then it is completed.',
  examples: [
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
  ],
}
