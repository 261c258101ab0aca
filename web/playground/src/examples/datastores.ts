import type { Group } from './example'

export const datastores: Group = {
  title: 'Datastores',
  says: 'Named places for files.',
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
      name: 'ReadDatastore',
      title: 'Read one datastore by its id',
      says: 'Its settings, and what it holds.',
      needs: 'viewer, or datastores:read',
      query: `query ReadDatastore($id: ID!) {
  datastore(id: $id) {
    name
    description
    maxObjectBytes
    keepVersions
    objectCount
    usedBytes
    createdBy { label }
  }
}`,
      variables: `{
  "id": "DATASTORE_ID"
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
