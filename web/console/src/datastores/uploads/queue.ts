import { type Client, isCode, upload, type UploadRejection, UploadRefusedError } from '@provenanceone/data-api'
import { type Problem, problemOf } from '../../app/problem'
import { createStore } from '../../../../shared/store'
import { discard, forget, remember, type Unfinished, unfinished, type UploadInput } from './unfinished'

/** What happens to a file whose key has an object already. */
export type Existing = 'replace' | 'rename' | 'skip'

/** A file of the queue, as pages show it. */
export interface UploadItem {
  id: string
  key: string
  size: number
  sent: number
  /** `exists` waits for an answer to what happens to the object that is there. */
  state: 'waiting' | 'sending' | 'exists' | 'done' | 'skipped' | 'cancelled' | 'failed'
  problem?: Problem | undefined
}

/** Files that were chosen together: what happens to existing keys is asked once for all of them. */
interface Batch {
  existing?: Existing
}

interface Work extends UploadItem {
  file: File
  batch: Batch
  input: UploadInput
  idempotencyKey: string
  stop: AbortController
  renames: number
}

const atOnce = 4
/** A file that is larger goes up in parts, and can go on after a reload. */
const wholeBytes = 8 << 20

/** Moves files from this browser to storage, some at a time. It belongs to a workspace, not to a page. */
export class UploadQueue {
  readonly items = createStore<readonly UploadItem[]>([])
  #works: Work[] = []
  #publishing: ReturnType<typeof setTimeout> | undefined
  #telling: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly client: Client,
    /** Hears, some of them together, that files have become objects. */
    readonly onStored: () => void,
  ) {}

  /** Adds files. Each is to be new at its key; those that are not wait for `answer`. */
  add(datastoreId: string, files: readonly { key: string; file: File }[]): void {
    const batch: Batch = {}
    for (const { key, file } of files) {
      this.#push(file, batch, crypto.randomUUID(), {
        datastoreId,
        key: key.normalize('NFC'),
        contentType: file.type || 'application/octet-stream',
        ifVersion: 0,
      })
    }
  }

  /** Whether an upload is in the queue, and has not ended. */
  has(idempotencyKey: string): boolean {
    return this.#works.some((work) => work.idempotencyKey === idempotencyKey && isOpen(work))
  }

  /** Goes on with an upload that a reload had ended. */
  goOn({ idempotencyKey, input }: Unfinished, file: File): void {
    this.#push(file, {}, idempotencyKey, input)
  }

  #push(file: File, batch: Batch, idempotencyKey: string, input: UploadInput) {
    const { key } = input
    const stop = new AbortController()
    const id = crypto.randomUUID()
    this.#works.push({ id, key, size: file.size, sent: 0, state: 'waiting', file, batch, input, idempotencyKey, stop, renames: 0 })
    this.#pump()
  }

  /** Says what happens to the files that wait, and to others of their batch that will be found to exist. */
  answer(existing: Existing): void {
    const batch = this.#works.find(({ state }) => state === 'exists')?.batch
    if (!batch) return
    batch.existing = existing
    for (const work of this.#works) if (work.state === 'exists' && work.batch === batch) this.#meet(work)
    this.#pump()
  }

  cancel(id: string): void {
    for (const work of this.#works) if (work.id === id) this.#cancel(work)
    this.#pump()
  }

  cancelAll(): void {
    this.#works.forEach((work) => this.#cancel(work))
    this.#pump()
  }

  #cancel(work: Work) {
    if (work.state === 'sending') work.stop.abort(new DOMException('cancelled', 'AbortError'))
    else if (isOpen(work)) {
      const left = unfinished.get().find(({ idempotencyKey }) => idempotencyKey === work.idempotencyKey)
      if (left) void discard(this.client, left).catch(() => undefined) // the page goes on offering it
      work.state = 'cancelled'
    }
  }

  /** Tries again what has failed: one file, or all. */
  retry(id?: string): void {
    for (const work of this.#works) {
      if (work.state !== 'failed' || (id !== undefined && work.id !== id)) continue
      work.state = 'waiting'
      work.problem = undefined
    }
    this.#pump()
  }

  /** Takes what has ended off the list. */
  clear(): void {
    this.#works = this.#works.filter(isOpen)
    this.#pump()
  }

  #pump() {
    let room = atOnce - this.#works.filter(({ state }) => state === 'sending').length
    for (const work of this.#works) {
      if (room <= 0) break
      if (work.state !== 'waiting') continue
      room--
      void this.#send(work).finally(() => this.#pump())
    }
    this.#publish()
  }

  async #send(work: Work, isRenewed = false): Promise<void> {
    const { file, input, idempotencyKey } = work
    const mode = file.size > wholeBytes ? 'RESUMABLE' : 'SINGLE'
    const { name, size, lastModified } = file
    work.state = 'sending'
    work.stop = new AbortController()
    if (mode === 'RESUMABLE') remember({ idempotencyKey, input, name, size, lastModified })
    const onProgress = ({ sent }: { sent: number }) => {
      work.sent = sent
      this.#publish()
    }
    try {
      await upload(this.client, { ...input, file }, { mode, idempotencyKey, signal: work.stop.signal, onProgress })
      work.sent = size
      this.#end(work, 'done')
      this.#telling ??= setTimeout(() => {
        this.#telling = undefined
        this.onStored()
      }, 500)
    } catch (error) {
      if (work.stop.signal.aborted) return this.#end(work, 'cancelled')
      if (isThere(error)) return this.#meet(work)
      if (hasLapsed(error) && !isRenewed) {
        renew(work, input)
        return this.#send(work, true)
      }
      if (error instanceof UploadRefusedError) renew(work, input)
      work.state = 'failed'
      work.problem = sentence(error)
    }
  }

  #end(work: Work, state: UploadItem['state']) {
    forget(work.idempotencyKey)
    work.state = state
  }

  /** Does with a file whose key has an object what was answered; else it waits for that. */
  #meet(work: Work) {
    const { existing } = work.batch
    forget(work.idempotencyKey)
    work.sent = 0
    if (existing === 'skip') work.state = 'skipped'
    else if (existing === undefined) work.state = 'exists'
    else {
      const { ifVersion: _, ...input } = work.input
      work.renames++
      renew(work, existing === 'replace' ? input : { ...input, key: renamed(work.key, work.renames), ifVersion: 0 })
      work.state = 'waiting'
    }
  }

  #publish() {
    this.#publishing ??= setTimeout(() => {
      this.#publishing = undefined
      this.items.set(this.#works.map(({ id, input, size, sent, state, problem }) => ({ id, key: input.key, size, sent, state, problem })))
    }, 100)
  }
}

