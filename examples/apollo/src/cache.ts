import { InMemoryCache } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'
import generated from './gql/possible-types'

/**
 * Makes the cache. Lists are Relay connections: their pages are joined, one list for each value of the arguments named here, which are all
 * that change what is in the list. A filter that is missing here would mix two lists.
 */
export function makeCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: generated.possibleTypes,
    typePolicies: {
      Query: {
        fields: {
          datastores: relayStylePagination(['nameContains']),
          secrets: relayStylePagination(['filter']),
        },
      },
      Datastore: { fields: { objects: relayStylePagination(['prefix']) } },
    },
  })
}
