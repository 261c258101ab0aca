import { Text } from '@mantine/core'
import type { Problem } from '../../app/problem'
import { useMovedOn } from '../../ui/useMovedOn'

/** Says what to do when somebody else has changed the file meanwhile. */
export function MovedOn({ problem, action }: { problem: Problem | undefined; action: string }) {
  const current = useMovedOn(problem)
  if (!current) return null
  return (
    <Text size="sm">
      Somebody has changed the file since this page showed it, and nothing was done. Look at its versions first; “{action}” again goes on from version{' '}
      {current}.
    </Text>
  )
}
