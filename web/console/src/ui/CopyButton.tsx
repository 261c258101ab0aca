import { ActionIcon, Button, CopyButton as Mantine, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** Copies a text, and says that it did. With `bare` it is the icon alone. */
export function CopyButton({ value, label = 'Copy', bare = false }: { value: string; label?: string; bare?: boolean }) {
  return (
    <Mantine value={value}>
      {({ copied, copy }) => {
        const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
        const said = copied ? 'Copied' : label
        if (!bare) {
          return (
            <Button variant="default" leftSection={icon} onClick={copy} aria-live="polite">
              {said}
            </Button>
          )
        }
        return (
          <Tooltip label={said}>
            <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={said}>
              {icon}
            </ActionIcon>
          </Tooltip>
        )
      }}
    </Mantine>
  )
}
