import type { Client } from './client.js'
import { CRC32C } from './crc32c.js'
import { IntegrityError, NetworkError, networkError, StorageError } from './errors.js'
import {
  CreateDownloadURLDocument,
  type CreateDownloadURLInput,
  type ObjectVersionFieldsFragment,
} from './generated.js'
import { given } from './given.js'
import { passes, Patience } from './wait.js'

export type DownloadRequest = Pick<CreateDownloadURLInput, 'datastoreId' | 'key' | 'version' | 'expiresIn'>

export interface DownloadOptions {
  signal?: AbortSignal | undefined
  /** Hears how many bytes have come. */
  onProgress?: ((progress: { received: number; total: number }) => void) | undefined
}

export interface Download {
  /** The version whose bytes come. */
  version: ObjectVersionFieldsFragment
  /** Its bytes. The stream fails at its end if they are not those that were stored: use nothing before it has ended. */
  body: ReadableStream<Uint8Array>
}

/** Downloads an object straight from storage: a stream that goes on after a break, and checks what has come. */
export async function download(
  client: Client,
  request: DownloadRequest,
  { signal, onProgress }: DownloadOptions = {},
): Promise<Download> {
  const cancelled = new AbortController()
  const either = signal ? AbortSignal.any([signal, cancelled.signal]) : cancelled.signal
  const coming = new Coming(client, request, either)
  await coming.grant()
  const bytes = coming.bytes()
  const total = Number(coming.version.sizeBytes)

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await bytes.next()
        if (done) return controller.close()
        controller.enqueue(value)
        onProgress?.({ received: coming.received, total })
      },
      cancel: (reason) => cancelled.abort(reason),
    },
    { highWaterMark: 0 },
  )
  return { version: coming.version, body }
}

/** How long a download may wait for the next bytes, in milliseconds. */
const stallTimeout = 30_000

/** A download that is under way. */
class Coming {
  received = 0
  version!: ObjectVersionFieldsFragment
  #url: string | undefined
  #hasAnswered = false
  #generation: string | null | undefined
  readonly #sum = new CRC32C()
  readonly #patience: Patience

  constructor(
    readonly client: Client,
    readonly request: DownloadRequest,
    readonly signal: AbortSignal,
  ) {
    this.#patience = new Patience(signal)
  }

  /** Gets a URL: the first one, and later others of the same version. */
  async grant(): Promise<void> {
    const { version } = this.version ?? this.request
    const input = { ...this.request, version }
    const answer = await this.client.request(CreateDownloadURLDocument, { input }, { signal: this.signal })
    const { url, version: now } = given(answer.createDownloadURL)
    if (this.version && this.version.id !== now.id) throw this.#changed()
    this.version = now
    this.#url = url
    this.#hasAnswered = false
  }

  async *bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    const size = Number(this.version.sizeBytes)
    for (;;) {
      try {
        yield* this.#once()
        if (this.received >= size) break
        throw new NetworkError('Storage', 'it broke off')
      } catch (error) {
        await this.#mend(error)
      }
    }
    if (this.received > size || String(this.#sum) !== this.version.crc32c) throw this.#changed()
  }

  async *#once(): AsyncGenerator<Uint8Array, void, undefined> {
    if (!this.#url) await this.grant()
    const answer = await this.#get(this.#url!)
    // Whoever ignores the range begins with what is there already.
    let skip = answer.status === 200 ? this.received : 0
    const reader = answer.body?.getReader()
    for (;;) {
      const next = reader && (await this.#next(reader))
      if (!next || next.done) return

      const fresh = next.value.subarray(Math.min(skip, next.value.length))
      skip -= next.value.length - fresh.length
      if (!fresh.length) continue
      this.#patience.gotOn()
      this.#sum.update(fresh)
      this.received += fresh.length
      yield fresh
    }
  }

  /** Waits for the next bytes, and gives the answer up if none come for long. */
  async #next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stalls = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new DOMException('no bytes came', 'TimeoutError')), stallTimeout)
    })
    try {
      return await Promise.race([reader.read(), stalls])
    } catch (thrown) {
      reader.cancel().catch(() => undefined) // frees the connection
      throw networkError('Storage', thrown, this.signal)
    } finally {
      clearTimeout(timer)
    }
  }

  async #get(url: string): Promise<Response> {
    const headers: HeadersInit = this.received ? { Range: `bytes=${this.received}-` } : {}
    const answer = await (this.client.fetch ?? fetch)(url, {
      headers,
      redirect: 'manual',
      signal: this.signal,
    }).catch((thrown) => {
      throw networkError('Storage', thrown, this.signal)
    })
    if (answer.status !== 200 && answer.status !== 206) {
      await answer.body?.cancel()
      throw new StorageError(answer.status, 'did not give the file')
    }

    this.#hasAnswered = true
    const generation = answer.headers.get('x-goog-generation')
    if (this.#generation !== undefined && this.#generation !== generation) throw this.#changed()
    this.#generation = generation
    return answer
  }

  /** Waits if it may go on, and forgets a URL that worked and has expired. */
  async #mend(error: unknown): Promise<void> {
    const hasExpired = error instanceof StorageError && [400, 401, 403].includes(error.status) && this.#hasAnswered
    if (hasExpired) this.#url = undefined
    else if (!passes(error)) throw error
    await this.#patience.after(error)
  }

  #changed(): IntegrityError {
    return new IntegrityError('What came is not what is stored: download it again.', this.version.id)
  }
}
