import { Button, Code, Group, Progress, Stack, Text } from '@mantine/core'
import { IconEyeOff } from '@tabler/icons-react'
import { useId } from 'react'
import { CopyButton } from '../ui/CopyButton'
import { type Shown, shownSeconds } from './useRevealed'

/** A value, how long it will be there, and what can be done with it. */
export function RevealedValue({ shown, field, left, onHide }: { shown: Shown; field: string; left: number; onHide: () => void }) {
  const { version, value, isBase64 } = shown
  const label = useId()
  return (
    <Stack>
      <Text role="status" size="sm">
        The value is shown for {shownSeconds} seconds.
      </Text>
      <div>
        <Text size="sm" fw={500} id={label}>
          {field ? `The field ${field}` : 'The value'} of version {version}
        </Text>
        {isBase64 && (
          <Text size="sm" c="var(--console-quiet)">
            It is no text; this is its base64.
          </Text>
        )}
        {/* No text field: React keeps the last one that had the focus, and its value, when it is gone. */}
        <Code block className="rows breaks wraps" tabIndex={0} role="region" aria-labelledby={label} mt={4}>
          {value}
        </Code>
      </div>
      <div>
        <Progress value={(100 * left) / shownSeconds} aria-label="Time until the value is hidden" />
        <Text size="sm" mt={4} role="timer">
          Hidden in {left} s
        </Text>
      </div>
      <Text size="sm" c="var(--console-quiet)">
        What you copy stays in the clipboard: no page can clear it. Copy something else afterwards.
      </Text>
      <Group justify="flex-end">
        <CopyButton value={value} label="Copy the value" />
        <Button leftSection={<IconEyeOff size={16} aria-hidden />} onClick={onHide} autoFocus>
          Hide now
        </Button>
      </Group>
    </Stack>
  )
}
