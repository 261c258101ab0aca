import type { Client } from './client.js'
import { IntegrityError, StorageError, UploadRefusedError } from './errors.js'
import {
  CancelUploadDocument,
  CompleteUploadDocument,
  type CreateUploadURLInput,
  type CreateUploadURLMutation,
  CreateUploadURLDocument,
  type ObjectVersionFieldsFragment,
  type UploadMode,
} from './generated.js'
import { given } from './given.js'
import { send } from './send.js'
import { sendParts } from './session.js'
import { BlobSource, type Source, StreamSource } from './source.js'
import { passes, Patience } from './wait.js'

/** A file, and where it goes. */
export type UploadRequest = Omit<
  CreateUploadURLInput,
  'contentType' | 'contentTypeOnly' | 'idempotencyKey' | 'maxBytes' | 'mode'
> & {
  /** That of the file by default, or `application/octet-stream`. */
  contentType?: string | undefined
} & ({ file: Blob } | { file: ReadableStream<Uint8Array>; size: number })

export interface UploadOptions {
  /** One PUT, or parts of 8 MiB, from which an upload can resume. By default a Blob of up to 8 MiB is one PUT. */
  mode?: UploadMode | undefined
  /**
   * Names this upload of a Blob, so that the same call, with the same key and request, goes on with it: after a failure,
   * or in another process. An upload with a key stays open when it fails in a way that may pass, and is cancelled when
   * it is aborted. The server remembers a key for 24 hours.
   */
  idempotencyKey?: string | undefined
  signal?: AbortSignal | undefined
  /** Hears how many bytes are sent: while they are in browsers, elsewhere after each part. */
  onProgress?: ((progress: { sent: number; total: number }) => void) | undefined
}

export interface Uploaded {
  uploadId: string
  /** The version that it became; null if that is gone by now. */
  version: ObjectVersionFieldsFragment | null
}

type Grant = NonNullable<CreateUploadURLMutation['createUploadURL']>

/** The most bytes that go in one PUT if nobody says otherwise. */
const wholeBytes = 8 << 20

/**
 * Uploads a file straight to storage, settles, and compares the checksum of what was sent with that of what is stored.
 * An upload that fails or is aborted while its bytes go is cancelled, which frees what it reserved of the quota, unless
 * `idempotencyKey` lets another call go on with it; one that has gone up and is not settled is settled or ended by the
 * server.
 */
export async function upload(client: Client, request: UploadRequest, options: UploadOptions = {}): Promise<Uploaded> {
  const { file, size: _, ...where } = { size: 0, ...request }
  const source = file instanceof Blob ? new BlobSource(file, options.signal) : new StreamSource(file, sizeOf(request), options.signal)
  const mode = options.mode ?? (source instanceof BlobSource && source.size <= wholeBytes ? 'SINGLE' : 'RESUMABLE')
  const input: CreateUploadURLInput = {
    ...where,
    contentType: request.contentType || (file instanceof Blob && file.type) || 'application/octet-stream',
    maxBytes: String(Math.max(source.size, 1)),
    mode,
    ...(options.idempotencyKey !== undefined && { idempotencyKey: options.idempotencyKey }),
  }

  try {
    if (options.idempotencyKey !== undefined && !(source instanceof BlobSource)) {
      throw new TypeError('idempotencyKey: a stream can be read once, from its beginning; only a Blob can go on')
    }
    const begun = await client.request(CreateUploadURLDocument, { input }, { signal: options.signal })
    const grant = given(begun.createUploadURL)
    if (grant.upload.state === 'OPEN') await sendOrCancel(client, grant, source, mode, options)
    // What an upload had sent before, this call has not read.
    if (source instanceof BlobSource) await source.readAll()
    return await settle(client, grant.upload.id, source, options.signal)
  } finally {
    await source.close()
  }
}

function sizeOf(request: UploadRequest): number {
  const size = 'size' in request ? request.size : undefined
  if (!Number.isSafeInteger(size) || size! < 0) throw new TypeError('size: a stream needs the number of its bytes')
  return size!
}

async function sendOrCancel(client: Client, grant: Grant, source: Source, mode: UploadMode, options: UploadOptions) {
  const { signal } = options
  const onProgress = (sent: number) => options.onProgress?.({ sent, total: source.size })
  try {
    if (mode === 'RESUMABLE') {
      const hasBegun = options.idempotencyKey !== undefined
      await sendParts({ url: given(grant.url), fetch: client.fetch, signal, hasBegun, onProgress }, source)
    } else if (source instanceof BlobSource) {
      await Promise.all([sendWhole(client, grant, source, options, onProgress), source.readAll()])
    } else {
      throw new TypeError('mode: a stream goes up in parts, RESUMABLE; only a Blob can go in one PUT')
    }
    onProgress(source.size)
  } catch (error) {
    if (options.idempotencyKey !== undefined && !signal?.aborted && passes(error)) throw error
    // The server ends it by itself as well, later: whatever the answer is, the error to tell of is the first.
    await client.request(CancelUploadDocument, { input: { uploadId: grant.upload.id } }).catch(() => undefined)
    throw signal?.aborted ? signal.reason : error
  }
}

/** Sends a file in one PUT, and again after a break. */
async function sendWhole(
  { fetch }: Client,
  grant: Grant,
  { blob }: BlobSource,
  { signal, idempotencyKey }: UploadOptions,
  onProgress: (sent: number) => void,
): Promise<void> {
  const headers = Object.fromEntries(grant.headers.map(({ name, value }) => [name, value]))
  const patience = new Patience(signal)
  for (let isFirst = idempotencyKey === undefined; ; isFirst = false) {
    try {
      const { status } = await send(fetch, { url: given(grant.url), headers, body: blob, signal, onProgress })
      // 412: the bytes of an attempt before are there, whose answer was lost.
      if (status === 200 || (status === 412 && !isFirst)) return
      throw new StorageError(status, 'did not take the file')
    } catch (error) {
      if (!passes(error)) throw error
      await patience.after(error)
    }
  }
}

async function settle(
  client: Client,
  uploadId: string,
  source: Source,
  signal: AbortSignal | undefined,
): Promise<Uploaded> {
  const { state, rejection, version } = await complete(client, uploadId, signal)
  if (state !== 'COMPLETED') throw new UploadRefusedError(uploadId, state, rejection)
  if (version && (version.crc32c !== String(source.sum) || version.sizeBytes !== String(source.size))) {
    throw new IntegrityError('What is stored is not what was sent: upload it again.', version.id)
  }
  return { uploadId, version }
}

/** Settles an upload, which may be repeated. */
async function complete(client: Client, uploadId: string, signal: AbortSignal | undefined) {
  const patience = new Patience(signal)
  for (;;) {
    try {
      const settled = await client.request(CompleteUploadDocument, { input: { uploadId } }, { signal })
      return given(settled.completeUpload).upload
    } catch (error) {
      if (!passes(error)) throw error
      await patience.after(error)
    }
  }
}
