import { Alert, Button, FileButton, Group, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useState } from 'react'
import { createStore, useStore } from '../../../../shared/store'
import { useHere } from '../../app/Workspace'
import { bytes } from '../../ui/bytes'
import { ProblemNote } from '../../ui/ProblemNote'
import { useAction } from '../../ui/useAction'
import type { UploadItem } from './queue'
import { discard, isSameFile, type Unfinished, unfinished } from './unfinished'
import { useUploads } from './useUploads'

const none = createStore<readonly UploadItem[]>([])

/** The uploads to a datastore that a reload has ended: each goes on once its file is chosen again. */
export function UnfinishedUploads({ datastoreId }: { datastoreId: string }) {
  const { uploads } = useHere()
  const queue = useStore(uploads)
  useStore(queue?.items ?? none) // what begins or ends there changes what is left here
  const left = useStore(unfinished).filter(({ input, idempotencyKey }) => input.datastoreId === datastoreId && !queue?.has(idempotencyKey))
  return (
    <Stack gap="xs">
      {left.map((upload) => (
        <UnfinishedUpload key={upload.idempotencyKey} upload={upload} />
      ))}
    </Stack>
  )
}

function UnfinishedUpload({ upload }: { upload: Unfinished }) {
  const { clients } = useHere()
  const queue = useUploads()
  const { run, isDoing, problem } = useAction()
  const [isOther, setOther] = useState(false)
  const choose = (file: File | null) => {
    if (!file) return
    if (isSameFile(upload, file)) queue().goOn(upload, file)
    else setOther(true)
  }

  return (
    <Alert variant="light" icon={<IconUpload aria-hidden />} title={`Upload of ${upload.name} is unfinished`}>
      <Stack gap="xs">
        <Text size="sm" className="breaks">
          Choose the file again to go on: {upload.name}, {bytes(upload.size)}, for {upload.input.key}.
        </Text>
        {isOther && (
          <Text size="sm" role="alert">
            That is another file, or it has changed since: its name, size and time must be the same.
          </Text>
        )}
        <ProblemNote problem={problem} />
        <Group gap="xs">
          <FileButton onChange={choose} inputProps={{ 'aria-label': `File of the upload of ${upload.name}`, tabIndex: -1 }}>
            {({ onClick }) => (
              <Button size="xs" onClick={onClick}>
                Choose the file
              </Button>
            )}
          </FileButton>
          <Button size="xs" variant="default" loading={isDoing} onClick={() => void run(() => discard(clients.files, upload))}>
            Discard
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
