import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { CopyButton } from './CopyButton'

/** A text that nobody can show again: says so, and lets somebody copy it, or save it as a file. When this goes, nothing has it. */
export function ShownOnce({
  text,
  label,
  advice,
  fileName,
  onClose,
  children,
}: {
  text: string
  label: string
  /** What to do if it is lost. */
  advice: string
  fileName?: string
  onClose: () => void
  /** How the text is used. */
  children?: ReactNode
}) {
  const id = useId()
  const shown = useRef<HTMLElement>(null)
  useEffect(() => shown.current?.focus(), []) // not a button: a second Enter would close the dialog
  return (
    <Stack>
      <Alert color="orange" variant="light" role="alert" icon={<IconAlertTriangle aria-hidden />} title="It is shown this once">
        <Text size="sm">Take it to where it is needed before you close this: nobody can show it again, and the server does not keep it. {advice}</Text>
      </Alert>
      <div>
        <Text size="sm" fw={500} id={id}>
          {label}
        </Text>
        <Code ref={shown} block className="rows breaks wraps" tabIndex={0} role="region" aria-labelledby={id} mt={4}>
          {text}
        </Code>
      </div>
      {children}
      <Text size="sm" c="var(--console-quiet)">
        What you copy stays in the clipboard: no page can clear it. Copy something else afterwards.
      </Text>
      <Group justify="flex-end">
        <CopyButton value={text} />
        {fileName !== undefined && (
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => save(text, fileName)}>
            Save as {fileName}
          </Button>
        )}
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  )
}

/** Saves a text as a file, by a link that is good for a second: some browsers read it after the click. */
function save(text: string, fileName: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text]))
  link.download = fileName
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
