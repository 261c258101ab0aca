import { Group, Text } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import type { ReactNode } from 'react'

/** The first few of a list, or the sentence that there are none. */
export function Items({ none, children }: { none: string; children: ReactNode[] }) {
  if (children.length > 0) return <ul className="items">{children}</ul>
  return (
    <Group gap="xs" wrap="nowrap">
      <IconCheck size={18} color="var(--console-accent)" aria-hidden style={{ flex: 'none' }} />
      <Text>{none}</Text>
    </Group>
  )
}

/** What stands below an item, or below all of them. */
export function Note({ children }: { children: ReactNode }) {
  return (
    <Text size="sm" component="div" c="var(--console-quiet)" className="breaks">
      {children}
    </Text>
  )
}
