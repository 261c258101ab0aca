import { isCode, NetworkError, ProxyError, StorageError } from './errors.js'

/** How often in a row something may fail, without getting any further, before it is given up. */
const attempts = 8

/** Waits between attempts, each time longer, and gives up after some. Whatever gets on begins anew. */
export class Patience {
  #failures = 0

  constructor(readonly signal: AbortSignal | undefined) {}

  gotOn(): void {
    this.#failures = 0
  }

  /** Waits 0.1 s, then twice that, up to 10 s; throws the error if it is one too many. */
  async after(error: unknown): Promise<void> {
    this.signal?.throwIfAborted()
    if (++this.#failures >= attempts) throw error
    const wait = Math.min(100 * 2 ** (this.#failures - 1), 10_000) * (0.5 + Math.random() / 2)
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        clearTimeout(timer)
        reject(this.signal?.reason)
      }
      const timer = setTimeout(() => {
        this.signal?.removeEventListener('abort', abort)
        resolve()
      }, wait)
      this.signal?.addEventListener('abort', abort, { once: true })
    })
  }
}

/** Reports whether what failed so may succeed when it is sent again. */
export function passes(error: unknown): boolean {
  if (error instanceof StorageError || error instanceof ProxyError) {
    return error.status === 408 || error.status === 429 || error.status >= 500
  }
  return error instanceof NetworkError || isCode(error, 'UNAVAILABLE')
}