/** Whether something of a file is still to be done. */
export const isOpen = ({ state }: Pick<UploadItem, 'state'>) => ['waiting', 'sending', 'exists', 'failed'].includes(state)

function renew(work: Work, input: UploadInput) {
  forget(work.idempotencyKey)
  work.idempotencyKey = crypto.randomUUID()
  work.input = input
}

/** The key of the nth copy beside a file, for example `reports/a (2).csv`. */
export function renamed(key: string, nth: number): string {
  const [, stem, extension] = /^(.*?[^/])(\.[^./]*)?$/s.exec(key) ?? ['', key, '']
  return `${stem} (${nth + 1})${extension ?? ''}`
}

/** The key has an object, either when the upload began or when it ended. */
const isThere = (error: unknown) =>
  (isCode(error, 'CONFLICT') && error.extensions.currentVersion !== undefined) ||
  (error instanceof UploadRefusedError && error.rejection === 'PRECONDITION')

/** Nothing can go on with the upload: another one begins. */
const hasLapsed = (error: unknown) => error instanceof UploadRefusedError && ['CANCELLED', 'EXPIRED'].includes(error.state)

const rejections: Record<UploadRejection, string> = {
  TOO_LARGE: 'The file is larger than the datastore takes.',
  CONTENT_TYPE: 'The datastore does not take files of this type.',
  CHECKSUM: 'The bytes that arrived are not those of the file. Try again.',
  PRECONDITION: 'Somebody else has written this file meanwhile.',
  SUPERSEDED: 'Somebody else has written or deleted this file meanwhile.',
  REVOKED: 'You may not write to this datastore any more.',
}

function sentence(error: unknown): Problem {
  if (error instanceof UploadRefusedError && error.rejection) return { code: 'FAILED', message: rejections[error.rejection] }
  return problemOf(error)
}
