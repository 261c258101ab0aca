import { useApolloClient, useMutation } from '@apollo/client/react'
import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../../app/problem'
import { UpdateFileDocument } from '../../generated'
import { bytes } from '../../ui/bytes'
import { Dialog } from '../../ui/Dialog'
import { jsonObject } from '../../ui/jsonObject'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/useAction'
import { refreshFiles } from '../uploads/useUploads'
import type { Known } from './FileFacts'
import { MovedOn } from './MovedOn'
import type { Place } from './place'

/** Replaces the metadata of a file, as a new version of the same bytes, unless somebody else has changed it meanwhile. */
export function EditMetadata({ place, current, onClose }: { place: Place; current: Known; onClose: () => void }) {
  const apollo = useApolloClient()
  const [update] = useMutation(UpdateFileDocument)
  const { run, isDoing, problem } = useAction()
  const [text, setText] = useState(() => JSON.stringify(current.metadata, null, 2))
  const metadata = jsonObject(text)
  const ofMetadata = metadata ? problemOfField(problem, 'metadata') : 'This is no JSON object yet.'

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!metadata) return
    void run(async () => {
      const { data } = await update({ variables: { input: { ...place, metadata, ifVersionId: current.id } } })
      const { id, version } = data!.updateObject!.version
      toast(id === current.id ? `Nothing changed: version ${version} has this metadata already.` : `Version ${version} has the new metadata.`)
      onClose()
      refreshFiles(apollo)
    })
  }

  return (
    <Dialog onClose={onClose} title="Edit metadata" size="lg">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">
            What you save is a new version with the same content. It counts toward usage in full: {bytes(current.sizeBytes)}.
          </Text>
          <Textarea
            label="Metadata"
            description="A JSON object of at most 8 KiB, which replaces all that is there; {} for none."
            required
            data-autofocus
            rows={10}
            spellCheck={false}
            classNames={{ input: 'value' }}
            styles={{ input: { resize: 'vertical' } }}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={ofMetadata}
          />
          {!ofMetadata && <ProblemNote problem={problem} />}
          <MovedOn problem={problem} action="Save" />
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
