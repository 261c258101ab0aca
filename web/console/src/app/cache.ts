import { InMemoryCache } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'
import { possibleTypes } from '@provenanceone/data-api'

/**
 * Makes the cache. It joins the pages of a list, a Relay connection, and keeps one for each value of the arguments
 * named here. They are all that change what is in the list: one that is missing mixes two lists.
 */
export function makeCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes,
    typePolicies: {
      Query: {
        fields: {
          datastores: relayStylePagination(['nameContains', 'name', 'orderBy', 'labels']),
          secrets: relayStylePagination(['filter', 'orderBy']),
          apiKeys: relayStylePagination([]),
          runtimeKeys: relayStylePagination([]),
          members: relayStylePagination([]),
          auditEvents: relayStylePagination(['filter']),
        },
      },
      Datastore: {
        fields: {
          objects: relayStylePagination(['prefix', 'folder']),
          folders: relayStylePagination(['prefix', 'delimiter']),
        },
      },
      DatastoreObject: { fields: { versions: relayStylePagination([]) } },
      Secret: { fields: { versions: relayStylePagination([]), references: relayStylePagination([]) } },
    },
  })
}
