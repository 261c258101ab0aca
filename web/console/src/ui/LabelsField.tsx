import { TagsInput } from '@mantine/core'
import { type Problem, problemOfField } from '../app/problem'

/** The labels of a thing, to be changed. */
export function LabelsField({ value, onChange, problem }: { value: string[]; onChange: (to: string[]) => void; problem: Problem | undefined }) {
  return (
    <TagsInput
      label="Labels"
      description="To find it by, for example env=prod. Everybody in the workspace reads them. Press Enter after each."
      splitChars={[]}
      acceptValueOnBlur
      maxTags={32}
      value={value}
      onChange={onChange}
      error={problemOfField(problem, 'labels')}
    />
  )
}
