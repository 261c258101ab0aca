import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../app/problem'
import { type SecretDetailsFragment, UpdateSecretDocument } from '../generated'
import { Dialog } from '../ui/Dialog'
import { labelOf, labelText } from '../ui/label'
import { LabelsField } from '../ui/LabelsField'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useSend } from '../ui/useSend'

/** Changes what a secret is called, what people have written about it, and its labels. */
export function EditSecret({ secret, onClose }: { secret: SecretDetailsFragment; onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [name, setName] = useState(secret.name)
  const [description, setDescription] = useState(secret.description ?? '')
  const [before] = useState(() => secret.labels.map(labelText))
  const [labels, setLabels] = useState(before)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      await send(UpdateSecretDocument, { secretId: secret.id, name, description: description || null, ...(labels !== before && { labels: labels.map(labelOf) }) })
      toast(`The secret ${name} is changed.`)
      onClose()
    })
  }

  return (
    <Dialog onClose={onClose} title="Edit name, description and labels">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            description="Whoever uses the secret names its id, which stays."
            required
            maxLength={120}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problemOfField(problem, 'name')}
          />
          <Textarea
            label="Description"
            description="Everybody in the workspace can read it: it is no place for the value."
            rows={3}
            maxLength={2000}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <LabelsField value={labels} onChange={setLabels} problem={problem} />
          <ProblemNote problem={problem} inputs={['name', 'labels']} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
