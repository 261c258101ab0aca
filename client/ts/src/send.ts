import { networkError } from './errors.js'

/** A request that carries bytes to storage. */
export interface Sending {
  url: string
  headers: Record<string, string>
  body: Blob | Uint8Array<ArrayBuffer>
  signal: AbortSignal | undefined
  /** Hears how many bytes of this body are sent; only where there is an XMLHttpRequest. */
  onProgress: (sent: number) => void
}

/** What storage answered: a status, and those headers that a page may read. */
export interface Sent {
  status: number
  header(name: string): string | null
}

/** Whether this is a browser, which tells by XMLHttpRequest alone how far an upload is, and what a 308 says. */
export const hasXHR = typeof XMLHttpRequest !== 'undefined'

/** Sends bytes by PUT. No credential goes along: the URL is one. */
export function send(own: typeof fetch | undefined, sending: Sending): Promise<Sent> {
  return hasXHR ? sendByXHR(sending) : sendByFetch(own ?? fetch, sending)
}

async function sendByFetch(own: typeof fetch, { url, headers, body, signal }: Sending): Promise<Sent> {
  try {
    const answer = await own(url, { method: 'PUT', headers, body, redirect: 'manual', signal: signal ?? null })
    await answer.arrayBuffer() // frees the connection
    return { status: answer.status, header: (name) => answer.headers.get(name) }
  } catch (thrown) {
    throw networkError('Storage', thrown, signal)
  }
}

function sendByXHR({ url, headers, body, signal, onProgress }: Sending): Promise<Sent> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    const broken = () => reject(networkError('Storage', undefined, signal))

    request.open('PUT', url)
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => onProgress(event.loaded)
    request.onload = () =>
      resolve({ status: request.status, header: (name) => exposed(request, name) })
    request.onerror = request.onabort = request.ontimeout = broken
    request.onloadend = () => signal?.removeEventListener('abort', abort)
    signal?.addEventListener('abort', abort)
    request.send(body)
  })
}

/** A header of the answer. A browser writes to its console when a page asks for one that it hides. */
function exposed(request: XMLHttpRequest, name: string): string | null {
  const all = request.getAllResponseHeaders().toLowerCase().split('\r\n')
  const line = all.find((header) => header.startsWith(`${name.toLowerCase()}:`))
  return line ? line.slice(name.length + 1).trim() : null
}
