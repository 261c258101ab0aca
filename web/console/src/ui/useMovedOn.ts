import { useApolloClient } from '@apollo/client/react'
import { useEffect } from 'react'
import type { Problem } from '../app/problem'

/** The version that is current now, if a change was refused because of it; the page is then told what is current. */
export function useMovedOn(problem: Problem | undefined): number | undefined {
  const apollo = useApolloClient()
  const current = problem?.code === 'CONFLICT' ? problem.extensions?.currentVersion : undefined
  useEffect(() => {
    if (current !== undefined) void apollo.refetchQueries({ include: 'active' }).catch(() => undefined)
  }, [apollo, current])
  return typeof current === 'number' ? current : undefined
}
