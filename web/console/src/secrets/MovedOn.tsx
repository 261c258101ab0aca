import { Text } from '@mantine/core'
import type { Problem } from '../app/problem'
import { useMovedOn } from '../ui/useMovedOn'

/** Says what to do when somebody else has changed the value meanwhile. */
export function MovedOn({ problem, action }: { problem: Problem | undefined; action: string }) {
  const current = useMovedOn(problem)
  if (current === undefined) return null
  return (
    <Text size="sm">
      Somebody has changed the value since this page showed it, and nothing was done. Look at the versions first; “{action}” again replaces version{' '}
      {current}.
    </Text>
  )
}
