import { useQuery } from '@apollo/client/react'
import { SecretVersionsDocument } from '../generated'
import { pageRows } from '../ui/LoadMore'

/** The versions of a secret, newest first, and the way to more of them. */
export function useVersions(id: string) {
  const { data, error, fetchMore, refetch } = useQuery(SecretVersionsDocument, { variables: { id, first: pageRows } })
  const list = data?.secret?.versions
  return {
    rows: list?.edges.map(({ node }) => node),
    hasMore: list?.pageInfo.hasNextPage ?? false,
    more: () => fetchMore({ variables: { after: list?.pageInfo.endCursor } }),
    error,
    refetch,
  }
}
