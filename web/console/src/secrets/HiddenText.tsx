import { Button, Textarea } from '@mantine/core'
import { IconEye, IconEyeOff } from '@tabler/icons-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'

/**
 * A text of one or many lines that shows dots until somebody asks to see it. It is no password field: those have one line,
 * and browsers offer to keep what they have.
 */
export function HiddenText({
  label,
  value,
  onChange,
  error,
  description,
  rows = 3,
  isFirst = false,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  error?: ReactNode
  description?: ReactNode
  rows?: number
  /** Whether the focus goes here when the dialog opens. */
  isFirst?: boolean
}) {
  const [isShown, setShown] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const own = field.current
    return () => {
      if (own) own.value = '' // React keeps the last field that had the focus, and its value, when it is gone
    }
  }, [])
  return (
    <div>
      <Textarea
        ref={field}
        label={label}
        required
        rows={rows}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
        description={description}
        autoComplete="off"
        spellCheck={false}
        data-autofocus={isFirst || undefined}
        classNames={{ input: isShown ? 'value' : 'value masked' }}
        styles={{ input: { resize: 'vertical' } }}
      />
      <Button
        variant="subtle"
        size="compact-sm"
        mt={4}
        aria-pressed={isShown}
        onClick={() => setShown(!isShown)}
        leftSection={isShown ? <IconEyeOff size={16} aria-hidden /> : <IconEye size={16} aria-hidden />}
      >
        Show what is typed
      </Button>
    </div>
  )
}
