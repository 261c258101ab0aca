import { Code, TextInput } from '@mantine/core'

/** Asks to type a name, before much is deleted that cannot be brought back. */
export function TypedConfirmation({ name, value, onChange }: { name: string; value: string; onChange: (value: string) => void }) {
  return (
    <TextInput
      label={
        <>
          Type <Code className="breaks">{name}</Code> to confirm
        </>
      }
      autoComplete="off"
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  )
}
