import { useApolloClient } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useEffect } from 'react'
import type { Problem } from '../app/problem'

/** Says what to do when somebody else has changed the value meanwhile, and lets the page show what is current now. */
export function MovedOn({ problem, action }: { problem: Problem | undefined; action: string }) {
  const apollo = useApolloClient()
  const current = problem?.code === 'CONFLICT' ? problem.extensions?.currentVersion : undefined
  useEffect(() => {
    if (current !== undefined) void apollo.refetchQueries({ include: 'active' }).catch(() => undefined)
  }, [apollo, current])
  if (typeof current !== 'number') return null
  return (
    <Text size="sm">
      Somebody has changed the value since this page showed it, and nothing was done. Look at the versions first; “{action}” again replaces version{' '}
      {current}.
    </Text>
  )
}
