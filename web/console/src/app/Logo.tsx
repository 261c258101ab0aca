import { Group, Text } from '@mantine/core'
import { IconStack2 } from '@tabler/icons-react'

export function Logo() {
  return (
    <Group gap="xs" wrap="nowrap">
      <IconStack2 aria-hidden color="var(--console-accent)" />
      <Text fw={650} span>
        ProvenanceOne
      </Text>
      <Text span c="var(--console-quiet)">
        Data
      </Text>
    </Group>
  )
}
