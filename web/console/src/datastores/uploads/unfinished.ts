import { CancelUploadDocument, type Client, CreateUploadURLDocument, type UploadRequest } from '@provenanceone/data-api'
import { createStore } from '../../../../shared/store'

/** Where an upload goes: what the API was asked for, but for the file. */
export type UploadInput = Pick<UploadRequest, 'datastoreId' | 'key' | 'contentType' | 'ifVersion'>

/** An upload in parts that has begun: enough to go on with it once its file is chosen again, and no URL. */
export interface Unfinished {
  idempotencyKey: string
  input: UploadInput
  name: string
  size: number
  lastModified: number
}

const place = 'unfinished-uploads'

function read(): Unfinished[] {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '[]') as Unfinished[]
  } catch {
    return []
  }
}

/** The uploads that this browser has begun and not ended. They outlive a reload. */
export const unfinished = createStore<readonly Unfinished[]>(read())

function write(change: (all: Unfinished[]) => Unfinished[]) {
  const all = change(read()) // another tab may have written meanwhile
  if (all.length) localStorage.setItem(place, JSON.stringify(all))
  else localStorage.removeItem(place)
  unfinished.set(all)
}

/** Keeps an upload until `forget`. */
export const remember = (upload: Unfinished) =>
  write((all) => [...all.filter(({ idempotencyKey }) => idempotencyKey !== upload.idempotencyKey), upload])

/** Takes an upload off the list: it has ended. */
export const forget = (idempotencyKey: string) => write((all) => all.filter((upload) => upload.idempotencyKey !== idempotencyKey))

/** Whether a file is the one that an upload began with, as far as a browser tells. */
export const isSameFile = (upload: Unfinished, file: File) =>
  file.name === upload.name && file.size === upload.size && file.lastModified === upload.lastModified

/** Cancels an upload, which frees what it reserved. Its key finds it: the same call is answered with the same upload. */
export async function discard(client: Client, { idempotencyKey, input, size }: Unfinished): Promise<void> {
  const again = { ...input, contentType: input.contentType!, maxBytes: String(size), mode: 'RESUMABLE' as const, idempotencyKey }
  const { createUploadURL } = await client.request(CreateUploadURLDocument, { input: again })
  const { id: uploadId, state } = createUploadURL!.upload
  if (state === 'OPEN') await client.request(CancelUploadDocument, { input: { uploadId } })
  forget(idempotencyKey)
}
