import { useQuery } from '@apollo/client/react'
import { FilesDocument, type FileRowFragment, FoldersDocument } from '../generated'

/**
 * The folders and the files that a page lists: those directly in a folder, or all whose key begins with a prefix.
 * Folders come first, and files after the last folder.
 */
export function useFiles(datastoreId: string, folder: string, prefix: string | undefined) {
  const isSearch = prefix !== undefined
  const folders = useQuery(FoldersDocument, { variables: { datastoreId, first: 50, prefix: folder || null }, skip: isSearch })
  const files = useQuery(FilesDocument, { variables: { datastoreId, first: 50, prefix: (isSearch ? prefix : folder) || null } })
  const folderPage = isSearch ? undefined : folders.data?.datastore?.folders
  const filePage = files.data?.datastore?.objects
  const all = filePage?.edges.map(({ node }) => node)

  const hasMoreFolders = folderPage?.pageInfo.hasNextPage ?? false
  const more = () =>
    hasMoreFolders
      ? folders.fetchMore({ variables: { after: folderPage?.pageInfo.endCursor } })
      : files.fetchMore({ variables: { after: filePage?.pageInfo.endCursor } })
  return {
    folders: isSearch ? [] : folderPage?.edges.map(({ node }) => node.prefix),
    files: isSearch ? all : all && directlyIn(folder, all),
    hasMore: hasMoreFolders || (filePage?.pageInfo.hasNextPage ?? false),
    more,
    error: folders.error ?? files.error,
    refetch: () => Promise.all([!isSearch && folders.refetch(), files.refetch()]),
  }
}

/** Leaves out what is in a folder below: needed until the API lists `objects(folder:)`. */
const directlyIn = (folder: string, files: FileRowFragment[]) => files.filter(({ key }) => !key.includes('/', folder.length))
