import { useQuery } from '@apollo/client/react'
import { CreatedKeysDocument, type Role } from '../generated'
import { isPast } from '../keys/expiry'
import { reachesBeyond } from './roles'

/** Keys of a member, by what they are called. */
export interface CreatedKeys {
  names: string[]
  /** False where there may be more. */
  isSure: boolean
  isLoading: boolean
}

/** The keys that end when a member gets another role, or is removed: no role. */
export function useCreatedKeys(memberId: string, role?: Role): CreatedKeys {
  // Past the cache, whose lists have more of each key.
  const { data, loading } = useQuery(CreatedKeysDocument, { variables: { first: 50 }, fetchPolicy: 'no-cache' })
  const isOwn = ({ createdBy }: { createdBy: { principalId: string | null } }) => createdBy.principalId === memberId
  const apiKeys = data?.apiKeys?.nodes
    .filter(isOwn)
    .filter(({ revokedAt, expiresAt }) => !revokedAt && !isPast(expiresAt))
    .filter(({ scopes }) => role === undefined || scopes.some((scope) => reachesBeyond(scope, role)))
  const runtimeKeys = role === 'ADMIN' ? [] : data?.runtimeKeys?.nodes.filter(isOwn)
  return {
    names: [...(apiKeys ?? []).map(({ name }) => `${name} (API key)`), ...(runtimeKeys ?? []).map(({ name }) => `${name} (runtime key)`)],
    isSure: apiKeys !== undefined && runtimeKeys !== undefined && !data!.apiKeys!.pageInfo.hasNextPage && !data!.runtimeKeys!.pageInfo.hasNextPage,
    isLoading: loading,
  }
}
