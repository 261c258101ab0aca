import { useMutation } from '@apollo/client/react'
import { Button, Divider, Group, NumberInput, Stack, TagsInput, Text, Textarea, TextInput, Title } from '@mantine/core'
import { type FormEvent, lazy, Suspense, useState } from 'react'
import { problemOfField } from '../app/problem'
import { type DatastoreCardFragment, type DatastorePolicyFragment, UpdateDatastoreDocument } from '../generated'
import { labelOf, labelText } from '../ui/label'
import { LabelsField } from '../ui/LabelsField'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'

const DeleteDatastore = lazy(() => import('./DeleteDatastore').then((m) => ({ default: m.DeleteDatastore })))

const mebibyte = 1 << 20
/** The inputs of the API that say themselves what is wrong with them. */
const inputs = ['name', 'description', 'labels', 'maxObjectBytes', 'contentTypes', 'keepVersions']

/** What a datastore is called, its labels, what it takes, and how many versions it keeps; and its deletion. */
export function SettingsTab({ datastore }: { datastore: DatastoreCardFragment & DatastorePolicyFragment }) {
  const [update] = useMutation(UpdateDatastoreDocument)
  const { run, isDoing, problem } = useAction()
  const [name, setName] = useState(datastore.name)
  const [description, setDescription] = useState(datastore.description ?? '')
  const [before] = useState(() => datastore.labels.map(labelText))
  const [labels, setLabels] = useState(before)
  const [most, setMost] = useState<number | string>(datastore.maxObjectBytes === null ? '' : Number(datastore.maxObjectBytes) / mebibyte)
  const [contentTypes, setContentTypes] = useState(datastore.contentTypes)
  const [keepVersions, setKeepVersions] = useState<number | string>(datastore.keepVersions)
  const [isDeleting, setDeleting] = useState(false)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const maxObjectBytes = most === '' ? null : String(Math.round(Number(most) * mebibyte))
      const input = {
        datastoreId: datastore.id,
        name,
        description: description || null,
        ...(labels !== before && { labels: labels.map(labelOf) }),
        maxObjectBytes,
        contentTypes,
        keepVersions: Number(keepVersions) || 1,
      }
      await update({ variables: { input } })
      toast('The settings are saved.')
    })
  }

  return (
    <Stack maw={560}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Name"
            required
            maxLength={120}
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
            error={problemOfField(problem, 'description')}
          />
          <LabelsField value={labels} onChange={setLabels} problem={problem} />
          <NumberInput
            label="Largest file, in MiB"
            description="Empty for the limit of this deployment, which holds in any case."
            min={0}
            thousandSeparator=","
            value={most}
            onChange={setMost}
            error={problemOfField(problem, 'maxObjectBytes')}
          />
          <TagsInput
            label="Content types it takes"
            description="For example text/csv, or image/* for all images. Empty for any. Press Enter after each."
            value={contentTypes}
            onChange={setContentTypes}
            error={problemOfField(problem, 'contentTypes')}
          />
          <NumberInput
            label="Versions to keep of each file"
            description="The current one included. Of a file that has more, the oldest go at its next write."
            min={1}
            max={100}
            value={keepVersions}
            onChange={setKeepVersions}
            error={problemOfField(problem, 'keepVersions')}
          />
          <ProblemNote problem={problem} inputs={inputs} />
          <Group>
            <Button type="submit" loading={isDoing}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
      <Divider my="md" />
      <Title order={2}>Delete this datastore</Title>
      <Text c="var(--console-quiet)">Its name is free at once. Workflow steps that read or write it will fail.</Text>
      <Group>
        <Button variant="outline" color="red" onClick={() => setDeleting(true)}>
          Delete datastore
        </Button>
      </Group>
      <Suspense>{isDeleting && <DeleteDatastore datastore={datastore} onClose={() => setDeleting(false)} />}</Suspense>
    </Stack>
  )
}
