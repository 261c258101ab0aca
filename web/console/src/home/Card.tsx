import { Group, Paper, Skeleton, Stack, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { problemOf } from '../app/problem'
import { ProblemNote } from '../ui/ProblemNote'

/** One thing that Home says. It loads and fails on its own. `link` leads to the page with all of it. */
export function Card<Data>({
  title,
  link,
  asked: { data, error, refetch },
  children,
}: {
  title: string
  link?: ReactNode
  asked: { data?: Data | undefined; error?: unknown; refetch: () => Promise<unknown> }
  children: (data: Data) => ReactNode
}) {
  return (
    <Paper component="section" withBorder p="lg" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{title}</Title>
          {link}
        </Group>
        {error !== undefined && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch().catch(() => undefined)} />}
        {data === undefined && error === undefined && <Skeleton height={96} aria-label={`Loading: ${title}`} />}
        {data !== undefined && children(data)}
      </Stack>
    </Paper>
  )
}
