import { useMutation } from '@apollo/client/react'
import { Button, Group, NumberInput, Stack, Textarea, TextInput } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../app/problem'
import { CreateDatastoreDocument } from '../generated'
import { Dialog } from '../ui/Dialog'
import { labelOf } from '../ui/label'
import { LabelsField } from '../ui/LabelsField'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'

/** Data → New Datastore. */
export function NewDatastore({ onClose }: { onClose: () => void }) {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const navigate = useNavigate()
  const [create] = useMutation(CreateDatastoreDocument, { refetchQueries: ['Datastores'] })
  const { run, isDoing, problem } = useAction()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [labels, setLabels] = useState<string[]>([])
  const [keepVersions, setKeepVersions] = useState<number | string>(1)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const input = { name, description: description || null, labels: labels.map(labelOf), keepVersions: Number(keepVersions) || 1 }
      const { data } = await create({ variables: { input } })
      const id = data!.createDatastore!.datastore.id
      toast(`The datastore ${name} is there.`)
      onClose()
      await navigate({ to: '/w/$workspaceId/datastores/$datastoreId', params: { workspaceId, datastoreId: id } })
    })
  }

  return (
    <Dialog onClose={onClose} title="New datastore">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            required
            maxLength={120}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={problemOfField(problem, 'name')}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            maxLength={2000}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <LabelsField value={labels} onChange={setLabels} problem={problem} />
          <NumberInput
            label="Versions to keep of each file"
            description="The current one included. An earlier one can be restored while it is kept."
            min={1}
            max={100}
            value={keepVersions}
            onChange={setKeepVersions}
            error={problemOfField(problem, 'keepVersions')}
          />
          <ProblemNote problem={problem} inputs={['name', 'keepVersions', 'labels']} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
