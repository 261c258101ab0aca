import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'

/** Narrows a list by a text, a moment after the last key. The address keeps it: `value` is what stands there. */
export function SearchField({ label, value, onChange }: { label: string; value: string | undefined; onChange: (value: string | undefined) => void }) {
  const [typed, setTyped] = useState(value ?? '')
  const tell = useDebouncedCallback((text: string) => onChange(text || undefined), 250)
  useEffect(() => setTyped(value ?? ''), [value])
  const type = (text: string) => {
    setTyped(text)
    tell(text)
  }
  return (
    <TextInput
      aria-label={label}
      placeholder={label}
      type="search"
      maw={360}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={typed && <CloseButton size="sm" aria-label="Clear" onClick={() => type('')} />}
    />
  )
}
