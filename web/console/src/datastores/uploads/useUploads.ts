import type { ApolloClient } from '@apollo/client'
import { useCallback } from 'react'
import { useHere } from '../../app/Workspace'
import { UploadQueue } from './queue'

/** The queue of this workspace's uploads, made when it is first wanted. */
export function useUploads(): () => UploadQueue {
  const { clients, uploads } = useHere()
  return useCallback(() => {
    const queue = uploads.get() ?? new UploadQueue(clients.files, () => refreshFiles(clients.apollo))
    if (!uploads.get()) uploads.set(queue)
    return queue
  }, [clients, uploads])
}

const shown = new Set(['Files', 'Folders', 'File', 'FileVersions', 'FileText', 'Datastore', 'Viewer'])

/** Asks again for what the page shows of files, and of how much is stored. */
export function refreshFiles(apollo: ApolloClient): void {
  for (const query of apollo.getObservableQueries('active')) if (query.queryName && shown.has(query.queryName)) void query.refetch()
}
