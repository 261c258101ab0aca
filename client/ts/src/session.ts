import { StorageError } from './errors.js'
import { hasXHR, type Sending, send, type Sent } from './send.js'
import type { Source } from './source.js'
import { passes, Patience } from './wait.js'

/** Where the parts of an upload go. */
export interface Session {
  url: string
  fetch: typeof fetch | undefined
  signal: AbortSignal | undefined
  /** Whether parts may be there already: then storage is asked how far it is before anything is sent. */
  hasBegun: boolean
  onProgress: (sent: number) => void
}

/**
 * Sends a file in parts. After a break, or an answer that says nothing, it asks storage how far it is, and goes on from
 * there.
 *
 * Source: Google Cloud Storage, "Perform resumable uploads".
 */
export async function sendParts(session: Session, source: Source): Promise<void> {
  const patience = new Patience(session.signal)
  let reached = 0
  for (let offset: number | undefined = session.hasBegun ? undefined : 0; ; ) {
    try {
      const answer: Sent = offset === undefined ? await ask(session, source.size) : await part(session, source, offset)
      const has = received(answer)
      if (has === undefined) return

      if (has > reached) {
        patience.gotOn()
        session.onProgress(has)
      } else if (offset !== undefined) {
        await patience.after(new StorageError(answer.status, 'took no more of the file'))
      }
      reached = Math.max(reached, has)
      offset = has
    } catch (error) {
      if (!passes(error)) throw error
      await patience.after(error)
      offset = undefined
    }
  }
}

async function part(session: Session, source: Source, offset: number): Promise<Sent> {
  const bytes = await source.read(offset)
  const range = bytes.length ? `${offset}-${offset + bytes.length - 1}` : '*'
  return put(session, `bytes ${range}/${source.size}`, bytes, (sent) => session.onProgress(offset + sent))
}

/** Asks how far the session is. */
function ask(session: Session, size: number): Promise<Sent> {
  return put(session, `bytes */${size}`, new Uint8Array(0), () => {})
}

function put(session: Session, range: string, body: Uint8Array<ArrayBuffer>, onProgress: Sending['onProgress']) {
  // The answer to a part is a 308 without a Location. This header asks for a 200 in its place, and a page may not send
  // it; there XMLHttpRequest shows the 308.
  const more = hasXHR ? {} : { 'X-GUploader-No-308': 'yes' }
  const headers = { 'Content-Range': range, ...more }
  return send(session.fetch, { url: session.url, headers, body, signal: session.signal, onProgress })
}

/** How many bytes storage has, by its `Range`; it says none while it has none. Undefined once it has the whole file. */
function received(answer: Sent): number | undefined {
  const last = /^bytes=0-(\d+)$/.exec(answer.header('Range') ?? '')?.[1]
  if (answer.status === 308 || answer.header('X-HTTP-Status-Code-Override') === '308' || last !== undefined) {
    return last === undefined ? 0 : Number(last) + 1
  }
  if (answer.status !== 200 && answer.status !== 201) throw new StorageError(answer.status, 'did not take the file')
  return undefined
}
