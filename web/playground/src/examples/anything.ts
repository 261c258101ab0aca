import type { Group } from './example'

export const anything: Group = {
  title: 'Anything else',
  says: 'Whatever has an id, and the codes of errors.',
  examples: [
    {
      name: 'ReadNode',
      title: 'Read anything by its id',
      says: 'Whatever has an id, under the rule of its type.',
      needs: 'any credential',
      query: `query ReadNode($id: ID!) {
  node(id: $id) {
    __typename
    id
    ... on Datastore { name }
    ... on Secret { name currentVersion }
    ... on Upload { key state }
    ... on Deletion { objectsDeleted finishedAt }
  }
}`,
      variables: `{
  "id": "DATASTORE_ID"
}`,
    },
    {
      name: 'ReadNodes',
      title: 'Read many things by their ids',
      says: 'In the order asked; null where there is none.',
      needs: 'any credential',
      query: `query ReadNodes($ids: [ID!]!) {
  nodes(ids: $ids) { __typename id }
}`,
      variables: `{
  "ids": ["DATASTORE_ID", "SECRET_ID"]
}`,
    },
    {
      name: 'ErrorCodes',
      title: 'List the codes of errors',
      says: 'Every code that this server puts into an error.',
      needs: 'any credential',
      query: `query ErrorCodes {
  errorCodes
}`,
    },
  ],
}
