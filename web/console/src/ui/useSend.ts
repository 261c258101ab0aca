import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useCallback } from 'react'
import { useHere } from '../app/Workspace'

/**
 * Sends a mutation past the cache, which would hold a value that stands in its input for a moment; then asks again for
 * what is on the page. Once it resolves, the page shows what was done.
 */
export function useSend() {
  const { apollo } = useHere().clients
  return useCallback(
    async <Data, Input>(mutation: TypedDocumentNode<Data, { input: Input }>, input: Input): Promise<Data> => {
      const { data } = await apollo.mutate({ mutation, variables: { input }, fetchPolicy: 'no-cache' })
      // It is done by now, whether the page can be told or not.
      await apollo.refetchQueries({ include: 'active' }).catch(() => undefined)
      return data as Data
    },
    [apollo],
  )
}
