import { Code, Group } from '@mantine/core'
import { CopyButton } from './CopyButton'

/** An id or a key that people paste elsewhere, and the button that copies it. */
export function Copyable({ text, label }: { text: string; label: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Code className="breaks">{text}</Code>
      <CopyButton value={text} label={label} bare />
    </Group>
  )
}
