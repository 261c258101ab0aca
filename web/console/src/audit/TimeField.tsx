import { TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { wallClock } from './search'

/** A time to narrow a list by, a moment after the last key: while a year is typed, it is one of the first centuries. */
export function TimeField({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string | undefined) => void }) {
  const [typed, setTyped] = useState(wallClock(value))
  const tell = useDebouncedCallback((text: string) => onChange(text ? new Date(text).toISOString() : undefined), 600)
  useEffect(() => setTyped(wallClock(value)), [value])
  const type = (text: string) => {
    setTyped(text)
    tell(text)
  }
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      max="9999-12-31T23:59"
      label={label}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
    />
  )
}
