import { useMutation } from '@apollo/client/react'
import { Button, Group, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../app/problem'
import { useHere } from '../app/Workspace'
import { UpdateWorkspaceDocument } from '../generated'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'

/** What an admin may change of the workspace. */
export function SettingsForm() {
  const { workspace } = useHere()
  const [update] = useMutation(UpdateWorkspaceDocument)
  const { run, isDoing, problem } = useAction()
  const [name, setName] = useState(workspace.name)
  const [requireRevealReason, setRequire] = useState(workspace.requireRevealReason)
  const ofName = problemOfField(problem, 'name')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      await update({ variables: { input: { name, requireRevealReason } } })
      toast('The settings are saved.')
    })
  }

  return (
    <form onSubmit={submit}>
      <Stack maw={560}>
        <TextInput
          label="Name"
          description="For people to read. Programs name the id, which stays."
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={ofName}
        />
        <Switch
          label="A reveal needs a reason"
          description="Nobody sees the value of a secret without saying why. The audit log keeps it."
          checked={requireRevealReason}
          onChange={(event) => setRequire(event.currentTarget.checked)}
        />
        {!ofName && <ProblemNote problem={problem} />}
        <Group>
          <Button type="submit" loading={isDoing}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
