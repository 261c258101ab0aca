import type { LabelFilter, LabelInput } from '../generated'

/** A label as people write it: `env=prod`, or `reviewed` if it has no value. */
export const labelText = ({ key, value }: LabelInput) => (value ? `${key}=${value}` : key)

/** The label that somebody wrote. */
export function labelOf(text: string): LabelInput {
  const [key, ...value] = text.split('=')
  return { key: key!.trim(), value: value.join('=').trim() }
}

/** What has a label: with that value, if the text names one. */
export function filterOf(text: string): LabelFilter {
  const { key, value } = labelOf(text)
  return text.includes('=') ? { key, value } : { key }
}
