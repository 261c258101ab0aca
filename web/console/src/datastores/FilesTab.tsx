import { Button, Group, Skeleton, Stack } from '@mantine/core'
import { IconFiles, IconTrash } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { problemOf } from '../app/problem'
import { useMay } from '../app/Workspace'
import type { DatastoreCardFragment } from '../generated'
import { Empty } from '../ui/Empty'
import { LoadMore } from '../ui/LoadMore'
import { ProblemNote } from '../ui/ProblemNote'
import { SearchField } from '../ui/SearchField'
import { FileTable } from './FileTable'
import { FolderPath } from './FolderPath'
import { DropArea } from './uploads/DropArea'
import type { Picked } from './uploads/dropped'
import { UnfinishedUploads } from './uploads/UnfinishedUploads'
import { UploadButtons } from './uploads/UploadButtons'
import { useUploads } from './uploads/useUploads'
import { useFiles } from './useFiles'

const FileDrawer = lazy(() => import('./file/FileDrawer').then((m) => ({ default: m.FileDrawer })))
const DeleteFiles = lazy(() => import('./DeleteFiles').then((m) => ({ default: m.DeleteFiles })))

const from = '/w/$workspaceId/datastores/$datastoreId'

/** What is in a folder of a datastore, or begins with what somebody looks for. */
export function FilesTab({ datastore }: { datastore: DatastoreCardFragment }) {
  const { folder = '', prefix, key } = useSearch({ from })
  const navigate = useNavigate({ from })
  const mayWrite = useMay('EDITOR')
  const uploads = useUploads()
  const [isDeleting, setDeleting] = useState(false)
  const { folders, files, hasMore, more, error, refetch } = useFiles(datastore.id, folder, prefix)
  const shown = folders && files && folders.length + files.length
  const isEmpty = shown === 0 && !hasMore
  const add = (picked: Picked[]) =>
    uploads().add(
      datastore.id,
      picked.map(({ path, file }) => ({ key: folder + path, file })),
    )
  const search = (typed: string | undefined) =>
    void navigate({ search: (now) => ({ ...now, prefix: typed === undefined ? undefined : folder + typed }), replace: true })
  /** Goes to where a file is now: stays in what is found, if that has the new key too, else goes to its folder. */
  const follow = (newKey: string) => {
    const isFound = prefix !== undefined && newKey.startsWith(prefix)
    const place = isFound ? { folder: folder || undefined, prefix } : { folder: folderOf(newKey) }
    return navigate({ search: { ...place, key: newKey }, replace: true, resetScroll: false })
  }

  return (
    <Area onPick={mayWrite ? add : undefined}>
      {mayWrite && <UnfinishedUploads datastoreId={datastore.id} />}
      <Group justify="space-between" my="sm">
        <FolderPath folder={folder} />
        {mayWrite && (
          <Group gap="xs">
            {!isEmpty && (
              <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setDeleting(true)}>
                {prefix !== undefined ? 'Delete what is found' : folder ? 'Delete this folder' : 'Delete all files'}
              </Button>
            )}
            <UploadButtons onPick={add} />
          </Group>
        )}
      </Group>
      <SearchField label={folder ? 'Find by how the name begins' : 'Find by how the key begins'} value={prefix?.slice(folder.length)} onChange={search} />

      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {shown === undefined && !error && <Skeleton height={160} mt="md" aria-label="Loading files" />}
      {isEmpty && prefix !== undefined && <Empty Icon={IconFiles} title="No key begins with that" text={`Nothing begins with “${prefix}”.`} />}
      {isEmpty && prefix === undefined && (
        <Empty
          Icon={IconFiles}
          title="No files yet"
          text={mayWrite ? 'Drop files or folders here, or choose them by Upload.' : 'Nobody has put a file here yet.'}
        />
      )}
      {shown !== undefined && shown > 0 && <FileTable folders={folders!} files={files!} base={folder} />}
      {shown !== undefined && <LoadMore shown={shown} hasMore={hasMore} onMore={more} />}

      <Suspense>
        {key !== undefined && (
          <FileDrawer
            key={key}
            datastore={datastore}
            fileKey={key}
            onClose={() => void navigate({ search: (now) => ({ ...now, key: undefined }), resetScroll: false })}
            onRenamed={follow}
          />
        )}
        {isDeleting && <DeleteFiles datastore={datastore} prefix={prefix ?? folder} onClose={() => setDeleting(false)} />}
      </Suspense>
    </Area>
  )
}

const folderOf = (key: string) => key.slice(0, key.lastIndexOf('/') + 1) || undefined

/** Takes what is dropped, from those who may upload. */
function Area({ onPick, children }: { onPick: ((picked: Picked[]) => void) | undefined; children: ReactNode }) {
  return onPick ? <DropArea onPick={onPick}>{children}</DropArea> : <Stack gap={0}>{children}</Stack>
}
