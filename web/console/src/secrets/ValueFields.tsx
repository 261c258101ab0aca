import { Input, SegmentedControl, Stack, Text } from '@mantine/core'
import { GeneratorFields } from './GeneratorFields'
import { HiddenText } from './HiddenText'
import { fieldsOf, type ValueDraft } from './value'

const ways = [
  { value: 'text', label: 'Type it' },
  { value: 'generate', label: 'Generate it' },
  { value: 'json', label: 'JSON' },
]

/** A value: typed, made up by the server, or a JSON object. */
export function ValueFields({
  draft,
  onChange,
  error,
  isFirst = false,
}: {
  draft: ValueDraft
  onChange: (to: ValueDraft) => void
  error?: string | undefined
  isFirst?: boolean
}) {
  const fields = draft.by === 'json' ? fieldsOf(draft.json) : undefined
  const isPadded = draft.text !== draft.text.trim()
  return (
    <Stack gap="sm">
      <Input.Wrapper label="Value" labelElement="div">
        <SegmentedControl
          fullWidth
          aria-label="How the value is given"
          data={ways}
          value={draft.by}
          onChange={(by) => onChange({ ...draft, by: by as ValueDraft['by'] })}
        />
      </Input.Wrapper>
      {draft.by === 'text' && (
        <HiddenText
          label="The value"
          value={draft.text}
          onChange={(text) => onChange({ ...draft, text })}
          error={error}
          description={isPadded ? 'It begins or ends with a space or a line break, which is kept.' : 'Up to 64 KiB, of one line or many.'}
          isFirst={isFirst}
        />
      )}
      {draft.by === 'json' && (
        <HiddenText
          label="The JSON object"
          value={draft.json}
          onChange={(json) => onChange({ ...draft, json })}
          error={error ?? (draft.json !== '' && !fields && 'This is no JSON object yet.')}
          description={fields?.length ? `Fields: ${fields.join(', ')}` : 'Its fields can be injected and revealed one by one.'}
          rows={6}
          isFirst={isFirst}
        />
      )}
      {draft.by === 'generate' && (
        <>
          <GeneratorFields draft={draft} onChange={(to) => onChange({ ...draft, ...to })} error={error} />
          <Text size="sm" c="var(--console-quiet)">
            The server makes it up; nobody sees it until it is revealed.
          </Text>
        </>
      )}
    </Stack>
  )
}
