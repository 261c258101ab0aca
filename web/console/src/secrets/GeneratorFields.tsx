import { Group, NativeSelect, NumberInput } from '@mantine/core'
import type { SecretAlphabet } from '../generated'
import { alphabets, type GeneratorDraft } from './schedule'

const choices = Object.entries(alphabets).map(([value, words]) => ({ value, label: words[0]!.toUpperCase() + words.slice(1) }))

/** How the server is to make up a value: how long, and of what. */
export function GeneratorFields({ draft, onChange, error }: { draft: GeneratorDraft; onChange: (to: GeneratorDraft) => void; error?: string | undefined }) {
  return (
    <Group align="start" grow preventGrowOverflow={false}>
      <NumberInput
        label="Length"
        min={8}
        max={1024}
        allowDecimal={false}
        required
        value={draft.length}
        onChange={(length) => onChange({ ...draft, length })}
        error={error}
      />
      <NativeSelect
        label="Characters"
        data={choices}
        value={draft.alphabet}
        onChange={(event) => onChange({ ...draft, alphabet: event.currentTarget.value as SecretAlphabet })}
      />
    </Group>
  )
}
