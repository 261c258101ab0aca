import { useQuery } from '@apollo/client/react'
import { Button, Drawer, Group, Menu, Skeleton, Stack, Tabs } from '@mantine/core'
import { IconBraces, IconCopy, IconDots, IconDownload, IconLink, IconPencil, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { problemOf } from '../../app/problem'
import { useMay } from '../../app/Workspace'
import { type DatastoreCardFragment, FileDocument, type VersionRowFragment } from '../../generated'
import { ProblemNote } from '../../ui/ProblemNote'
import { CopyDialog } from './CopyDialog'
import { DeleteFile } from './DeleteFile'
import { EditMetadata } from './EditMetadata'
import { FileFacts, type Known } from './FileFacts'
import { LinkDialog } from './LinkDialog'
import type { Place } from './place'
import { Preview } from './Preview'
import { RenameFile } from './RenameFile'
import { useDownload } from './useDownload'
import { VersionList } from './VersionList'

type Dialog = { is: 'link' | 'copy'; version: VersionRowFragment } | { is: 'rename' | 'metadata' | 'delete' }

/** One file of a datastore: what is in it, what is known of it, and its versions. */
export function FileDrawer({
  datastore,
  fileKey,
  onClose,
  onRenamed,
}: {
  datastore: DatastoreCardFragment
  fileKey: string
  onClose: () => void
  onRenamed: (newKey: string) => Promise<void>
}) {
  const place = { datastoreId: datastore.id, key: fileKey }
  const { data, error, refetch } = useQuery(FileDocument, { variables: place })
  const [dialog, setDialog] = useState<Dialog>()
  const close = () => setDialog(undefined)
  const current = data?.datastore?.object?.current
  return (
    <>
      <Drawer opened onClose={onClose} closeOnEscape={!dialog} position="right" size="xl" title={fileKey} classNames={{ title: 'breaks' }}>
        {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
        {!data && !error && <Skeleton height={240} aria-label="Loading the file" />}
        {data && !current && 'There is no file at this key: it may have been deleted.'}
        {current && <Opened place={place} current={current} onDialog={setDialog} />}
      </Drawer>
      {dialog?.is === 'link' && <LinkDialog place={place} version={dialog.version} onClose={close} />}
      {dialog?.is === 'copy' && <CopyDialog datastore={datastore} place={place} version={dialog.version} onClose={close} />}
      {dialog?.is === 'rename' && current && <RenameFile place={place} current={current} onClose={close} onRenamed={onRenamed} />}
      {dialog?.is === 'metadata' && current && <EditMetadata place={place} current={current} onClose={close} />}
      {dialog?.is === 'delete' && current && <DeleteFile place={place} current={current} onClose={close} onDeleted={onClose} />}
    </>
  )
}

function Opened({ place, current, onDialog }: { place: Place; current: Known; onDialog: (dialog: Dialog) => void }) {
  const mayWrite = useMay('EDITOR')
  const { download, isDoing, problem } = useDownload(place)
  return (
    <Stack>
      <Group gap="xs">
        <Button leftSection={<IconDownload size={16} aria-hidden />} loading={isDoing} onClick={() => void download(current.version)}>
          Download
        </Button>
        <Button variant="default" leftSection={<IconLink size={16} aria-hidden />} onClick={() => onDialog({ is: 'link', version: current })}>
          Copy link
        </Button>
        {mayWrite && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default" leftSection={<IconDots size={16} aria-hidden />}>
                More
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => onDialog({ is: 'rename' })}>
                Rename
              </Menu.Item>
              <Menu.Item leftSection={<IconBraces size={16} aria-hidden />} onClick={() => onDialog({ is: 'metadata' })}>
                Edit metadata
              </Menu.Item>
              <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => onDialog({ is: 'copy', version: current })}>
                Copy to another key
              </Menu.Item>
              <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => onDialog({ is: 'delete' })}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
      <ProblemNote problem={problem} />
      <Tabs defaultValue="preview" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="preview">Preview</Tabs.Tab>
          <Tabs.Tab value="details">Details</Tabs.Tab>
          <Tabs.Tab value="versions">Versions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="preview">
          <Preview key={current.id} place={place} version={current} />
        </Tabs.Panel>
        <Tabs.Panel value="details">
          <FileFacts version={current} />
        </Tabs.Panel>
        <Tabs.Panel value="versions">
          <VersionList
            place={place}
            current={current}
            onDownload={download}
            onLink={(version) => onDialog({ is: 'link', version })}
            onCopy={(version) => onDialog({ is: 'copy', version })}
          />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  )
}
