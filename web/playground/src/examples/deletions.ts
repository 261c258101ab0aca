import type { Group } from './example'

export const deletions: Group = {
  title: 'Deletions',
  says: 'Folders and whole datastores are deleted in the background.',
  examples: [
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
      name: 'ReadDeletion',
      title: 'Follow a deletion',
      says: 'How far it is. It stays as a record when it is done.',
      needs: 'viewer, or datastores:read',
      query: `query ReadDeletion($id: ID!) {
  node(id: $id) {
    ... on Deletion { state objectsDeleted objectsTotal counting bytesFreed lastError finishedAt }
  }
}`,
      variables: `{
  "id": "DELETION_ID"
}`,
    },
  ],
}
