import { TagsInput } from '@mantine/core'

/** Narrows a list to what has every one of these labels. The address keeps them: `value` is what stands there. */
export function LabelFilterField({ value = [], onChange }: { value: string[] | undefined; onChange: (to: string[] | undefined) => void }) {
  return (
    <TagsInput
      aria-label="With the labels"
      placeholder={value.length ? undefined : 'With the label'}
      splitChars={[]}
      maxTags={10}
      maw={360}
      value={value}
      onChange={(to) => onChange(to.length ? to : undefined)}
    />
  )
}
