import { Button, Center, Text } from '@mantine/core'
import { useState } from 'react'

/** How many rows of a list a page shows at most: more would make it slow, and nobody reads them. */
export const mostRows = 200

/** How many rows of a list one request asks for: a part of the most. */
export const pageRows = 25

/** The way to the next page of a list; at the end of what a page shows, the advice to narrow the list. */
export function LoadMore({ shown, hasMore, onMore }: { shown: number; hasMore: boolean; onMore: () => Promise<unknown> }) {
  const [isLoading, setLoading] = useState(false)
  if (!hasMore) return null
  if (shown >= mostRows) {
    return (
      <Text ta="center" size="sm" c="var(--console-quiet)" py="md">
        These are the first {shown}. Narrow the list to see others.
      </Text>
    )
  }
  const more = async () => {
    setLoading(true)
    await onMore().finally(() => setLoading(false))
  }
  return (
    <Center py="md">
      <Button variant="default" onClick={() => void more()} loading={isLoading}>
        Show more
      </Button>
    </Center>
  )
}
