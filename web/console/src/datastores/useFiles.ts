import { useQuery } from '@apollo/client/react'
import { FilesDocument, FoldersDocument } from '../generated'

/**
 * The folders and the files that a page lists: those directly in a folder, or all whose key begins with a prefix.
 * Folders come first, and files after the last folder.
 */
export function useFiles(datastoreId: string, folder: string, prefix: string | undefined) {
  const isSearch = prefix !== undefined
  const folders = useQuery(FoldersDocument, { variables: { datastoreId, first: 50, prefix: folder || null }, skip: isSearch })
  const files = useQuery(FilesDocument, {
    variables: { datastoreId, first: 50, prefix: prefix || null, folder: isSearch ? null : folder },
  })
  const folderPage = isSearch ? undefined : folders.data?.datastore?.folders
  const filePage = files.data?.datastore?.objects

  const hasMoreFolders = folderPage?.pageInfo.hasNextPage ?? false
  const more = () =>
    hasMoreFolders
      ? folders.fetchMore({ variables: { after: folderPage?.pageInfo.endCursor } })
      : files.fetchMore({ variables: { after: filePage?.pageInfo.endCursor } })
  return {
    folders: isSearch ? [] : folderPage?.edges.map(({ node }) => node.prefix),
    files: filePage?.edges.map(({ node }) => node),
    hasMore: hasMoreFolders || (filePage?.pageInfo.hasNextPage ?? false),
    more,
    error: folders.error ?? files.error,
    refetch: () => Promise.all([!isSearch && folders.refetch(), files.refetch()]),
  }
}
