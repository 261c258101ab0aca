/** A file that was dropped or chosen, and its path: below a folder that is the folder's name first. */
export interface Picked {
  path: string
  file: File
}

/** Reads what was dropped: files, and all files of folders, however deep. */
export async function dropped(items: DataTransferItemList): Promise<Picked[]> {
  // Both are asked for at once: the list is empty as soon as the event is over.
  const all = [...items].filter(({ kind }) => kind === 'file').map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const picked = await Promise.all(all.map(({ entry, file }) => (entry ? walk(entry) : file ? [{ path: file.name, file }] : [])))
  return picked.flat()
}

async function walk(entry: FileSystemEntry): Promise<Picked[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ path: entry.fullPath.replace(/^\//, ''), file }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const all: Picked[] = []
  // A reader gives some entries at a time, and none at the end.
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (!entries.length) return all
    for (const one of entries) all.push(...(await walk(one)))
  }
}

/** Reads what was chosen by a picker, of files or of a folder. */
export const chosen = (files: readonly File[]): Picked[] => files.map((file) => ({ path: file.webkitRelativePath || file.name, file }))
